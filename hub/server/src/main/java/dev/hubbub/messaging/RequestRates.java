package dev.hubbub.messaging;

import dev.hubbub.config.LimitsConfig.Rate;
import io.github.bucket4j.Bucket;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A token bucket for each of many names; safe to use from every loop.
 *
 * <p>At most {@value #MOST} names are known. When all places are taken, those whose bucket is full again are forgotten,
 * at most once a second, since all have to be looked at; while there is no room, whoever is new shares one bucket with
 * all others that are.
 */
final class RequestRates {
    static final int MOST = 50_000;
    private static final String CROWD = "";
    private static final long NANOS_PER_MILLI = 1_000_000;

    private static final long SWEEP_MILLIS = 1_000;

    private final Clock clock;
    private final Map<String, Held> buckets = new ConcurrentHashMap<>();
    private final AtomicLong nextSweepMillis = new AtomicLong();

    RequestRates(Clock clock) {
        this.clock = clock;
    }

    private record Held(Rate rate, Bucket bucket) {
        boolean isFull() {
            return bucket.getAvailableTokens() >= rate.burst();
        }
    }

    /** Takes a token; returns 0, or in how many milliseconds there will be one, at least 1. */
    long take(String name, Rate rate) {
        Bucket bucket = bucketOf(name, rate);
        return bucket.tryConsume(1) ? 0 : waitMillis(bucket);
    }

    /** Returns in how many milliseconds there will be a token, without taking it; 0 for a name that is not known. */
    long waitMillis(String name) {
        Held held = buckets.get(name);
        return held == null || held.bucket().getAvailableTokens() > 0 ? 0 : waitMillis(held.bucket());
    }

    private static long waitMillis(Bucket bucket) {
        long nanos = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
        return Math.max(1, (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
    }

    private Bucket bucketOf(String name, Rate rate) {
        Held known = buckets.get(name);
        if (known != null && known.rate().equals(rate)) {
            return known.bucket();
        }
        if (known == null && buckets.size() >= MOST) {
            sweep();
        }
        String place = known == null && buckets.size() >= MOST ? CROWD : name;
        return buckets.compute(place, (key, held) -> fit(held, rate)).bucket();
    }

    private void sweep() {
        long now = clock.millis();
        long due = nextSweepMillis.get();
        if (now >= due && nextSweepMillis.compareAndSet(due, now + SWEEP_MILLIS)) {
            buckets.values().removeIf(Held::isFull);
        }
    }

    private static Held fit(@Nullable Held held, Rate rate) {
        return held != null && held.rate().equals(rate) ? held : new Held(rate, bucket(rate));
    }

    private static Bucket bucket(Rate rate) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(rate.burst()).refillGreedy(rate.messages(), rate.per()))
                .build();
    }

    int size() {
        return buckets.size();
    }
}
