package dev.hubbub.ops;

import io.vertx.core.json.JsonArray;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last samples of a node, a fixed number; pure. */
final class RateRing {
    private final int most;
    private final Deque<Sample> samples = new ArrayDeque<>();

    RateRing(int most) {
        this.most = most;
    }

    /** Adds a sample; the oldest goes. */
    void add(Sample sample) {
        if (samples.size() >= most) {
            samples.removeFirst();
        }
        samples.addLast(sample);
    }

    /** Returns the last {@code count}, the oldest first, each as {@code [millis, value…]}. */
    JsonArray last(int count) {
        JsonArray rows = new JsonArray();
        samples.stream().skip(Math.max(0, samples.size() - (long) count)).forEach(sample -> {
            JsonArray row = new JsonArray().add(sample.atMillis());
            sample.values().forEach(row::add);
            rows.add(row);
        });
        return rows;
    }

    /**
     * What was so at a moment.
     *
     * @param atMillis when, in milliseconds since 1970
     * @param values one for each column, in their order
     */
    record Sample(long atMillis, List<Double> values) {
        Sample {
            values = List.copyOf(values);
        }
    }
}
