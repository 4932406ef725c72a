package dev.hubbub.demo;

import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * Lets changes of one state happen one after the other, each until its publish is safe.
 *
 * <p>At most {@value #MOST} wait; more are refused with 429. Used from one event loop.
 */
public final class Turns {
    private static final int MOST = 500;

    private Future<?> last = Future.succeededFuture();
    private int waiting;

    /** Runs a change when those before it have ended, however they ended. */
    public <T> Future<T> next(Supplier<Future<T>> change) {
        if (waiting >= MOST) {
            return Future.failedFuture(new DemoException(429, "rate_limited", "too many changes wait; try again"));
        }
        waiting++;
        Future<T> mine = last.transform(before -> change.get());
        last = mine;
        return mine.onComplete(ended -> waiting--);
    }
}
