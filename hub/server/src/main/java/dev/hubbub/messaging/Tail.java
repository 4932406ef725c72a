package dev.hubbub.messaging;

import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The newest events of one address, as one event loop has seen them, so that most resumes ask nobody.
 *
 * <p>Holds at most {@value #MAX_EVENTS} events and {@value #MAX_BYTES} bytes of frames; the oldest go first. Pure;
 * confined to its loop.
 */
final class Tail {
    static final int MAX_EVENTS = 256;
    static final long MAX_BYTES = 256 * 1024;
    /** What an event takes beside its bytes. */
    static final long EVENT_OVERHEAD = 512;

    private final ArrayDeque<EventFrame> events = new ArrayDeque<>();
    private Position before;
    private long bytes;

    /** Creates an empty tail that starts after {@code head}. */
    Tail(Position head) {
        this.before = head;
    }

    /** Adds the event that follows the last one. */
    void add(EventFrame event) {
        events.addLast(event);
        bytes += event.text().length();
        while (events.size() > MAX_EVENTS || (bytes > MAX_BYTES && events.size() > 1)) {
            EventFrame oldest = events.removeFirst();
            bytes -= oldest.text().length();
            before = oldest.position().orElseThrow();
        }
    }

    /**
     * Takes what was read from the log in front of what it holds, as far as there is room and it joins without a hole.
     *
     * @param from the place that was read from
     * @param read what came after it, in order
     */
    void addBefore(Position from, List<EventFrame> read) {
        int last = read.size() - 1;
        while (last >= 0 && !placeOf(read.get(last)).equals(before)) {
            last--;
        }
        for (int i = last; i >= 0; i--) {
            EventFrame event = read.get(i);
            int length = event.text().length();
            if (events.size() == MAX_EVENTS || bytes + length > MAX_BYTES) {
                return;
            }
            events.addFirst(event);
            bytes += length;
            before = i == 0 ? from : placeOf(read.get(i - 1));
        }
    }

    /** Drops every event; returns how many bytes of memory they took. */
    long forget() {
        long dropped = heldBytes();
        if (!events.isEmpty()) {
            before = placeOf(events.getLast());
            events.clear();
            bytes = 0;
        }
        return dropped;
    }

    /** Returns about how much memory the events take, in bytes: each is held as frame and as JSON. */
    long heldBytes() {
        return 2 * bytes + EVENT_OVERHEAD * events.size();
    }

    private static Position placeOf(EventFrame event) {
        return event.position().orElseThrow();
    }

    /**
     * Returns what came after a position; empty when the tail cannot tell, and then the log has to be asked.
     *
     * <p>The position has to be one that the tail holds, term and all: an equal offset of another term is another
     * event.
     */
    Optional<List<EventFrame>> after(Position position, int limit) {
        long skip = position.offset() - before.offset();
        if (skip < 0 || skip > events.size() || !position.epoch().equals(before.epoch())) {
            return Optional.empty();
        }
        Iterator<EventFrame> iterator = events.iterator();
        Position reached = before;
        for (long i = 0; i < skip; i++) {
            reached = placeOf(iterator.next());
        }
        if (!reached.equals(position)) {
            return Optional.empty();
        }
        List<EventFrame> found = new ArrayList<>();
        while (iterator.hasNext() && found.size() < limit) {
            found.add(iterator.next());
        }
        return Optional.of(found);
    }
}
