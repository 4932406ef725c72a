package dev.hubbub.ops;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How long a part of what a timer has measured took at most, between two looks; confined to one event loop.
 *
 * <p>As exact as the timer's buckets: the upper end of one of them, and of the longest the end of the one before. All
 * timers of the name count together.
 */
final class WaitQuantile {
    private final String timer;
    private final double part;
    private Map<Double, Double> before = Map.of();

    /**
     * Creates it.
     *
     * @param part which part, such as 0.99
     */
    WaitQuantile(String timer, double part) {
        this.timer = timer;
        this.part = part;
    }

    /** Returns the answer for what was measured since the last call, in milliseconds; 0 when nothing was. */
    double millis(MeterRegistry registry) {
        TreeMap<Double, Double> now = new TreeMap<>();
        for (Timer one : registry.find(timer).timers()) {
            HistogramSnapshot snapshot = one.takeSnapshot();
            for (CountAtBucket bucket : snapshot.histogramCounts()) {
                if (!Double.isInfinite(bucket.bucket(MILLISECONDS))) {
                    now.merge(bucket.bucket(MILLISECONDS), bucket.count(), Double::sum);
                }
            }
            now.merge(Double.MAX_VALUE, (double) snapshot.count(), Double::sum);
        }
        double answer = quantile(now);
        before = now;
        return answer;
    }

    private double quantile(NavigableMap<Double, Double> now) {
        double all = now.isEmpty() ? 0 : since(now.lastEntry());
        double longest = 0;
        for (Map.Entry<Double, Double> bucket : now.entrySet()) {
            if (bucket.getKey() == Double.MAX_VALUE) {
                break; // longer than every bucket
            }
            longest = bucket.getKey();
            if (since(bucket) >= part * all) {
                break;
            }
        }
        return all > 0 ? longest : 0;
    }

    private double since(Map.Entry<Double, Double> bucket) {
        return bucket.getValue() - before.getOrDefault(bucket.getKey(), 0.0);
    }
}
