package dev.hubbub.bus;

import java.util.concurrent.TimeUnit;

/** One-shot timers of one event loop. */
@FunctionalInterface
public interface Timers {
    /**
     * Runs {@code action} on the loop in {@code millis} milliseconds.
     *
     * @param millis at least 1
     */
    void after(long millis, Runnable action);

    /**
     * Runs {@code action} on the loop in {@code nanos} nanoseconds, or as little later as the loop's timers allow.
     *
     * @param nanos at least 1
     */
    default void afterNanos(long nanos, Runnable action) {
        after(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)), action);
    }

    /**
     * Returns the nanoseconds of a clock that only goes forward, to tell how long something took; it stands still where
     * there is no loop.
     */
    default long nanoTime() {
        return 0;
    }

    /** Runs {@code action} behind what the loop has to do already; at once where there is no loop. */
    default void soon(Runnable action) {
        action.run();
    }
}
