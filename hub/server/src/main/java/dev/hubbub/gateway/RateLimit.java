package dev.hubbub.gateway;

import dev.hubbub.config.LimitsConfig.Rate;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.LocalBucket;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.time.Clock;

/** How many messages one connection may send: a bucket of messages, and a bucket of patience; confined to its loop. */
final class RateLimit {
    private final Rate rate;
    private final LocalBucket messages;
    private final LocalBucket patience;

    RateLimit(Rate rate, Clock clock) {
        this.rate = rate;
        this.messages = bucket(rate, clock);
        this.patience = bucket(rate, clock);
    }

    private static LocalBucket bucket(Rate rate, Clock clock) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(rate.burst()).refillGreedy(rate.messages(), rate.per()))
                .withCustomTimePrecision(new ClockMeter(clock))
                .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                .build();
    }

    /** Tells whether this is the rate that it was made for; a reload may have set another. */
    boolean holds(Rate inForce) {
        return rate.equals(inForce);
    }

    /** Takes one message in, or says no. */
    boolean allow() {
        return messages.tryConsume(1);
    }

    /** Counts a refused message; false when the client does not slow down although it is told to. */
    boolean forgive() {
        return patience.tryConsume(1);
    }

    /** Returns in how many milliseconds the next message may come, at least 1. */
    long retryAfterMillis() {
        long nanos = messages.estimateAbilityToConsume(1).getNanosToWaitForRefill();
        return Math.max(1, (nanos + 999_999) / 1_000_000);
    }

    /** The hub's clock as Bucket4j reads it. */
    private record ClockMeter(Clock clock) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return clock.millis() * 1_000_000;
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
