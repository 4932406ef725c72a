package dev.hubbub.messaging;

import dev.hubbub.config.AddressRule;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.messaging.Meters.Drop;
import dev.hubbub.messaging.Subscription.State;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.Attached;
import dev.hubbub.replay.LogPolicy;
import dev.hubbub.replay.ReadFrom;
import dev.hubbub.replay.ReadResult;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One address as one event loop hears it: attached to the owner once, whatever the number of subscribers.
 *
 * <p>Confined to its loop. While the owner cannot be reached the members keep their places, those who asked are told
 * {@code hub.degraded} once, and the feed tries again every {@value #RETRY_MILLIS} ms; nothing is skipped. Holds its
 * members, the reads under way (at most one per member), at most {@value #MOST_EARLY} events and
 * {@value #MOST_EARLY_BYTES} bytes that came before it was attached, and what its flow holds; all of it goes with the
 * last member.
 */
final class Feed {
    static final long RETRY_MILLIS = 1_000;
    static final int MOST_EARLY = 1_000;
    static final long MOST_EARLY_BYTES = 1024 * 1024;
    private static final Logger log = LoggerFactory.getLogger(Feed.class);

    private final Address address;
    private final LoopContext loop;
    private final Consumer<Subscription> broken;
    private final List<Subscription> members = new ArrayList<>();

    @Nullable
    private Flow flow;

    private AddressRule rule;
    private LogPolicy policy;
    private final Map<ReadFrom, List<Handler<AsyncResult<ReadResult>>>> reads = new HashMap<>();
    private final List<EventFrame> early = new ArrayList<>();
    private long earlyBytes;
    private boolean earlyLost;
    private boolean unreachable;
    private boolean attaching;
    private int attachFailures;
    private long taken;
    private long justTaken;
    private boolean closed;

    /** Creates the feed of an address; it listens with its first member. */
    Feed(Address address, AddressRule rule, LoopContext loop) {
        this(address, rule, loop, member -> {});
    }

    /**
     * Creates the feed of an address.
     *
     * @param broken told, a moment later, of a member that was ended because its connection failed
     */
    Feed(Address address, AddressRule rule, LoopContext loop, Consumer<Subscription> broken) {
        this.address = address;
        this.rule = rule;
        this.policy = Policies.of(rule);
        this.loop = loop;
        this.broken = broken;
    }

    Address address() {
        return address;
    }

    AddressRule rule() {
        return rule;
    }

    LogPolicy policy() {
        return policy;
    }

    /** Takes over a changed rule of the same delivery kind; it holds from the next event on. */
    void apply(AddressRule changed) {
        rule = changed;
        policy = Policies.of(changed);
    }

    long everyMillis() {
        return rule.every().toMillis();
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    List<Subscription> members() {
        return members;
    }

    /** Adds a member; it is served as soon as the feed is attached. */
    void join(Subscription member) {
        member.index = members.size();
        members.add(member);
        if (unreachable) {
            degraded(member);
        }
        if (flow != null) {
            flow.joined(member);
            countTaken();
        } else if (!attaching) {
            attach();
        }
    }

    /** Removes a member and ends it. */
    void leave(Subscription member) {
        if (member.isOver()) {
            return;
        }
        member.state = State.ENDED;
        Subscription last = members.remove(members.size() - 1);
        if (last != member) {
            members.set(member.index, last);
            last.index = member.index;
        }
        member.index = -1;
    }

    /** Goes on with a member whose recipient can take events again. */
    void drained(Subscription member) {
        member.blocked = false;
        if (flow != null) {
            flow.drained(member);
            countTaken();
        }
    }

    /**
     * Takes events from the owner; before the feed is attached they wait for it, so that none falls between.
     *
     * <p>Events without a place are signals. While a reload is on its way to this loop, a feed of another kind may get
     * some: it lets them go, as signals may be.
     */
    void events(List<EventFrame> events) {
        justTaken = 0;
        boolean placed = events.get(0).position().isPresent();
        if (!placed && policy.kind() != DeliveryKind.SIGNAL) {
            return;
        }
        if (flow != null) {
            flow.events(events);
            countTaken();
            return;
        }
        early.addAll(events);
        for (EventFrame event : events) {
            earlyBytes += event.text().length();
        }
        if (early.size() > MOST_EARLY || earlyBytes > MOST_EARLY_BYTES) {
            earlyLost = true;
            early.clear();
            earlyBytes = 0;
        }
    }

    /** Returns how many of the last events were taken at once, once for each member that took one. */
    long justTaken() {
        return justTaken;
    }

    /** Hands a batch to a member; one whose connection breaks over it is ended, so that the others get theirs. */
    boolean deliver(Subscription member, EventBatch batch) {
        try {
            boolean took = member.recipient.deliver(batch);
            taken += took ? batch.events().size() : 0;
            return took;
        } catch (RuntimeException failure) {
            log.error("delivery failed address={} connection={}", address, member.recipient.connection(), failure);
            leave(member);
            String message = "the hub could not deliver to this connection; subscribe again";
            HubException why = new HubException(ErrorCode.UNAVAILABLE, message);
            loop.after(1, () -> {
                broken.accept(member);
                member.recipient.refuse(address, why);
            });
            return false;
        }
    }

    private void countTaken() {
        loop.meters().delivered(policy.kind(), taken);
        justTaken = taken;
        taken = 0;
    }

    /** Returns the place after which a member has to be served if it starts anew; empty when it has none yet. */
    Optional<Position> placeOf(Subscription member) {
        if (member.state == State.CATCHING_UP) {
            return Optional.ofNullable(member.position);
        }
        return flow != null && member.state == State.LIVE ? flow.place() : Optional.empty();
    }

    /** Ends listening; the last member has left. */
    void close() {
        closed = true;
        if (flow != null) {
            flow.closed();
        }
        loop.replay()
                .detach(address, loop.inbox())
                .onFailure(failure -> log.warn("detach failed address={} reason={}", address, failure.getMessage()));
    }

    /** Listens anew, after a hole or another epoch; members keep their places meanwhile. */
    void attachAgain() {
        if (!attaching) {
            attach();
        }
    }

    private void attach() {
        attaching = true;
        loop.replay().attach(address, policy, loop.inbox()).onComplete(answer -> {
            if (closed) {
                return;
            }
            if (answer.succeeded()) {
                attaching = false;
                attachFailures = 0;
                attached(answer.result());
                countTaken();
            } else {
                attachLater(answer.cause());
            }
        });
    }

    /** Stays in the state of attaching meanwhile, so that there is one retry, however many members come. */
    private void attachLater(Throwable failure) {
        attachFailures++;
        if (attachFailures == 1) {
            log.warn("attach failed, trying on address={} reason={}", address, failure.getMessage());
        }
        forEachMember(this::degraded);
        after(RETRY_MILLIS, this::attach);
    }

    private void degraded(Subscription member) {
        if (!member.degraded) {
            member.degraded = true;
            member.notice(new Recipient.Notice.Degraded(address));
        }
    }

    /** Takes the news that the node listens anew, maybe to another owner. */
    void attachedAgain(Attached answer) {
        attached(answer);
        countTaken();
    }

    /** Takes the news that nobody can be listened to for now; the node keeps trying. */
    void unreachable() {
        unreachable = true;
        forEachMember(this::degraded);
    }

    private void attached(Attached answer) {
        unreachable = false;
        forEachMember(member -> member.degraded = false);
        if (flow != null) {
            flow.attached(answer);
            return;
        }
        Flow made = flowFrom(answer);
        flow = made;
        made.attached(answer);
        forEachMember(made::joined);
        if (!early.isEmpty()) {
            made.events(List.copyOf(early));
            early.clear();
            earlyBytes = 0;
        }
        if (earlyLost) {
            earlyLost = false;
            attachAgain();
        }
    }

    private Flow flowFrom(Attached answer) {
        if (policy.kind() == DeliveryKind.LOG) {
            return new LogFlow(this, answer.head());
        }
        return policy.kind() == DeliveryKind.LATEST
                ? new LatestFlow(this, answer.head())
                : new SignalFlow(this, answer.head());
    }

    /** Calls {@code action} for every member, the last first, so that a member may leave meanwhile. */
    void forEachMember(Consumer<Subscription> action) {
        for (int i = members.size() - 1; i >= 0; i--) {
            if (i < members.size()) {
                action.accept(members.get(i));
            }
        }
    }

    /** Reads for a member; those who want the same at the same time share one question. */
    void read(ReadFrom from, int maxEvents, long maxBytes, Handler<AsyncResult<ReadResult>> then) {
        List<Handler<AsyncResult<ReadResult>>> known = reads.get(from);
        if (known != null) {
            known.add(then);
            return;
        }
        List<Handler<AsyncResult<ReadResult>>> asking = new ArrayList<>();
        asking.add(then);
        reads.put(from, asking);
        loop.room().reads().run(() -> {
            if (closed) {
                return;
            }
            loop.meters().read();
            loop.replay().read(address, policy, from, maxEvents, maxBytes).onComplete(result -> {
                reads.remove(from);
                if (!closed) {
                    asking.forEach(one -> one.handle(result));
                    countTaken();
                }
            });
        });
    }

    Tails tails() {
        return loop.room().tails();
    }

    NodeMemory memory() {
        return loop.room().memory();
    }

    /** Tells a member that its address cannot be served for now, and tries again in a while. */
    void tryLater(Subscription member, Runnable again) {
        degraded(member);
        after(RETRY_MILLIS, again);
    }

    void after(long millis, Runnable action) {
        loop.after(millis, () -> {
            if (!closed) {
                action.run();
            }
        });
    }

    /** Counts a member that came with a position and is about to be live for the first time. */
    void resumed(Subscription member) {
        if (member.resuming && !member.announced) {
            loop.meters().resumed(member.fromLog);
        }
    }

    /** Counts a member whose position was lost. */
    void lost(ReadResult.Reason reason) {
        loop.meters().lost(reason);
    }

    /** Counts a hole in what came, which the log has to fill. */
    void hole() {
        loop.meters().hole();
    }

    /** Counts an event in whose place a newer one goes. */
    void replaced() {
        loop.meters().dropped(policy.kind(), Drop.REPLACED, 1);
    }

    /** Counts signals that a slow member did not get. */
    void dropped(Subscription member, int events) {
        loop.meters().dropped(policy.kind(), Drop.SLOW, events);
        log.debug("signals dropped address={} connection={} events={}", address, member.recipient.connection(), events);
    }
}
