package dev.hubbub.messaging;

import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Events that came ahead of their turn, and wait for the ones before them.
 *
 * <p>All of one epoch and term. At most {@value #MAX_EVENTS} events for at most {@value #MILLIS} ms; then the log fills
 * the hole. Pure; confined to its loop.
 */
final class Hold {
    static final long MILLIS = 200;
    static final int MAX_EVENTS = 256;

    private final TreeMap<Long, EventFrame> events = new TreeMap<>();

    void add(EventFrame event) {
        events.put(event.position().orElseThrow().offset(), event);
    }

    /** Takes out the events that follow {@code head} without a hole. */
    List<EventFrame> takeFollowing(Position head) {
        List<EventFrame> following = new ArrayList<>();
        EventFrame next = events.remove(head.offset() + 1);
        while (next != null) {
            following.add(next);
            next = events.remove(head.offset() + 1 + following.size());
        }
        return following;
    }

    /** Drops what is at or below {@code head}, and everything if it is of another history. */
    void dropUpTo(Position head) {
        if (!events.isEmpty()
                && !events.firstEntry().getValue().position().orElseThrow().isSameHistory(head)) {
            events.clear();
        }
        events.headMap(head.offset(), true).clear();
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    boolean isOverfull() {
        return events.size() > MAX_EVENTS;
    }

    void clear() {
        events.clear();
    }
}
