package dev.hubbub.messaging;

/**
 * How many a second, of late: what came counts less the longer ago it was, a third after {@value #MEMORY_MILLIS} ms.
 *
 * <p>Costs two numbers and no timer; pure, confined to one loop.
 */
final class PerSecond {
    static final int MEMORY_MILLIS = 10_000;

    private double weight;
    private long atMillis;

    /** Counts what came at {@code nowMillis}. */
    void count(long amount, long nowMillis) {
        weight = weightAt(nowMillis) + amount;
        atMillis = nowMillis;
    }

    /** Returns how many came a second, as seen at {@code nowMillis}. */
    double at(long nowMillis) {
        return weightAt(nowMillis) * 1_000 / MEMORY_MILLIS;
    }

    private double weightAt(long nowMillis) {
        double agedMillis = Math.max(0, nowMillis - atMillis);
        return weight == 0 ? 0 : weight * Math.exp(-agedMillis / MEMORY_MILLIS);
    }
}
