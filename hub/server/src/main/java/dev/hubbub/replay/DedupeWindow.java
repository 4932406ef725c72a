package dev.hubbub.replay;

import dev.hubbub.bus.WireReader;
import dev.hubbub.bus.WireWriter;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which keys were used for which event, so that a retry is recognised.
 *
 * <p>A key is remembered while its event is retained and for at least {@value #MIN_MILLIS} ms, the latter for at most
 * {@value #EXTRA} keys. Both bounds give way to a hard one, {@code 2 * maxEvents + EXTRA} keys, which only a
 * {@code latest} address with very old values can reach. Not thread-safe; belongs to its log.
 */
final class DedupeWindow {
    static final long MIN_MILLIS = 600_000;
    static final int EXTRA = 20_000;

    private static final int KEY_OVERHEAD_BYTES = 160;

    private final LinkedHashMap<String, First> firsts = new LinkedHashMap<>();
    private long bytes;

    @Nullable
    First find(String key) {
        return firsts.get(key);
    }

    void add(String key, First first) {
        if (firsts.put(key, first) == null) {
            bytes += cost(key);
        }
    }

    /** Forgets the keys of events above an offset, which are other events than this copy believes. */
    void forgetAbove(long offset) {
        firsts.entrySet().removeIf(entry -> {
            boolean above = entry.getValue().offset() > offset;
            bytes -= above ? cost(entry.getKey()) : 0;
            return above;
        });
    }

    /** Forgets the keys that need not be remembered any longer, oldest first. */
    void forget(long oldestRetained, int maxEvents, long nowMillis) {
        if (firsts.isEmpty()) {
            return;
        }
        long hardBound = 2L * maxEvents + EXTRA;
        Iterator<Map.Entry<String, First>> oldest = firsts.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<String, First> entry = oldest.next();
            First first = entry.getValue();
            boolean old = first.offset() < oldestRetained && nowMillis - first.arrivedAtMillis() >= MIN_MILLIS;
            if (!old && firsts.size() <= hardBound) {
                return;
            }
            oldest.remove();
            bytes -= cost(entry.getKey());
        }
    }

    /** Forgets the oldest keys early, to make room; never one whose event is retained. */
    void shed(long oldestRetained, int atMost) {
        Shedding.shed(firsts, First::offset, oldestRetained, atMost, key -> bytes -= cost(key));
    }

    int size() {
        return firsts.size();
    }

    /** Returns about how much memory it takes. */
    long bytes() {
        return bytes;
    }

    private static long cost(String key) {
        return (long) KEY_OVERHEAD_BYTES + key.length();
    }

    void write(WireWriter out) {
        out.list(firsts.entrySet(), (to, entry) -> {
            to.text(entry.getKey());
            entry.getValue().write(to);
        });
    }

    void read(WireReader in) {
        in.list(from -> Map.entry(from.text(), First.read(from)))
                .forEach(entry -> add(entry.getKey(), entry.getValue()));
    }

    /** What the key's first use gave. */
    record First(String id, String term, long offset, long payloadHash, long arrivedAtMillis) {
        void write(WireWriter out) {
            out.text(id);
            out.text(term);
            out.number(offset);
            out.fixed(payloadHash);
            out.number(arrivedAtMillis);
        }

        static First read(WireReader in) {
            return new First(in.text(), in.text(), in.number(), in.fixed(), in.number());
        }
    }
}
