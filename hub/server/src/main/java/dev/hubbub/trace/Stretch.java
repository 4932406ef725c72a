package dev.hubbub.trace;

import dev.hubbub.protocol.Position;
import java.util.List;
import java.util.Optional;

/**
 * Consecutive events of an address, and one subscription's lot with them.
 *
 * @param keepsAll whether every place between the ends holds an event that it concerns: true of logs
 * @param from the last place before it; empty where events have none
 * @param to the last place in it
 * @param sinceMillis when it began, in milliseconds since 1970
 * @param fromSequence the first entry of the loop's event ring that lies in it
 * @param toSequence the first one behind it
 * @param events how many events, where that is counted
 * @param ids the events themselves, where places do not tell and they are few
 */
public record Stretch(
        boolean keepsAll,
        Optional<Position> from,
        Optional<Position> to,
        long sinceMillis,
        long fromSequence,
        long toSequence,
        long events,
        List<String> ids) {

    /** The most events that are named. */
    public static final int MOST_IDS = 64;

    /** Copies the list. */
    public Stretch {
        ids = List.copyOf(ids);
    }

    /** A time and nothing else. */
    public static Stretch since(long millis) {
        return new Stretch(false, Optional.empty(), Optional.empty(), millis, 0, 0, 0, List.of());
    }

    /** Tells whether a place lies between the ends. */
    public boolean spans(Position position) {
        return from.filter(before -> before.epoch().equals(position.epoch()) && before.offset() < position.offset())
                        .isPresent()
                && to.filter(last -> last.epoch().equals(position.epoch()) && last.offset() >= position.offset())
                        .isPresent();
    }

    /** Tells whether an entry of the event ring lies in it. */
    public boolean holds(long sequence) {
        return sequence >= fromSequence && sequence < toSequence;
    }
}
