package dev.hubbub.replay;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.Ownership;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.replay.OwnerAnswer.Logs;
import dev.hubbub.replay.OwnerAnswer.Results;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logs of all nodes, as one event loop asks for them: each address at its owner.
 *
 * <p>An append whose outcome is unknown, because its owner left or did not answer, is sent again with the same ids to
 * whoever owns the address then, for up to {@value #PATIENCE_MILLIS} ms. After that its events are refused with
 * {@code UNAVAILABLE} and {@code outcome: unknown}: they may or may not be in the log, and a retry with the same ids
 * through any node is safe.
 *
 * <p>Confined to its loop. Bounded: beyond {@value #MOST_EVENTS} events under way new ones are refused at once.
 */
public final class ClusterReplay implements Replay {
    static final long PATIENCE_MILLIS = 10_000;
    static final int MOST_EVENTS = 20_000;
    private static final Logger LOG = LoggerFactory.getLogger(ClusterReplay.class);
    private static final long FIRST_RETRY_MILLIS = 20;
    private static final long LONGEST_RETRY_MILLIS = 500;
    private static final long READ_PATIENCE_MILLIS = 2_000;

    private final Bus bus;
    private final Ownership ownership;
    private final EventLoop loop;
    private final OwnerAsks asks;
    private final AtomicInteger nodesUnderWay;
    private int underWay;

    /** Asks on behalf of the loop of the calling context. */
    public ClusterReplay(Bus bus, Ownership ownership, EventLoop loop) {
        this(bus, ownership, loop, new AtomicInteger());
    }

    /**
     * Asks on behalf of the loop of the calling context.
     *
     * @param underWay counts the events that have no answer yet, of all loops that share it
     */
    public ClusterReplay(Bus bus, Ownership ownership, EventLoop loop, AtomicInteger underWay) {
        this.nodesUnderWay = underWay;
        this.bus = bus;
        this.ownership = ownership;
        this.loop = loop;
        this.asks = new OwnerAsks(bus, ownership);
        ownership.onChange(change -> asks.gone(change.gone()));
    }

    @Override
    public Future<List<AppendResult>> append(List<Append> events) {
        if (events.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        if (underWay + events.size() > MOST_EVENTS) {
            return Future.failedFuture(new HubException(
                    ErrorCode.UNAVAILABLE, "this node has more events under way than it takes; try again in a moment"));
        }
        underWay += events.size();
        nodesUnderWay.addAndGet(events.size());
        Posting posting = new Posting(events, loop.clock().millis());
        posting.send(posting.everything());
        return posting.done.future().onComplete(done -> {
            underWay -= events.size();
            nodesUnderWay.addAndGet(-events.size());
        });
    }

    @Override
    public Future<Attached> attach(Address address, LogPolicy policy, String inbox) {
        return bus.ask(ReplayInbox.ofAttachments(ownership.node()), new AttachQuestion.Attach(address, policy, inbox));
    }

    @Override
    public Future<Void> detach(Address address, String inbox) {
        return bus.ask(ReplayInbox.ofAttachments(ownership.node()), new AttachQuestion.Detach(address, inbox));
    }

    @Override
    public Future<ReadResult> read(Address address, LogPolicy policy, ReadFrom from, int maxEvents, long maxBytes) {
        return look(address, new OwnerQuestion.Read(address, policy, from, new ReadLimits(maxEvents, maxBytes)));
    }

    @Override
    public Future<Optional<LogInfo>> info(Address address) {
        return this.<Logs>look(address, new OwnerQuestion.Info(address))
                .map(logs -> logs.all().stream().findFirst());
    }

    /** Asks the owner; one that cannot be reached, or is none any more, is looked up again. */
    private <A> Future<A> look(Address address, OwnerQuestion question) {
        Promise<A> answer = Promise.promise();
        look(address, question, loop.clock().millis(), answer);
        return answer.future();
    }

    private <A> void look(Address address, OwnerQuestion question, long sinceMillis, Promise<A> answer) {
        asks.<A>ask(ownership.ownerOf(address), question).onComplete(done -> {
            boolean patient = loop.clock().millis() - sinceMillis < READ_PATIENCE_MILLIS;
            if (done.succeeded() || !isUnknown(done.cause()) || !patient || !ownership.isServing()) {
                answer.handle(done);
            } else {
                loop.after(LONGEST_RETRY_MILLIS / 4, () -> look(address, question, sinceMillis, answer));
            }
        });
    }

    private static boolean isUnknown(Throwable failure) {
        return failure instanceof HubException known
                && (known.code() == ErrorCode.UNAVAILABLE || known.code() == ErrorCode.TIMEOUT);
    }

    @Override
    public Future<List<LogInfo>> list(String prefix, Optional<String> after, int limit) {
        OwnerQuestion question = new OwnerQuestion.ListLogs(prefix, after, limit);
        List<Future<Logs>> answers = new ArrayList<>();
        for (String node : ownership.nodes()) {
            answers.add(asks.<Logs>ask(node, question).otherwise(failure -> {
                LOG.warn("listing_incomplete node={} reason={}", node, failure.getMessage());
                return new Logs(List.of());
            }));
        }
        return Future.all(answers).map(all -> {
            // An address that is on its way is listed by both owners for a moment.
            Map<String, LogInfo> merged = new LinkedHashMap<>();
            all.<Logs>list().stream()
                    .flatMap(logs -> logs.all().stream())
                    .sorted(Comparator.comparing(info -> info.address().value()))
                    .forEach(info -> merged.putIfAbsent(info.address().value(), info));
            return merged.values().stream().limit(limit).toList();
        });
    }

    /** One call of append, until every event of it has an answer. */
    private final class Posting {
        private final List<Append> events;
        private final AppendResult[] results;
        private final long sinceMillis;
        private final Promise<List<AppendResult>> done = Promise.promise();
        private int missing;
        private int attempts;

        Posting(List<Append> events, long nowMillis) {
            this.events = events;
            this.results = new AppendResult[events.size()];
            this.missing = events.size();
            this.sinceMillis = nowMillis;
        }

        List<Integer> everything() {
            List<Integer> places = new ArrayList<>(events.size());
            for (int i = 0; i < events.size(); i++) {
                places.add(i);
            }
            return places;
        }

        void send(List<Integer> places) {
            attempts++;
            Map<Way, List<Integer>> ways = new LinkedHashMap<>();
            for (int place : places) {
                Append wish = events.get(place);
                boolean isKept = wish.policy().kind() != DeliveryKind.SIGNAL;
                ways.computeIfAbsent(new Way(ownership.ownerOf(wish.address()), isKept), way -> new ArrayList<>())
                        .add(place);
            }
            ways.forEach((way, part) -> ask(way.owner(), part));
        }

        private void ask(String owner, List<Integer> places) {
            List<Append> part = places.stream().map(events::get).toList();
            asks.<Results>ask(owner, new OwnerQuestion.AppendEvents(part)).onComplete(answer -> {
                if (answer.succeeded()) {
                    for (int i = 0; i < places.size(); i++) {
                        settle(places.get(i), answer.result().all().get(i));
                    }
                } else if (isUnknown(answer.cause()) && isPatient()) {
                    loop.after(retryMillis(attempts), () -> send(places));
                } else {
                    AppendResult refused = new AppendResult.Refused(refusal(answer.cause()));
                    places.forEach(place -> settle(place, refused));
                }
            });
        }

        private boolean isPatient() {
            return loop.clock().millis() - sinceMillis < PATIENCE_MILLIS;
        }

        private void settle(int place, AppendResult result) {
            results[place] = result;
            missing--;
            if (missing == 0) {
                done.complete(List.of(results));
            }
        }
    }

    /**
     * What may be asked together. A signal is delivered without waiting for any log and is not known again: it must not
     * be sent anew because a log failed.
     */
    private record Way(String owner, boolean isKept) {}

    private static long retryMillis(int attempts) {
        return Math.min(LONGEST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(attempts, 5));
    }

    private static HubException refusal(Throwable failure) {
        if (failure instanceof HubException known && !isUnknown(known)) {
            return known;
        }
        return new HubException(
                ErrorCode.UNAVAILABLE,
                "the hub could not make sure of the event, which may or may not be in the log; send it again with the"
                        + " same id",
                new JsonObject().put("outcome", "unknown"));
    }
}
