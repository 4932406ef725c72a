package dev.hubbub.replay;

import dev.hubbub.bus.WireReader;
import dev.hubbub.bus.WireWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last version of each resource of one address.
 *
 * <p>Every resource with a retained event is remembered, and at most {@value #EXTRA} more, the longest untouched of
 * which are forgotten first; a forgotten resource takes any version. Not thread-safe; belongs to its log.
 */
final class ResourceVersions {
    static final int EXTRA = 10_000;
    static final long NONE = -1;

    private static final int RESOURCE_OVERHEAD_BYTES = 128;

    private final LinkedHashMap<String, Last> lasts = new LinkedHashMap<>();
    private long bytes;

    /** Returns the resource's last version, or {@link #NONE}. */
    long last(String resource) {
        Last last = lasts.get(resource);
        return last == null ? NONE : last.version();
    }

    /** Remembers the version that the event at {@code offset} brought, unless a later one is known. */
    void put(String resource, long version, long offset) {
        Last known = lasts.get(resource);
        if (known != null && known.offset() >= offset) {
            return;
        }
        // Taken out first, so that the map's order is the order of the last change.
        if (lasts.remove(resource) == null) {
            bytes += cost(resource);
        }
        lasts.put(resource, new Last(version, offset));
    }

    /** Forgets the versions that events above an offset brought, which are other events than this copy believes. */
    void forgetAbove(long offset) {
        lasts.entrySet().removeIf(entry -> {
            boolean above = entry.getValue().offset() > offset;
            bytes -= above ? cost(entry.getKey()) : 0;
            return above;
        });
    }

    /** Forgets resources without retained events beyond the bound. */
    void forget(long oldestRetained, int retained) {
        int bound = retained > Integer.MAX_VALUE - EXTRA ? Integer.MAX_VALUE : retained + EXTRA;
        if (lasts.size() > bound) {
            shed(oldestRetained, lasts.size() - bound);
        }
    }

    /** Forgets the longest untouched resources without retained events. */
    void shed(long oldestRetained, int atMost) {
        Shedding.shed(lasts, Last::offset, oldestRetained, atMost, key -> bytes -= cost(key));
    }

    int size() {
        return lasts.size();
    }

    /** Returns about how much memory it takes. */
    long bytes() {
        return bytes;
    }

    private static long cost(String resource) {
        return (long) RESOURCE_OVERHEAD_BYTES + resource.length();
    }

    void write(WireWriter out) {
        out.list(lasts.entrySet(), (to, entry) -> {
            to.text(entry.getKey());
            to.number(entry.getValue().version());
            to.number(entry.getValue().offset());
        });
    }

    void read(WireReader in) {
        in.list(from -> Map.entry(from.text(), new Last(from.number(), from.number())))
                .forEach(entry -> put(
                        entry.getKey(),
                        entry.getValue().version(),
                        entry.getValue().offset()));
    }

    private record Last(long version, long offset) {}
}
