package dev.hubbub.presence;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which nodes are believed to be alive: members that were heard not long ago; pure, time comes in as an argument.
 *
 * <p>A member that has not been heard yet has a lease from its first look on. A judge that has slept itself gives
 * everybody another lease, since it was it that did not hear.
 */
final class Leases {
    static final long LEASE_MILLIS = 8_000;
    static final long SLEPT_MILLIS = 3_000;

    private final String self;
    private final Map<String, Long> heard = new HashMap<>();
    private Set<String> alive = Set.of();
    private long lookedAtMillis;

    Leases(String self) {
        this.self = self;
    }

    void heard(String node, long nowMillis) {
        heard.put(node, nowMillis);
    }

    /** Looks who is alive of the members; returns whether that is somebody else than at the last look. */
    boolean look(Set<String> members, long nowMillis) {
        boolean slept = lookedAtMillis != 0 && nowMillis - lookedAtMillis > SLEPT_MILLIS;
        lookedAtMillis = nowMillis;
        heard.keySet().retainAll(members);
        Set<String> now = new HashSet<>();
        for (String member : members) {
            long last = slept ? nowMillis : heard.getOrDefault(member, nowMillis);
            heard.put(member, last);
            if (member.equals(self) || nowMillis - last <= LEASE_MILLIS) {
                now.add(member);
            }
        }
        boolean changed = !now.equals(alive);
        alive = now;
        return changed;
    }

    boolean isAlive(String node) {
        return alive.contains(node);
    }

    Set<String> alive() {
        return Set.copyOf(alive);
    }
}
