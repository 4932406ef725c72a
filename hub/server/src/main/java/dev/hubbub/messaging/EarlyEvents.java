package dev.hubbub.messaging;

import dev.hubbub.protocol.EventFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * Events that came before their feed was attached; they wait for it, so that none falls between.
 *
 * <p>At most {@value #MOST} events and {@value #MOST_BYTES} bytes; when it is more, all are let go, and the feed has to
 * attach once more. Confined to its loop.
 */
final class EarlyEvents {
    static final int MOST = 1_000;
    static final long MOST_BYTES = 1024 * 1024;

    private final List<EventFrame> events = new ArrayList<>();
    private long bytes;
    private boolean lost;

    void add(List<EventFrame> more) {
        events.addAll(more);
        for (EventFrame event : more) {
            bytes += event.text().length();
        }
        if (events.size() > MOST || bytes > MOST_BYTES) {
            lost = true;
            events.clear();
            bytes = 0;
        }
    }

    /** Takes out what waits, in the order in which it came. */
    List<EventFrame> take() {
        List<EventFrame> taken = List.copyOf(events);
        events.clear();
        bytes = 0;
        return taken;
    }

    /** Tells once whether some were let go. */
    boolean wereLost() {
        boolean were = lost;
        lost = false;
        return were;
    }
}
