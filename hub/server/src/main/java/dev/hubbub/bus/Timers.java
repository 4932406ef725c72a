package dev.hubbub.bus;

/** One-shot timers of one event loop. */
@FunctionalInterface
public interface Timers {
    /**
     * Runs {@code action} on the loop in {@code millis} milliseconds.
     *
     * @param millis at least 1
     */
    void after(long millis, Runnable action);

    /** Runs {@code action} behind what the loop has to do already; at once where there is no loop. */
    default void soon(Runnable action) {
        action.run();
    }
}
