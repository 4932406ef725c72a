package dev.hubbub.replay;

import dev.hubbub.protocol.EventFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much this node has sent to each other node and the network has not taken yet.
 *
 * <p>A node that stands still, or whose line is thin, would otherwise fill the memory of the owners. Beyond
 * {@value #MOST_BYTES} bytes events are not sent to it any more: the hole in the numbering makes it read the log when
 * it goes on. Pure; confined to the owner's event loop.
 */
final class Outbound {
    static final long MOST_BYTES = 32L * 1024 * 1024;
    private static final int EVENT_OVERHEAD = 64;

    private final Map<String, Long> underWay = new HashMap<>();

    /** Returns about how much a batch is on the wire, in bytes; 0 for a beat. */
    static long bytesOf(List<Delivery> deliveries) {
        long bytes = 0;
        for (Delivery delivery : deliveries) {
            for (EventFrame event : delivery.events()) {
                bytes += event.content().json().length() + EVENT_OVERHEAD;
            }
        }
        return bytes;
    }

    /** Counts a batch as under way, unless it would be too much; a beat always passes, and one batch if nothing is. */
    boolean take(String node, long bytes) {
        long now = underWay.getOrDefault(node, 0L);
        if (bytes > 0 && now > 0 && now + bytes > MOST_BYTES) {
            return false;
        }
        if (bytes > 0) {
            underWay.put(node, now + bytes);
        }
        return true;
    }

    /** Counts a batch out: it has left, or was given up. */
    void left(String node, long bytes) {
        underWay.computeIfPresent(node, (n, now) -> now > bytes ? now - bytes : null);
    }
}
