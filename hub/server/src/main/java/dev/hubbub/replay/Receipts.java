package dev.hubbub.replay;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.Ownership;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.replay.OwnerAnswer.View;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Asks other nodes whether they see the same members as this one.
 *
 * <p>A node that was cut off, or slept, believes in members that have long gone on without it; they are the ones who
 * know. What a node has done before enough others said "the same" was done while it belonged to them. Questions are
 * shared: whoever comes while a round is under way waits for the next one, which begins after its own work was done. As
 * many nodes are asked as have to agree; the rest only when one of those says no, or nothing for a moment.
 *
 * <p>Confined to one event loop.
 */
public final class Receipts {
    private static final long ROUND_MILLIS = 1_000;
    /** Longer than an answer takes on a healthy network, and much shorter than a round. */
    private static final long HEDGE_MILLIS = 20;

    private final Bus bus;
    private final Ownership ownership;
    private final int needed;
    private final EventLoop loop;
    private List<Promise<Long>> waiting = new ArrayList<>();
    private boolean underWay;
    /** Who agreed in the last round that succeeded, to be asked first: whoever was silent is not waited for again. */
    private Set<String> agreedLast = Set.of();

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
        new Round(ownership.view()).answer().onComplete(done -> {
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

    /** One question: first to as many nodes as have to agree, to all of them when those are late or do not. */
    private final class Round {
        private final long view;
        private final Deque<String> toAsk = new ArrayDeque<>();
        private final Set<String> agreeing = new HashSet<>();
        private final Promise<Long> agreed = Promise.promise();
        private int answersLeft;

        Round(long view) {
            this.view = view;
            for (String node : ownership.nodes()) {
                if (agreedLast.contains(node)) {
                    toAsk.addFirst(node);
                } else if (!node.equals(ownership.node())) {
                    toAsk.addLast(node);
                }
            }
            answersLeft = toAsk.size();
        }

        Future<Long> answer() {
            if (answersLeft < needed) {
                agreed.fail(alone());
            } else {
                loop.after(HEDGE_MILLIS, this::askAll);
                ask(needed);
            }
            return agreed.future();
        }

        /** An answer may be there before the call returns, and may have had others asked. */
        private void ask(int nodes) {
            for (int i = 0; i < nodes && !toAsk.isEmpty() && !agreed.future().isComplete(); i++) {
                String node = toAsk.remove();
                // Composed, so that a bus that is being closed is an answer, too: no.
                Future.succeededFuture()
                        .compose(now -> bus.<View>ask(
                                Bus.Reach.CLUSTER, ReplayInbox.ofOwner(node), new OwnerQuestion.SameView(view)))
                        .onComplete(answer ->
                                take(node, answer.succeeded() && answer.result().same()));
            }
        }

        /** Somebody is slow: the others may not be. */
        private void askAll() {
            if (!agreed.future().isComplete()) {
                loop.after(ROUND_MILLIS - HEDGE_MILLIS, () -> agreed.tryFail(alone()));
                ask(toAsk.size());
            }
        }

        private void take(String node, boolean agrees) {
            if (agreed.future().isComplete()) {
                return; // it came too late to be asked first the next time
            }
            answersLeft--;
            if (agrees) {
                agreeing.add(node);
            }
            if (agreeing.size() >= needed) {
                agreedLast = agreeing;
                agreed.complete(view);
            } else if (agreeing.size() + answersLeft < needed) {
                agreed.fail(alone());
            } else if (!agrees) {
                ask(toAsk.size());
            }
        }
    }
}
