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
}
