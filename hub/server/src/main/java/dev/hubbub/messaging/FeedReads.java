package dev.hubbub.messaging;

import dev.hubbub.protocol.Address;
import dev.hubbub.replay.LogPolicy;
import dev.hubbub.replay.ReadFrom;
import dev.hubbub.replay.ReadResult;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The reads of one feed's log that are under way: those who want the same at the same time share one.
 *
 * <p>Confined to the feed's loop; at most one read for each member.
 */
final class FeedReads {
    private final Address address;
    private final LoopContext loop;
    private final BooleanSupplier closed;
    private final Runnable afterwards;
    private final Map<ReadFrom, List<Handler<AsyncResult<ReadResult>>>> waiting = new HashMap<>();

    /**
     * Creates a feed's reads.
     *
     * @param closed whether the feed has ended, so that nobody waits for answers any more
     * @param afterwards runs when those who asked have taken an answer
     */
    FeedReads(Address address, LoopContext loop, BooleanSupplier closed, Runnable afterwards) {
        this.address = address;
        this.loop = loop;
        this.closed = closed;
        this.afterwards = afterwards;
    }

    /** Reads, or waits for the same read that is under way; in its turn, as the loop's pace allows. */
    void read(LogPolicy policy, ReadFrom from, int maxEvents, long maxBytes, Handler<AsyncResult<ReadResult>> then) {
        List<Handler<AsyncResult<ReadResult>>> known = waiting.get(from);
        if (known != null) {
            known.add(then);
            return;
        }
        List<Handler<AsyncResult<ReadResult>>> asking = new ArrayList<>();
        asking.add(then);
        waiting.put(from, asking);
        loop.room().reads().run(() -> {
            if (closed.getAsBoolean()) {
                return;
            }
            loop.meters().read();
            loop.replay().read(address, policy, from, maxEvents, maxBytes).onComplete(result -> {
                waiting.remove(from);
                if (!closed.getAsBoolean()) {
                    asking.forEach(one -> one.handle(result));
                    afterwards.run();
                }
            });
        });
    }
}
