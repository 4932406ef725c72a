package dev.hubbub.bus;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Clock;

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
        Context context = vertx.getOrCreateContext();
        return new EventLoop() {
            @Override
            public void after(long millis, Runnable action) {
                vertx.setTimer(millis, timer -> context.runOnContext(now -> action.run()));
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
