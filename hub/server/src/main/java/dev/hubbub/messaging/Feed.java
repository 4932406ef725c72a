package dev.hubbub.messaging;

import dev.hubbub.config.AddressRule;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.messaging.Subscription.State;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.replay.Attached;
import dev.hubbub.replay.LogPolicy;
import dev.hubbub.replay.ReadFrom;
import dev.hubbub.replay.ReadResult;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One address as one event loop hears it: attached to the owner once, whatever the number of subscribers.
 *
 * <p>Confined to its loop. While the owner cannot be reached the members keep their places, those who asked are told
 * {@code hub.degraded}, and the feed tries again every {@value #RETRY_MILLIS} ms; nothing is skipped.
 */
final class Feed {
    static final long RETRY_MILLIS = 1_000;
    private static final Logger log = LoggerFactory.getLogger(Feed.class);

    private final Address address;
    private final LoopContext loop;
    private final List<Subscription> members = new ArrayList<>();

    @Nullable
    private Flow flow;

    private AddressRule rule;
    private LogPolicy policy;
    private boolean attaching;
    private boolean closed;

    Feed(Address address, AddressRule rule, LoopContext loop) {
        this.address = address;
        this.rule = rule;
        this.policy = Policies.of(rule);
        this.loop = loop;
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
        if (flow != null) {
            flow.joined(member);
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
        }
    }

    /**
     * Takes events from the owner; they are nothing to a feed that is not attached yet, whose answer will cover them.
     */
    void events(List<EventFrame> events) {
        if (flow != null) {
            flow.events(events);
        }
    }

    /** Ends listening; the last member has left. */
    void close() {
        closed = true;
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
            attaching = false;
            if (closed) {
                return;
            }
            if (answer.succeeded()) {
                attached(answer.result());
            } else {
                log.warn(
                        "attach failed address={} reason={}",
                        address,
                        answer.cause().getMessage());
                forEachMember(member -> member.notice(new Recipient.Notice.Degraded(address)));
                loop.after(RETRY_MILLIS, () -> {
                    if (!closed) {
                        attachAgain();
                    }
                });
            }
        });
    }

    private void attached(Attached answer) {
        if (flow != null) {
            flow.attached(answer);
            return;
        }
        Flow made = flowFrom(answer);
        flow = made;
        made.attached(answer);
        forEachMember(made::joined);
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

    Future<ReadResult> read(ReadFrom from, int maxEvents, long maxBytes) {
        return loop.replay().read(address, policy, from, maxEvents, maxBytes);
    }

    /** Tells a member that its address cannot be served for now, and tries again in a while. */
    void tryLater(Subscription member, Runnable again) {
        member.notice(new Recipient.Notice.Degraded(address));
        loop.after(RETRY_MILLIS, again);
    }

    void after(long millis, Runnable action) {
        loop.after(millis, () -> {
            if (!closed) {
                action.run();
            }
        });
    }

    /** Counts signals that a slow member did not get. */
    void dropped(Subscription member, int events) {
        loop.meters().dropped(policy.kind(), events);
        log.debug("signals dropped address={} connection={} events={}", address, member.recipient.connection(), events);
    }
}
