package dev.hubbub.replay;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.Ownership;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.replay.OwnerAnswer.View;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks other nodes whether they see the same members as this one.
 *
 * <p>A node that was cut off, or slept, believes in members that have long gone on without it; they are the ones who
 * know. What a node has done before enough others said "the same" was done while it belonged to them. Questions are
 * shared: whoever comes while a round is under way waits for the next one, which begins after its own work was done.
 *
 * <p>Confined to one event loop.
 */
public final class Receipts {
    private static final long ROUND_MILLIS = 1_000;

    private final Bus bus;
    private final Ownership ownership;
    private final int needed;
    private final EventLoop loop;
    private List<Promise<Long>> waiting = new ArrayList<>();
    private boolean underWay;

    /**
     * Asks in the name of a node.
     *
     * @param needed how many other nodes have to agree; 0 asks nobody
     */
    public Receipts(Bus bus, Ownership ownership, int needed, EventLoop loop) {
        this.bus = bus;
        this.ownership = ownership;
        this.needed = needed;
        this.loop = loop;
    }

    /**
     * Has the others asked, from now on.
     *
     * @return the view that enough nodes share, at a moment after this call; fails with {@code UNAVAILABLE} when they
     *     do not
     */
    public Future<Long> round() {
        if (needed == 0) {
            return Future.succeededFuture(ownership.view());
        }
        Promise<Long> answer = Promise.promise();
        waiting.add(answer);
        if (!underWay) {
            underWay = true;
            // Behind what is queued, so that the work of one turn shares one round.
            loop.soon(this::begin);
        }
        return answer.future();
    }

    private void begin() {
        List<Promise<Long>> asked = waiting;
        waiting = new ArrayList<>();
        long view = ownership.view();
        List<String> others = ownership.nodes().stream()
                .filter(node -> !node.equals(ownership.node()))
                .toList();
        Promise<Long> agreed = Promise.promise();
        Count count = new Count(others.size());
        for (String other : others) {
            bus.<View>ask(Bus.Reach.CLUSTER, ReplayInbox.ofOwner(other), new OwnerQuestion.SameView(view))
                    .onComplete(answer -> {
                        count.take(answer.succeeded() && answer.result().same());
                        if (count.yes >= needed) {
                            agreed.tryComplete(view);
                        } else if (count.left == 0) {
                            agreed.tryFail(alone());
                        }
                    });
        }
        if (others.size() < needed) {
            agreed.tryFail(alone());
        }
        loop.after(ROUND_MILLIS, () -> agreed.tryFail(alone()));
        agreed.future().onComplete(done -> {
            underWay = !waiting.isEmpty();
            if (underWay) {
                loop.soon(this::begin);
            }
            asked.forEach(promise -> promise.handle(done));
        });
    }

    private static HubException alone() {
        return new HubException(
                ErrorCode.UNAVAILABLE, "too few nodes agree about who belongs to the cluster; try again");
    }

    /** Answers of one round. */
    private static final class Count {
        private int left;
        private int yes;

        Count(int asked) {
            this.left = asked;
        }

        void take(boolean agrees) {
            left--;
            yes += agrees ? 1 : 0;
        }
    }
}
