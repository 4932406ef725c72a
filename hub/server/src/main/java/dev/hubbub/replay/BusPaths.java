package dev.hubbub.replay;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which ways between nodes really carry events, proved each second and in each direction.
 *
 * <p>Every node sends every other one a canary, through the same inbox and connection as events. A way that has carried
 * none for {@value #FAILED_MILLIS} ms has failed, whatever the members of the cluster say of each other; one that has
 * never carried any is given {@value #FIRST_MILLIS} ms, as a node is a member before it can hear.
 *
 * <p>Who is to blame is decided by what all say: a sender that most do not hear, and at least two, is at fault itself;
 * else it is the node that does not hear. A node at fault is not fit to serve.
 *
 * <p>Confined to one event loop, but for {@link #view()}. Holds one entry for each other node. Nothing outlives a
 * restart.
 */
public final class BusPaths {
    /** How long a way may carry nothing. */
    public static final long FAILED_MILLIS = 3_000;

    static final long FIRST_MILLIS = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(BusPaths.class);

    private final String node;
    private final Clock clock;
    private final Map<String, Peer> peers = new TreeMap<>();
    private final Set<String> failed = new HashSet<>();
    private volatile View view = new View(List.of(), Optional.empty(), Long.MIN_VALUE);

    /** Creates the ways of a node that has not heard anybody yet. */
    public BusPaths(String node, Clock clock) {
        this.node = node;
        this.clock = clock;
    }

    /** Whether a way carries events. */
    public enum State {
        /** It has, within the last {@value #FAILED_MILLIS} ms. */
        UP,
        /** Nobody knows yet. */
        UNPROVED,
        /** It has not. */
        DOWN
    }

    /**
     * One way.
     *
     * @param silentMillis how long ago it was known to carry something, or how long it has been watched if it never did
     */
    public record Path(String from, String to, State state, long silentMillis) {}

    /**
     * All ways from and to this node.
     *
     * @param fault why this node is not fit to serve; empty while it is
     * @param atMillis when this was so, in milliseconds since 1970; the lowest number before the first look
     */
    public record View(List<Path> paths, Optional<String> fault, long atMillis) {
        /** Copies the list. */
        public View {
            paths = List.copyOf(paths);
        }
    }

    /** Returns the name of this node; from any thread. */
    public String node() {
        return node;
    }

    /** Returns how it was at the last beat; from any thread. */
    public View view() {
        return view;
    }

    /**
     * Looks at all ways, once a second.
     *
     * @param nodes all nodes, this one included
     * @return what to send to every other one
     */
    Canary beat(Set<String> nodes) {
        long now = clock.millis();
        peers.keySet().retainAll(nodes);
        failed.retainAll(nodes);
        nodes.stream()
                .filter(other -> !other.equals(node))
                .forEach(other -> peers.computeIfAbsent(other, o -> new Peer(now)));
        peers.forEach((other, peer) -> tell(other, peer, now));
        Set<String> unheard = unheard(now);
        view = new View(paths(now), fault(now), now);
        return new Canary(node, false, List.copyOf(unheard));
    }

    /** Returns the last canary of this node. */
    Canary leaving() {
        return new Canary(node, true, List.of());
    }

    /** Takes the canary of another node; one that is no member yet, or no more, is passed over. */
    void take(Canary canary) {
        Peer peer = peers.get(canary.from());
        if (peer != null) {
            peer.proved = true;
            peer.heardMillis = clock.millis();
            peer.leaving = canary.leaving();
            peer.unheard = canary.unheard();
        }
    }

    private void tell(String other, Peer peer, long now) {
        if (peer.state(now) != State.DOWN) {
            if (failed.remove(other)) {
                LOG.info("path_up from={} to={}", other, node);
            }
        } else if (failed.add(other)) {
            LOG.warn("path_down from={} to={} silentMillis={}", other, node, now - peer.heardMillis);
        }
    }

    private Set<String> unheard(long now) {
        Set<String> unheard = new TreeSet<>();
        peers.forEach((other, peer) -> {
            if (peer.state(now) == State.DOWN) {
                unheard.add(other);
            }
        });
        return unheard;
    }

    private List<Path> paths(long now) {
        List<Path> paths = new ArrayList<>();
        peers.forEach((other, peer) -> {
            long silent = now - peer.heardMillis;
            paths.add(new Path(other, node, peer.state(now), silent));
            paths.add(new Path(node, other, peer.saysOf(node, now), silent));
        });
        return paths;
    }

    private Optional<String> fault(long now) {
        Map<String, Integer> complaints = new HashMap<>();
        int heard = 0;
        for (Peer peer : peers.values()) {
            if (peer.state(now) == State.UP) {
                heard++;
                peer.unheard.forEach(other -> complaints.merge(other, 1, Integer::sum));
            }
        }
        if (isAtFault(complaints.getOrDefault(node, 0), heard)) {
            return Optional.of("most nodes do not hear this one on the bus");
        }
        for (String other : unheard(now)) {
            if (!isAtFault(complaints.getOrDefault(other, 0) + 1, heard + 1)) {
                return Optional.of("this node does not hear " + other
                        + " on the bus, though it is a member: events of the addresses that it owns come late");
            }
        }
        return Optional.empty();
    }

    private static boolean isAtFault(int complaints, int witnesses) {
        return complaints >= 2 && complaints * 2 > witnesses;
    }

    /** What is known of one other node. */
    private static final class Peer {
        private long heardMillis;
        private boolean proved;
        private boolean leaving;
        private List<String> unheard = List.of();

        Peer(long nowMillis) {
            this.heardMillis = nowMillis;
        }

        /** Who is not heard can say nothing. */
        State saysOf(String other, long now) {
            if (state(now) != State.UP) {
                return State.UNPROVED;
            }
            return unheard.contains(other) ? State.DOWN : State.UP;
        }

        State state(long now) {
            long silent = now - heardMillis;
            if (leaving) {
                return State.UNPROVED;
            }
            if (!proved) {
                return silent <= FIRST_MILLIS ? State.UNPROVED : State.DOWN;
            }
            return silent <= FAILED_MILLIS ? State.UP : State.DOWN;
        }
    }
}
