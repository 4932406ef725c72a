package dev.hubbub;

import dev.hubbub.config.DrainConfig;
import java.util.List;

/**
 * How a node's sockets are moved; decided once, when it begins to drain.
 *
 * <p>They are closed one after the other over the window, not faster than the other nodes accept together. A node that
 * has no others closes them at once, as nobody is there to take them, and spreads their return to what comes after it
 * by the waits that it tells.
 *
 * @param sockets how many there are
 * @param others how many nodes take them
 * @param windowMillis over how long they are closed
 * @param spreadMillis the longest wait that they are told
 */
record DrainPlan(int sockets, int others, long windowMillis, long spreadMillis) {
    private static final long MOVED_SPREAD_MILLIS = 2_000;
    private static final long LONE_SPREAD_MILLIS = 5_000;
    private static final long MOST_SPREAD_MILLIS = 600_000;
    /** What is left of the limit for publishes under way and for handing over, if the limit is long enough. */
    private static final long RESERVE_MILLIS = 20_000;

    /**
     * Makes the plan.
     *
     * @param accepts of each node that takes sockets, how many a second
     */
    static DrainPlan of(DrainConfig config, int sockets, List<Integer> accepts) {
        if (accepts.isEmpty()) {
            long spread = Math.max(LONE_SPREAD_MILLIS, millisFor(sockets, config.accepts()));
            return new DrainPlan(sockets, 0, 0, Math.min(MOST_SPREAD_MILLIS, spread));
        }
        if (sockets == 0) {
            return new DrainPlan(0, accepts.size(), 0, MOVED_SPREAD_MILLIS);
        }
        long rate = accepts.stream().mapToLong(Integer::longValue).sum();
        long wanted = Math.max(config.within().toMillis(), millisFor(sockets, rate));
        return new DrainPlan(sockets, accepts.size(), Math.min(wanted, longest(config)), MOVED_SPREAD_MILLIS);
    }

    /** In whole seconds, rounded up. */
    private static long millisFor(int sockets, long rate) {
        return (sockets + rate - 1) / rate * 1_000;
    }

    private static long longest(DrainConfig config) {
        long limit = config.limit().toMillis();
        return Math.max(limit - RESERVE_MILLIS, limit / 2);
    }
}
