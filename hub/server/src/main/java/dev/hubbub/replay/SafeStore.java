package dev.hubbub.replay;

import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.Ownership;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.replay.AppendResult.Appended;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replicated store that answers an append only when the events are safe.
 *
 * <p>The store below may say "done" too early: a copy that does not answer is given up when its node is declared dead,
 * and a node that slept still believes in copies that are not there. So an append counts when it came back without a
 * doubt, the members were the same before and after it, and, asked after it came back, enough other nodes see those
 * same members ({@link Receipts}). Otherwise it is done again with the same ids, which makes it the same events, for up
 * to {@value #PATIENCE_MILLIS} ms; then what became of it is unknown, and so the answer says. A copy may have missed
 * what is done again: it gets the whole log.
 *
 * <p>That a client has seen what the log does not have is told only if the same check says that this node belongs to
 * the others. One that was cut off, or slept, does not know what was appended without it.
 *
 * <p>One operation of an address is under way at a time; what comes meanwhile goes together in the next one, in order.
 * Confined to the owner's event loop, which bounds how many events are under way.
 */
public final class SafeStore implements ReplayStore {
    static final long PATIENCE_MILLIS = 4_000;
    private static final Logger LOG = LoggerFactory.getLogger(SafeStore.class);
    private static final int MOST_IN_ONE_OPERATION = 256;
    private static final long WARN_MILLIS = 1_000;
    private static final long RETRY_MILLIS = 50;
    private static final int MOST_DOUBTFUL = 10_000;

    private final ReplayStore store;
    private final Ownership ownership;
    private final Receipts receipts;
    private final EventLoop loop;
    private final Map<Address, Lane> lanes = new HashMap<>();
    /** Addresses of which a copy may have missed something, as an append was given up; the oldest are let go. */
    private final Set<Address> doubtful = new LinkedHashSet<>();

    private final AtomicLong repeats = new AtomicLong(); // read by the scrape
    private final AtomicLong unknown = new AtomicLong();
    private long warnedMillis;

    /** Makes {@code store} safe. */
    public SafeStore(ReplayStore store, Ownership ownership, Receipts receipts, EventLoop loop) {
        this.store = store;
        this.ownership = ownership;
        this.receipts = receipts;
        this.loop = loop;
    }

    @Override
    public Future<List<AppendResult>> append(List<Append> events, Turn turn) {
        return PerAddress.append(events, (address, part) -> append(address, part, turn));
    }

    private Future<List<AppendResult>> append(Address address, List<Append> events, Turn turn) {
        Waiting waiting = new Waiting(events, turn, Promise.promise());
        Lane lane = lanes.computeIfAbsent(address, a -> new Lane());
        lane.queue.add(waiting);
        if (!lane.busy) {
            next(address, lane);
        }
        return waiting.answer().future();
    }

    private void next(Address address, Lane lane) {
        if (lane.queue.isEmpty()) {
            lanes.remove(address, lane);
            return;
        }
        lane.busy = true;
        List<Waiting> taken = new ArrayList<>();
        int count = 0;
        while (!lane.queue.isEmpty()
                && (taken.isEmpty() || count + lane.queue.element().events().size() <= MOST_IN_ONE_OPERATION)) {
            Waiting waiting = lane.queue.remove();
            taken.add(waiting);
            count += waiting.events().size();
        }
        Operation operation = new Operation(address, taken, loop.clock().millis());
        operation.run().onComplete(done -> {
            int from = 0;
            for (Waiting waiting : taken) {
                int until = from + waiting.events().size();
                if (done.succeeded()) {
                    waiting.answer().complete(done.result().subList(from, until));
                } else {
                    waiting.answer().fail(done.cause());
                }
                from = until;
            }
            lane.busy = false;
            next(address, lane);
        });
    }

    @Override
    public Future<Attached> attached(Address address, LogPolicy policy, Turn turn) {
        return store.attached(address, policy, turn);
    }

    @Override
    public Future<ReadResult> read(Address address, LogPolicy policy, ReadFrom from, ReadLimits limits, Turn turn) {
        long view = ownership.view();
        return store.read(address, policy, from, limits, turn)
                .compose(read -> read instanceof ReadResult.Lost ? told(view, read) : Future.succeededFuture(read));
    }

    private Future<ReadResult> told(long view, ReadResult lost) {
        return isSafe(view)
                .compose(safe -> safe
                        ? Future.succeededFuture(lost)
                        : Future.failedFuture(new HubException(
                                ErrorCode.UNAVAILABLE,
                                "the other nodes have not confirmed yet what this log has; ask again in a moment")));
    }

    @Override
    public Future<Optional<LogInfo>> info(Address address) {
        return store.info(address);
    }

    @Override
    public Future<List<LogInfo>> list(String prefix, Optional<String> after, int limit) {
        return store.list(prefix, after, limit);
    }

    @Override
    public Future<Void> sweep(Replay.AddressFilter inUse, Turn turn) {
        return store.sweep(inUse, turn);
    }

    @Override
    public void onDoubt(Runnable listener) {
        store.onDoubt(listener);
    }

    /** Returns how often an append was done again because it could not be called safe. */
    public long repeats() {
        return repeats.get();
    }

    /** Returns how many appends were given up, their outcome unknown. */
    public long unknown() {
        return unknown.get();
    }

    /** Counts, and tells the log at most once a second: when one append is given up, many are. */
    private void givenUp(Throwable reason) {
        long count = unknown.incrementAndGet();
        long now = loop.clock().millis();
        if (now - warnedMillis >= WARN_MILLIS) {
            warnedMillis = now;
            LOG.warn(
                    "append_given_up node={} count={} serving={} reason={}",
                    ownership.node(),
                    count,
                    ownership.isServing(),
                    reason.getMessage());
        }
    }

    private void doubt(Address address) {
        doubtful.add(address);
        if (doubtful.size() > MOST_DOUBTFUL) {
            doubtful.remove(doubtful.iterator().next());
        }
    }

    /** Whether the outcome of an append may be told. */
    private Future<Boolean> isSafe(long viewBefore) {
        if (ownership.view() != viewBefore) {
            return Future.succeededFuture(false);
        }
        return receipts.round()
                .transform(round -> Future.succeededFuture(
                        round.succeeded() && round.result() == viewBefore && ownership.view() == viewBefore));
    }

    private record Waiting(List<Append> events, Turn turn, Promise<List<AppendResult>> answer) {}

    /** The appends of one address. */
    private static final class Lane {
        private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
        private boolean busy;
    }

    /** One append to the store below, done again until it is safe. */
    private final class Operation {
        private final Address address;
        private final List<Append> events = new ArrayList<>();
        private final Turn turn;
        private final long begunMillis;
        private final Promise<List<AppendResult>> outcome = Promise.promise();
        private List<AppendResult> first = List.of();
        private int attempts;

        Operation(Address address, List<Waiting> taken, long nowMillis) {
            this.address = address;
            taken.forEach(waiting -> events.addAll(waiting.events()));
            this.turn = taken.get(taken.size() - 1).turn();
            this.begunMillis = nowMillis;
        }

        Future<List<AppendResult>> run() {
            attempt();
            return outcome.future();
        }

        private void attempt() {
            attempts++;
            long view = ownership.view();
            // An epoch is made once: an attempt may have begun a log that this node will never see again.
            Turn own =
                    attempts == 1 ? turn : new Turn(turn.owner(), turn.freshEpoch() + "r" + attempts, turn.nowMillis());
            boolean again = attempts > 1 || doubtful.contains(address);
            (again ? store.appendAgain(events, own) : store.append(events, own)).onComplete(done -> {
                if (done.failed()) {
                    again(done.cause());
                } else {
                    judge(view, done.result());
                }
            });
        }

        private void judge(long view, List<AppendResult> results) {
            first = first.isEmpty() ? results : merge(first, results);
            isSafe(view).onComplete(safe -> {
                if (safe.succeeded() && safe.result()) {
                    doubtful.remove(address);
                    outcome.complete(first);
                } else {
                    again(
                            new HubException(
                                    ErrorCode.UNAVAILABLE,
                                    "the event is not safe yet, and may or may not come to be; send it again with the same id"));
                }
            });
        }

        private void again(Throwable reason) {
            repeats.incrementAndGet();
            if (!ownership.isServing() || loop.clock().millis() - begunMillis > PATIENCE_MILLIS) {
                givenUp(reason);
                doubt(address);
                outcome.fail(reason);
            } else {
                loop.after(RETRY_MILLIS, this::attempt);
            }
        }
    }

    /** What a repeated append found in its place was put there by the first attempt: no duplicate. */
    private static List<AppendResult> merge(List<AppendResult> before, List<AppendResult> now) {
        List<AppendResult> merged = new ArrayList<>(now.size());
        for (int i = 0; i < now.size(); i++) {
            boolean same = before.get(i) instanceof Appended was
                    && now.get(i) instanceof Appended is
                    && was.position().equals(is.position());
            merged.add(same ? before.get(i) : now.get(i));
        }
        return merged;
    }
}
