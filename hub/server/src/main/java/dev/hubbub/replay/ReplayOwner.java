package dev.hubbub.replay;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.Ownership;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.HubException;
import dev.hubbub.replay.AppendResult.Appended;
import dev.hubbub.replay.OwnerAnswer.Heard;
import dev.hubbub.replay.OwnerAnswer.Listening;
import dev.hubbub.replay.OwnerAnswer.Logs;
import dev.hubbub.replay.OwnerAnswer.Results;
import dev.hubbub.replay.OwnerAnswer.View;
import dev.hubbub.replay.OwnerQuestion.Wanted;
import dev.hubbub.telemetry.EventTrail;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of the addresses that this node owns: appends, reads, and hands new events to the nodes that listen.
 *
 * <p>Confined to one event loop, on which it has the store and the listeners to itself. Events that several questions
 * of a turn append leave in one numbered batch per node at the turn's end; their frames are encoded once, and only
 * where somebody listens. Every second each listening node gets a batch, if need be an empty one, so that a lost last
 * batch is noticed. A node that begins to listen within a turn may get events at or below its head, too, and drops
 * them.
 *
 * <p>Bounded: beyond {@value #MOST_UNDER_WAY} events for logs under way, questions with more are refused; signals pass.
 *
 * <p>An event whose answer is unknown, or that was known already, or whose address moved away while it was appended, is
 * not delivered: who listens is told where the log ends, and reads what it misses. Listeners are forgotten when the
 * node stops; what remains of the logs is the store's promise.
 */
final class ReplayOwner {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayOwner.class);

    private static final long SKIPPED_PER_WARNING = 1_000;
    static final int MOST_UNDER_WAY = 50_000;

    private static final String MOVED = "the address has moved to another node; ask again";

    private final Bus bus;
    private final ReplayStore store;
    private final Ownership ownership;
    private final EventLoop loop;
    private final ReplayMeters meters;
    private final EventTrail trail;
    private final Turns turns;
    private final Listeners listeners;
    private final Doubts doubts = new Doubts();
    private final Outbound outbound = new Outbound();
    private int underWay;
    private long skippedBatches;
    private boolean flushPending;
    /** Since when the oldest event of this turn is here. */
    private long oldestNanos;

    private long sweepFailures;

    /**
     * Creates the owner of a node.
     *
     * @param store used by this owner alone
     * @param ids random texts of at least 16 characters {@code A-Z a-z 0-9}; the end of one names this start of the
     *     node in terms and epochs, so two nodes must never get the same
     */
    ReplayOwner(
            Bus bus,
            ReplayStore store,
            Ownership ownership,
            EventLoop loop,
            Supplier<String> ids,
            ReplayEvidence evidence) {
        this.meters = evidence.meters();
        this.trail = evidence.trail();
        this.bus = bus;
        this.store = store;
        this.ownership = ownership;
        this.loop = loop;
        this.turns = new Turns(ids.get(), loop.clock());
        this.listeners = new Listeners(ids);
        store.onDoubt(this::recall);
    }

    /** Answers a question; a message that is only told gets nothing. */
    Future<Object> answer(OwnerQuestion question) {
        if (question instanceof OwnerQuestion.AppendEvents append) {
            return append(append.events()).map(results -> results);
        }
        if (question instanceof OwnerQuestion.Listen listen) {
            return listen(listen).map(listening -> listening);
        }
        if (question instanceof OwnerQuestion.Forget forget) {
            forget.addresses().forEach(address -> listeners.remove(address, forget.node()));
            return Future.succeededFuture();
        }
        if (question instanceof OwnerQuestion.LookAgain again) {
            lookAgain(again.at());
            return Future.succeededFuture();
        }
        if (question instanceof OwnerQuestion.Read read) {
            return requireServing(read.policy())
                    .compose(serving ->
                            store.read(read.address(), read.policy(), read.from(), read.limits(), turns.next()))
                    .map(result -> result);
        }
        if (question instanceof OwnerQuestion.Info info) {
            return store.info(info.address())
                    .map(counts -> new Logs(counts.map(List::of).orElse(List.of())));
        }
        if (question instanceof OwnerQuestion.ListLogs list) {
            return store.list(list.prefix(), list.after(), list.limit()).map(Logs::new);
        }
        if (question instanceof OwnerQuestion.SameView same) {
            return Future.succeededFuture(new View(same.view() == ownership.view()));
        }
        throw new IllegalStateException("no answer to " + question.getClass().getSimpleName());
    }

    private boolean owns(Address address) {
        return ownership.ownerOf(address).equals(ownership.node());
    }

    private Future<Void> requireServing(LogPolicy policy) {
        return policy.kind() == DeliveryKind.SIGNAL || ownership.isServing()
                ? Future.succeededFuture()
                : Future.failedFuture(tooFewNodes());
    }

    private static HubException tooFewNodes() {
        return new HubException(
                ErrorCode.UNAVAILABLE,
                "the hub has too few nodes to be sure of anything; it goes on when they are back");
    }

    private Future<Results> append(List<Append> events) {
        for (Append wish : events) {
            if (!owns(wish.address())) {
                return Future.failedFuture(moved());
            }
        }
        return ownership.isServing() ? appendAll(events) : appendSignals(events);
    }

    private static HubException moved() {
        return new HubException(ErrorCode.UNAVAILABLE, MOVED);
    }

    /** Each address is heard of as soon as its events are safe, and not when those of the slowest address are. */
    private Future<Results> appendAll(List<Append> events) {
        int kept = (int) events.stream()
                .filter(wish -> wish.policy().kind() != DeliveryKind.SIGNAL)
                .count();
        if (kept > 0 && underWay + kept > MOST_UNDER_WAY) {
            // As a whole: what is taken in part is asked for again as a whole.
            return Future.failedFuture(new HubException(
                    ErrorCode.UNAVAILABLE, "the hub has more events under way than it takes; try again in a moment"));
        }
        long arrivedNanos = System.nanoTime();
        Future<List<AppendResult>> appended = PerAddress.each(events, (address, part) -> append(part, arrivedNanos));
        underWay += kept;
        return appended.onComplete(done -> underWay -= kept).map(Results::new);
    }

    private Future<List<AppendResult>> append(List<Append> events, long arrivedNanos) {
        FollowedAppends followed = FollowedAppends.of(events, trail);
        return store.append(followed.events(), turns.next())
                .onSuccess(results -> {
                    followed.end(results);
                    deliver(followed.events(), results, arrivedNanos);
                })
                .onFailure(unknown -> {
                    followed.endUnknown();
                    events.forEach(this::doubt);
                });
    }

    /** With too few nodes nothing is kept; signals, which never are, still pass. */
    private Future<Results> appendSignals(List<Append> events) {
        List<AppendResult> results = new ArrayList<>(events.size());
        for (Append wish : events) {
            results.add(
                    wish.policy().kind() == DeliveryKind.SIGNAL
                            ? new Appended(wish.content().id(), Optional.empty(), false)
                            : new AppendResult.Refused(tooFewNodes()));
        }
        deliver(events, results, System.nanoTime());
        return Future.succeededFuture(new Results(results));
    }

    private void deliver(List<Append> events, List<AppendResult> results, long arrivedNanos) {
        boolean heard = false;
        for (int i = 0; i < events.size(); i++) {
            Append wish = events.get(i);
            if (results.get(i) instanceof Appended appended && listeners.has(wish.address())) {
                heard = true;
                deliver(wish, appended);
            }
            if (!owns(wish.address())) {
                doubt(wish); // who listens does so at another node by now, which did not see this event pass
            }
        }
        if (heard) {
            flushAtTheEndOfTheTurn();
            oldestNanos = arrivedNanos - oldestNanos < 0 ? arrivedNanos : oldestNanos;
        }
    }

    private void deliver(Append wish, Appended appended) {
        if (appended.duplicate()) {
            // The first try may have been another event in all but its id, and nobody knows whether it was delivered.
            appended.position().ifPresent(position -> listeners.hint(wish.address(), position));
        } else {
            listeners.collect(wish.policy().kind(), frame(wish, appended));
        }
    }

    private static EventFrame frame(Append wish, Appended appended) {
        return new EventFrame(
                wish.address(), appended.position(), wish.content(), wish.notBackTo(), wish.traceparent());
    }

    private void doubt(Append wish) {
        if (wish.policy().kind() == DeliveryKind.SIGNAL) {
            return;
        }
        boolean moved = !owns(wish.address());
        if (moved || listeners.has(wish.address())) {
            doubts.add(wish.address(), wish.policy(), loop.clock().millis());
        }
        if (moved) {
            pass(wish.address(), wish.policy());
        }
    }

    /** Lets the present owner look at a log to which this node has appended, or may have. */
    private void pass(Address address, LogPolicy policy) {
        String owner = ownership.ownerOf(address);
        bus.tell(
                OwnerAsks.reach(ownership.node(), owner),
                ReplayInbox.ofOwner(owner),
                new OwnerQuestion.LookAgain(new Wanted(address, policy)));
    }

    private void lookAgain(Wanted at) {
        doubts.add(at.address(), at.policy(), loop.clock().millis());
        // If it is not ours either, the next beat passes it on: two nodes that each take the other for the owner would
        // throw it to and fro.
        if (owns(at.address())) {
            tellHead(at.address(), at.policy());
        }
    }

    private void look(Doubts.Doubt doubt) {
        if (owns(doubt.address())) {
            tellHead(doubt.address(), doubt.policy());
        } else {
            pass(doubt.address(), doubt.policy());
        }
    }

    /** Says to who listens where a doubtful log ends. */
    private void tellHead(Address address, LogPolicy policy) {
        if (listeners.has(address) && ownership.isServing()) {
            store.attached(address, policy, turns.next())
                    .onSuccess(attached -> {
                        listeners.hint(address, attached.head());
                        flushAtTheEndOfTheTurn();
                    })
                    .onFailure(again -> doubts.add(address, policy, loop.clock().millis()));
        }
    }

    private void flushAtTheEndOfTheTurn() {
        if (!flushPending) {
            flushPending = true;
            oldestNanos = System.nanoTime();
            // Behind the questions that are already queued on this loop, so that their events leave together.
            loop.soon(() -> {
                flushPending = false;
                listeners.flush(this::send, false);
            });
        }
    }

    private void send(String node, Listeners.Link.Content content) {
        LinkBatch batch = new LinkBatch(
                ownership.node(),
                content.link(),
                content.number(),
                content.deliveries(),
                content.heads(),
                content.moved(),
                oldestNanos);
        meters.sent();
        if (node.equals(ownership.node())) {
            bus.tell(ReplayInbox.ofListener(node), batch);
        } else {
            post(node, batch);
        }
    }

    private void post(String node, LinkBatch batch) {
        long bytes = Outbound.bytesOf(batch.deliveries());
        if (!outbound.take(node, bytes)) {
            skippedBatches++;
            meters.skipped();
            if (skippedBatches == 1 || skippedBatches % SKIPPED_PER_WARNING == 0) {
                LOG.warn("node does not read, it will have to read the log to={} batches={}", node, skippedBatches);
            }
            return;
        }
        meters.pending(bytes);
        bus.post(Bus.Reach.CLUSTER, ReplayInbox.ofListener(node), batch)
                .onComplete(left -> loop.soon(() -> {
                    meters.pending(-bytes);
                    outbound.left(node, bytes);
                }));
    }

    private Future<Listening> listen(OwnerQuestion.Listen question) {
        Listeners.Link link = listeners.link(question.node());
        long number = link.number();
        List<Future<Heard>> answers = new ArrayList<>(question.wanted().size());
        for (Wanted wanted : question.wanted()) {
            answers.add(listen(question.node(), wanted));
        }
        return Future.join(answers).map(all -> new Listening(link.name(), number, all.list()));
    }

    private Future<Heard> listen(String node, Wanted wanted) {
        Address address = wanted.address();
        if (!owns(address)) {
            return Future.succeededFuture(new Heard(Optional.empty(), MOVED));
        }
        // Listening starts before the head is read: never the other way round, or an event could fall between.
        boolean added = listeners.add(address, node);
        return requireServing(wanted.policy())
                .compose(serving -> store.attached(address, wanted.policy(), turns.next()))
                // The address may have moved, or the node have left, while the head was read.
                .map(attached -> listeners.listens(address, node)
                        ? new Heard(Optional.of(attached), "")
                        : new Heard(Optional.empty(), MOVED))
                .otherwise(failure -> {
                    if (added) {
                        listeners.remove(address, node);
                    }
                    return new Heard(Optional.empty(), String.valueOf(failure.getMessage()));
                });
    }

    /** Sends every listening node its batch of this second, and looks after what is doubtful. */
    void beat() {
        long now = loop.clock().millis();
        doubts.due(now).forEach(this::look);
        listeners.flush(this::send, true);
    }

    /** Takes note that members or addresses have changed. */
    void changed(Ownership.Change change) {
        change.gone().forEach(listeners::removeNode);
        listeners.removeMoved(address -> !owns(address));
        flushAtTheEndOfTheTurn();
    }

    /** Lets everybody listen again: the store went away, or came back, maybe as another one. */
    void recall() {
        listeners.recall();
        flushAtTheEndOfTheTurn();
    }

    /** Does this second's part of the store's housekeeping. */
    void sweep() {
        store.sweep(listeners::has, turns.next()).onFailure(cause -> {
            sweepFailures++;
            LOG.warn("replay_sweep_failed node={} failures={}", ownership.node(), sweepFailures, cause);
        });
    }
}
