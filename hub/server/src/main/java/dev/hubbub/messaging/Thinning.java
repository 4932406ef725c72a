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
 * at once, and so does what is more than {@value #MOST_KEYS} keys or {@value #MOST_BYTES} bytes. One thinning serves
 * all subscribers of a loop, so that its bytes are built once. Confined to its loop.
 */
final class Thinning {
    static final int MOST_KEYS = 10_000;
    static final long MOST_BYTES = 1024 * 1024;

    private final Feed feed;
    private final Consumer<List<EventFrame>> out;
    private final Map<String, EventFrame> pending = new LinkedHashMap<>();
    private long pendingBytes;
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
            EventFrame older = pending.remove(key); // put alone would keep its place, and offsets would no longer rise
            if (older != null) {
                pendingBytes -= older.text().length();
                feed.ledger().conflated(older, event);
                feed.replaced();
            }
            pending.put(key, event);
            pendingBytes += event.text().length();
        }
        if (atOnce || !waiting) {
            flush();
        } else if (pending.size() > MOST_KEYS || pendingBytes > MOST_BYTES) {
            release();
        }
    }

    /** Returns how many events have not left yet. */
    int size() {
        return pending.size();
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
        pendingBytes = 0;
    }

    private void flush() {
        long millis = feed.everyMillis();
        waiting = !pending.isEmpty() && millis > 0;
        if (waiting) {
            feed.after(millis, this::flush);
        }
        release();
    }

    private void release() {
        if (!pending.isEmpty()) {
            List<EventFrame> events = new ArrayList<>(pending.values());
            clear();
            out.accept(events);
        }
    }
}
