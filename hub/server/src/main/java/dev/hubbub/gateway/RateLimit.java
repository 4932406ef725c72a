package dev.hubbub.gateway;

import dev.hubbub.config.LimitsConfig.Rate;
import java.time.Clock;

/**
 * How many messages one connection may send: a bucket of messages, and a bucket of patience; confined to its loop.
 *
 * <p>Every connection that has said something has one or two of these, so each bucket is one number: the time at which
 * it is full again (the generic cell rate algorithm). A clock that is set back leaves it empty, never more than that.
 */
final class RateLimit {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Rate rate;
    private final Clock clock;
    private long messagesFullAtNanos;
    private long patienceFullAtNanos;

    /** Both buckets are full. */
    RateLimit(Rate rate, Clock clock) {
        this.rate = rate;
        this.clock = clock;
        this.messagesFullAtNanos = now();
        this.patienceFullAtNanos = messagesFullAtNanos;
    }

    /** Tells whether this is the rate that it was made for; a reload may have set another. */
    boolean holds(Rate inForce) {
        return rate.equals(inForce);
    }

    /** Takes one message in, or says no. */
    boolean allow() {
        long full = afterOneMore(messagesFullAtNanos);
        boolean allowed = full - now() <= wholeNanos();
        messagesFullAtNanos = allowed ? full : full - oneNanos();
        return allowed;
    }

    /** Counts a refused message; false when the client does not slow down although it is told to. */
    boolean forgive() {
        long full = afterOneMore(patienceFullAtNanos);
        boolean forgiven = full - now() <= wholeNanos();
        patienceFullAtNanos = forgiven ? full : full - oneNanos();
        return forgiven;
    }

    /** Returns in how many milliseconds the next message may come, at least 1. */
    long retryAfterMillis() {
        long nanos = afterOneMore(messagesFullAtNanos) - wholeNanos() - now();
        return Math.max(1, (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
    }

    /** Returns when a bucket is full again, after one more was taken out. */
    private long afterOneMore(long fullAtNanos) {
        long now = now();
        long empty = now + wholeNanos();
        return Math.max(now, Math.min(fullAtNanos, empty)) + oneNanos();
    }

    /** How long one message takes to be made good. */
    private long oneNanos() {
        return rate.per().toNanos() / rate.messages();
    }

    /** How long an empty bucket takes to be full. */
    private long wholeNanos() {
        long one = oneNanos();
        return one > Long.MAX_VALUE / 4 / rate.burst() ? Long.MAX_VALUE / 4 : one * rate.burst();
    }

    private long now() {
        return clock.millis() * NANOS_PER_MILLI;
    }
}
