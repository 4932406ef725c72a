package dev.hubbub.bus;

import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Clock;
import java.util.concurrent.TimeUnit;

/**
 * What a piece that lives on one event loop uses of it.
 *
 * <p>Pieces that take this instead of a {@code Vertx} also run in a simulation, in one thread under a clock of its own.
 */
public interface EventLoop extends Timers {

    /** Runs {@code action} on the loop, behind what is queued there already. */
    @Override
    void soon(Runnable action);

    /** Returns the time. */
    Clock clock();

    /** Returns the loop of the calling context. */
    static EventLoop current(Vertx vertx, Clock clock) {
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        return new EventLoop() {
            @Override
            public void after(long millis, Runnable action) {
                vertx.setTimer(millis, timer -> context.runOnContext(now -> action.run()));
            }

            @Override
            public void afterNanos(long nanos, Runnable action) {
                // Vert.x has timers of whole milliseconds only.
                var unused = context.nettyEventLoop()
                        .schedule(() -> context.runOnContext(now -> action.run()), nanos, TimeUnit.NANOSECONDS);
            }

            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void soon(Runnable action) {
                context.runOnContext(now -> action.run());
            }

            @Override
            public Clock clock() {
                return clock;
            }
        };
    }
}
