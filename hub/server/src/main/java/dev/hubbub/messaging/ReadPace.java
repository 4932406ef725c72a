package dev.hubbub.messaging;

import dev.hubbub.bus.Timers;
import dev.hubbub.config.LimitsConfig.Rate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * Lets one event loop read logs no faster than its share of {@code limits.resumes}; the rest waits in turn.
 *
 * <p>Each address has one read under way or waiting, and so its turn, whatever the number of its subscribers: the queue
 * holds at most two entries for each address that the loop listens to. Confined to its loop.
 */
final class ReadPace {
    private static final long TICK_MILLIS = 100;

    private final Timers timers;
    private final Supplier<Rate> rate;
    private final int loops;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private double tokens = Double.MAX_VALUE;
    private boolean ticking;

    /**
     * Creates the pace of one loop.
     *
     * @param rate what all loops may do together; asked again and again, so a reload holds at once
     * @param loops how many loops share it
     */
    ReadPace(Timers timers, Supplier<Rate> rate, int loops) {
        this.timers = timers;
        this.rate = rate;
        this.loops = loops;
    }

    /** Runs a read now, or when its turn has come. */
    void run(Runnable read) {
        tokens = Math.min(tokens, most());
        if (waiting.isEmpty() && tokens >= 1) {
            tokens--;
            read.run();
        } else {
            waiting.add(read);
        }
        tickLater();
    }

    /** Returns about how long a read that comes now would wait, in milliseconds. */
    long waitMillis() {
        return waiting.isEmpty() ? 0 : (long) (waiting.size() / perTick() * TICK_MILLIS);
    }

    private void tickLater() {
        if (!ticking && tokens < most()) {
            ticking = true;
            timers.after(TICK_MILLIS, this::tick);
        }
    }

    private void tick() {
        ticking = false;
        tokens = Math.min(most(), tokens + perTick());
        try {
            while (tokens >= 1 && !waiting.isEmpty()) {
                tokens--;
                waiting.remove().run();
            }
        } finally {
            tickLater();
        }
    }

    private double most() {
        return Math.max(1, (double) rate.get().burst() / loops);
    }

    private double perTick() {
        Rate now = rate.get();
        return (double) now.messages() * TICK_MILLIS / Math.max(1, now.per().toMillis()) / loops;
    }
}
