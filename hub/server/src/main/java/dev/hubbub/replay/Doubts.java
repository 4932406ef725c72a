package dev.hubbub.replay;

import dev.hubbub.protocol.Address;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Addresses of which the owner does not know whether an append took effect.
 *
 * <p>Such an append may still land a while later, so an address stays doubtful for {@value #KEPT_MILLIS} ms after the
 * last unknown answer. Bounded: beyond {@value #MOST} addresses the oldest go, and the listeners' own comparison of all
 * heads finds what they missed. Not thread-safe; belongs to the owner's event loop.
 */
final class Doubts {
    static final int MOST = 10_000;
    static final long KEPT_MILLIS = 15_000;
    private static final int LOOKED_AT = 200;

    private final Map<Address, Doubt> doubts = new LinkedHashMap<>();

    void add(Address address, LogPolicy policy, long nowMillis) {
        doubts.remove(address);
        doubts.put(address, new Doubt(address, policy, nowMillis));
        if (doubts.size() > MOST) {
            Iterator<Address> oldest = doubts.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** Returns the addresses to look at now, at most {@value #LOOKED_AT}, and forgets those that have settled. */
    List<Doubt> due(long nowMillis) {
        List<Doubt> due = new ArrayList<>();
        Iterator<Doubt> all = doubts.values().iterator();
        while (all.hasNext() && due.size() < LOOKED_AT) {
            Doubt doubt = all.next();
            due.add(doubt);
            if (nowMillis - doubt.sinceMillis() > KEPT_MILLIS) {
                all.remove();
            }
        }
        return due;
    }

    /** One doubtful address. */
    record Doubt(Address address, LogPolicy policy, long sinceMillis) {}
}
