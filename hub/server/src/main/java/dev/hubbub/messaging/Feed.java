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
import java.util.List;
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
 * members, the reads under way (at most one per member), at most {@value EarlyEvents#MOST} events and
 * {@value EarlyEvents#MOST_BYTES} bytes that came before it was attached, and what its flow holds; all of it goes with
 * the last member.
 */
final class Feed {
    static final long RETRY_MILLIS = 1_000;
    private static final Logger log = LoggerFactory.getLogger(Feed.class);

    private final Address address;
    private final LoopContext loop;
    private final Consumer<Subscription> broken;
    private final List<Subscription> members = new ArrayList<>();
    final AddressActivity activity = new AddressActivity();

    @Nullable
    private Flow flow;

    private AddressRule rule;
    private LogPolicy policy;
    private final FeedReads reads;
    private final EarlyEvents early = new EarlyEvents();
    private boolean unreachable;
    private boolean attaching;
    private int attachFailures;
    private final Ledger ledger;
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
        this.ledger = new Ledger(address, policy.kind(), loop.accounting().of(policy.kind()), loop.trace());
        this.reads = new FeedReads(address, loop, () -> closed, ledger::post);
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
        member.activity = activity;
        members.add(member);
        if (unreachable) {
            degraded(member);
        }
        if (flow != null) {
            flow.joined(member);
            ledger.post();
        } else if (!attaching) {
            attach();
        }
    }

    Ledger ledger() {
        return ledger;
    }

    /** Removes a member and ends it. */
    void leave(Subscription member, Accounting.Loss why) {
        if (member.isOver()) {
            return;
        }
        State before = member.state;
        member.state = State.ENDED;
        Flow now = flow;
        ledger.left(member, before, now == null ? Optional.empty() : now.place(), now == null ? 0 : now.held(), why);
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
            ledger.post();
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
        List<EventFrame> own = policy.kind() == DeliveryKind.SIGNAL ? events : Flow.placed(events);
        if (own.isEmpty()) {
            return;
        }
        if (flow != null) {
            flow.events(own);
            ledger.post();
            return;
        }
        early.add(own);
    }

    /** Hands a batch to one member; one whose connection breaks over it is ended. */
    boolean deliver(Subscription member, EventBatch batch) {
        boolean took = hand(member, batch);
        activity.delivered(took ? batch.events().size() : 0, loop.trace().millis());
        return took;
    }

    /** Returns how many of the last events were taken at once, once for each member that took one. */
    long justTaken() {
        return justTaken;
    }

    /** Hands a batch to a member; one whose connection breaks over it is ended, so that the others get theirs. */
    private boolean hand(Subscription member, EventBatch batch) {
        try {
            boolean took = member.recipient.deliver(batch);
            justTaken += took ? batch.events().size() : 0;
            return took;
        } catch (RuntimeException failure) {
            log.error("delivery failed address={} connection={}", address, member.recipient.connection(), failure);
            leave(member, Accounting.Loss.BROKEN);
            String message = "the hub could not deliver to this connection; subscribe again";
            HubException why = new HubException(ErrorCode.UNAVAILABLE, message);
            loop.after(1, () -> {
                broken.accept(member);
                member.recipient.refuse(address, why);
            });
            return false;
        }
    }

    /**
     * Offers a batch to every live member, the last first, so that a member may leave meanwhile.
     *
     * @param refused what becomes of a live member that does not take it
     * @param behind what is done with a member that is not live
     */
    void offer(EventBatch batch, Consumer<Subscription> refused, Consumer<Subscription> behind) {
        int took = 0;
        int missed = 0;
        for (int i = members.size() - 1; i >= 0; i--) {
            if (i >= members.size()) {
                continue;
            }
            Subscription member = members.get(i);
            if (member.state != State.LIVE) {
                behind.accept(member);
            } else if (hand(member, batch)) {
                took++;
                if (batch.isSelective() || member.dropping) {
                    ledger.tookSome(member, batch);
                }
            } else {
                missed++;
                if (member.isOver()) {
                    ledger.broken(batch);
                } else {
                    refused.accept(member);
                }
            }
        }
        ledger.offered(batch, took, missed);
        activity.delivered((long) took * batch.events().size(), loop.trace().millis());
    }

    /** Returns the place after which a member has to be served if it starts anew; empty when it has none yet. */
    Optional<Position> placeOf(Subscription member) {
        if (member.state == State.CATCHING_UP) {
            return Optional.ofNullable(member.position);
        }
        return flow != null && member.state == State.LIVE ? flow.place() : Optional.empty();
    }

    /** Returns up to where the live members were served; empty while it is not attached and for signals. */
    Optional<Position> head() {
        return flow == null ? Optional.empty() : flow.place();
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
                ledger.post();
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
        ledger.post();
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
        List<EventFrame> came = early.take();
        if (!came.isEmpty()) {
            made.events(came);
        }
        if (early.wereLost()) {
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
        reads.read(policy, from, maxEvents, maxBytes, then);
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
                ledger.post();
            }
        });
    }

    Meters meters() {
        return loop.meters();
    }

    /** Counts an event in whose place a newer one goes. */
    void replaced() {
        loop.meters().dropped(policy.kind(), Drop.REPLACED, 1);
    }

    /** Counts signals that a slow member did not get. */
    void dropped(Subscription member, int events) {
        loop.meters().dropped(policy.kind(), Drop.SLOW, events);
        activity.dropped(events);
        ledger.dropped(member, events);
        log.debug("signals dropped address={} connection={} events={}", address, member.recipient.connection(), events);
    }
}
