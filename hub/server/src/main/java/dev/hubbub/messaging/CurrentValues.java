package dev.hubbub.messaging;

import dev.hubbub.protocol.EventFrame;
import dev.hubbub.replay.LogPolicy;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One event loop's copy of the newest event of each key of a {@code latest} address, oldest first.
 *
 * <p>Bounded like the owner's own, by {@code keep.events} and {@code keep.bytes}; what was replaced longest ago goes
 * first. Pure; confined to its loop.
 */
final class CurrentValues {
    private final Map<String, EventFrame> values = new LinkedHashMap<>();
    private long bytes;

    /** Puts an event in the place of the older one of its key. */
    void put(EventFrame event, LogPolicy policy) {
        String key = event.content().conflationKey();
        EventFrame replaced = values.remove(key); // put alone would keep the old one's place in the order
        if (replaced != null) {
            bytes -= bytesOf(replaced);
        }
        values.put(key, event);
        bytes += bytesOf(event);
        Iterator<EventFrame> oldest = values.values().iterator();
        while (oldest.hasNext() && (values.size() > policy.maxEvents() || bytes > policy.maxBytes())) {
            bytes -= bytesOf(oldest.next());
            oldest.remove();
        }
    }

    /** Returns about how much memory the values take, in bytes: each is held as frame and as JSON. */
    long heldBytes() {
        return 2 * bytes + Tail.EVENT_OVERHEAD * values.size();
    }

    private static long bytesOf(EventFrame event) {
        return event.content().json().length();
    }

    void clear() {
        values.clear();
        bytes = 0;
    }

    Iterable<EventFrame> oldestFirst() {
        return values.values();
    }
}
