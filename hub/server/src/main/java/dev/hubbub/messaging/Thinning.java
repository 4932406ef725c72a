package dev.hubbub.messaging;

import dev.hubbub.protocol.EventFrame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lets at most one event of each key through per period; the newest always arrives.
 *
 * <p>The first event after a pause goes at once; those that follow wait for the end of the period, newer ones replacing
 * older ones of the same key. What leaves together is in the order in which it came. Without a period everything goes
 * at once. One thinning serves all subscribers of a loop, so that its bytes are built once. Confined to its loop.
 */
final class Thinning {
    private final Feed feed;
    private final Consumer<List<EventFrame>> out;
    private final Map<String, EventFrame> pending = new LinkedHashMap<>();
    private boolean waiting;

    Thinning(Feed feed, Consumer<List<EventFrame>> out) {
        this.feed = feed;
        this.out = out;
    }

    /** Takes events; they leave now or at the end of the period. */
    void add(List<EventFrame> events) {
        boolean atOnce = feed.everyMillis() == 0; // a reload may have changed it, with events still held back
        if (atOnce && pending.isEmpty()) {
            out.accept(events);
            return;
        }
        for (EventFrame event : events) {
            String key = event.content().conflationKey();
            pending.remove(key); // put alone would keep the old one's place, and offsets would no longer rise
            pending.put(key, event);
        }
        if (atOnce || !waiting) {
            flush();
        }
    }

    /** Tells whether a newer event of the key has not left yet. */
    boolean holds(String key) {
        return pending.containsKey(key);
    }

    /** Returns the oldest event that has not left yet. */
    Optional<EventFrame> oldest() {
        return pending.values().stream().findFirst();
    }

    /** Forgets what has not left yet. */
    void clear() {
        pending.clear();
    }

    private void flush() {
        List<EventFrame> events = new ArrayList<>(pending.values());
        pending.clear();
        long millis = feed.everyMillis();
        waiting = !events.isEmpty() && millis > 0;
        if (waiting) {
            feed.after(millis, this::flush);
        }
        if (!events.isEmpty()) {
            out.accept(events);
        }
    }
}
