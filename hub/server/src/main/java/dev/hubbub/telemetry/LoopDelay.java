package dev.hubbub.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/**
 * How late an event loop does what is due: a timer that measures its own lateness, ten times a second.
 *
 * <p>What keeps a loop, a long task or a collection of garbage, keeps every socket of it. Ends with the verticle that
 * began it.
 */
public final class LoopDelay {
    private static final long EVERY_MILLIS = 100;

    private final Vertx vertx;
    private final Timer lateness;

    private LoopDelay(Vertx vertx, Timer lateness) {
        this.vertx = vertx;
        this.lateness = lateness;
    }

    /** Watches the event loop of the calling context; {@code loop} is its name in the metrics. */
    public static void watch(Vertx vertx, MeterRegistry registry, String loop) {
        Timer lateness = Histograms.latency(
                registry, "hubbub.loop.delay", "How late an event loop does what is due.", "loop", loop);
        new LoopDelay(vertx, lateness).next();
    }

    private void next() {
        long dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS);
        vertx.setTimer(EVERY_MILLIS, timer -> {
            lateness.record(Math.max(0, System.nanoTime() - dueNanos), TimeUnit.NANOSECONDS);
            next();
        });
    }
}
