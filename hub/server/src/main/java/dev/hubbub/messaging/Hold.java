package dev.hubbub.messaging;

import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Events that came ahead of their turn, and wait for the ones before them.
 *
 * <p>All of one epoch and term. At most {@value #MAX_EVENTS} events and {@value #MAX_BYTES} bytes for at most
 * {@value #MILLIS} ms; then the log fills the hole. Pure; confined to its loop.
 */
final class Hold {
    static final long MILLIS = 200;
    static final int MAX_EVENTS = 256;
    static final long MAX_BYTES = 1024 * 1024;

    private final TreeMap<Long, EventFrame> events = new TreeMap<>();
    private long bytes;

    void add(EventFrame event) {
        EventFrame known = events.put(event.position().orElseThrow().offset(), event);
        bytes += event.text().length() - (known == null ? 0 : known.text().length());
    }

    /** Takes out the events that follow {@code head} without a hole. */
    List<EventFrame> takeFollowing(Position head) {
        List<EventFrame> following = new ArrayList<>();
        EventFrame next = events.remove(head.offset() + 1);
        while (next != null) {
            following.add(next);
            bytes -= next.text().length();
            next = events.remove(head.offset() + 1 + following.size());
        }
        return following;
    }

    /** Drops what is at or below {@code head}, and everything if it is of another history. */
    void dropUpTo(Position head) {
        if (!events.isEmpty()
                && !events.firstEntry().getValue().position().orElseThrow().isSameHistory(head)) {
            clear();
        }
        Map<Long, EventFrame> passed = events.headMap(head.offset(), true);
        passed.values().forEach(event -> bytes -= event.text().length());
        passed.clear();
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    boolean isOverfull() {
        return events.size() > MAX_EVENTS || bytes > MAX_BYTES;
    }

    void clear() {
        events.clear();
        bytes = 0;
    }
}
