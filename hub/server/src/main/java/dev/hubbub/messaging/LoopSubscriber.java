package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.config.AddressRule;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.messaging.Accounting.Loss;
import dev.hubbub.permission.Action;
import dev.hubbub.permission.Decision;
import dev.hubbub.permission.PermissionRules;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.Deliveries;
import dev.hubbub.replay.Delivery;
import dev.hubbub.replay.FeedMessage;
import dev.hubbub.telemetry.EventTrail.Step;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscriptions of one event loop: who hears which address, and the fan-out to them.
 *
 * <p>Confined to its loop. The number of subscriptions of a connection is bounded by its session.
 */
final class LoopSubscriber implements Subscriber {
    private static final Logger log = LoggerFactory.getLogger(LoopSubscriber.class);
    /** Beyond it a resume is refused instead of queued. */
    private static final long LONGEST_READ_WAIT_MILLIS = 15_000;

    private final Supplier<PermissionRules> rules;
    private final LoopContext loop;
    private final LoopPresence presence;
    private final Evidence evidence;
    private final FanOutPace pace;
    private final Map<Address, Feed> feeds = new HashMap<>();
    private final Map<Recipient, Map<Address, Subscription>> subscriptions = new HashMap<>();

    /** How many subscriptions there are, for who looks from another thread. */
    private final AtomicInteger count = new AtomicInteger();

    LoopSubscriber(Supplier<PermissionRules> rules, LoopContext loop, LoopPresence presence) {
        this.rules = rules;
        this.loop = loop;
        this.presence = presence;
        this.evidence = new Evidence(loop.trace());
        this.pace = new FanOutPace(loop.timers(), this::deliver);
    }

    /** Takes what the node hears from the owners: events for who subscribed, and what became of listening. */
    void take(FeedMessage message) {
        if (message instanceof Deliveries deliveries) {
            pace.take(deliveries);
            return;
        }
        pace.endRest();
        if (message instanceof FeedMessage.AttachedAgain again) {
            feed(again.address()).ifPresent(feed -> feed.attachedAgain(again.attached()));
        } else if (message instanceof FeedMessage.Unreachable unreachable) {
            unreachable.addresses().forEach(address -> feed(address).ifPresent(Feed::unreachable));
        }
    }

    private void deliver(Deliveries deliveries) {
        Set<DeliveryKind> delivered = EnumSet.noneOf(DeliveryKind.class);
        boolean follows = !loop.trail().isIdle();
        for (Delivery delivery : deliveries.all()) {
            Feed feed = feeds.get(delivery.address());
            if (feed != null) {
                List<Step> steps = follows ? steps(delivery) : List.of();
                deliver(feed, delivery);
                if (feed.justTaken() > 0) {
                    delivered.add(delivery.kind());
                }
                long recipients = feed.justTaken() / delivery.events().size();
                if (follows) {
                    loop.timers().soon(() -> steps.forEach(step -> step.delivered(recipients)));
                }
            }
        }
        if (!delivered.isEmpty()) {
            // Behind the flush of the sockets, which the first write of the turn has put in the loop's queue.
            loop.timers().soon(() -> loop.meters().written(delivered, deliveries.origin(), System.nanoTime()));
        }
    }

    /** What goes wrong at one address costs the others nothing, and its own subscribers a look into its log. */
    private static void deliver(Feed feed, Delivery delivery) {
        try {
            feed.events(delivery.events());
        } catch (RuntimeException e) {
            log.error("events not delivered, listening anew address={}", delivery.address(), e);
            feed.attachAgain();
        }
    }

    private List<Step> steps(Delivery delivery) {
        return delivery.events().stream()
                .map(event -> loop.trail()
                        .delivering(event.address().value(), event.content().id(), event.traceparent()))
                .toList();
    }

    @Override
    public void subscribe(Recipient recipient, String text, SubscribeOptions options) {
        subscribe(recipient, text, options, false);
    }

    private void subscribe(Recipient recipient, String text, SubscribeOptions options, boolean goesOn) {
        Address address = new Address(text);
        Optional<AddressRule> rule = allowedRule(recipient.caller(), address);
        if (rule.isEmpty()) {
            loop.meters().refused(ErrorCode.ACCESS_DENIED);
            evidence.denied(recipient, address, rules.get().decide(recipient.caller(), Action.SUBSCRIBE, address));
            unsubscribe(recipient, address, Loss.REVOKED);
            recipient.refuse(address, new HubException(ErrorCode.ACCESS_DENIED, "you may not subscribe to " + address));
            return;
        }
        Optional<HubException> wait =
                goesOn || feeds.containsKey(address) ? Optional.empty() : refusal(options, rule.get());
        if (wait.isPresent()) {
            loop.meters().refused(wait.get().code());
            recipient.refuse(address, wait.get());
            return;
        }
        withdraw(
                recipient,
                address,
                Loss.UNSUBSCRIBED); // it stays in the roster: a subscription that starts anew is no leave and join
        if (!goesOn && options.position().isPresent() && !subscriptions.containsKey(recipient)) {
            loop.meters().reconnected();
        }
        Subscription subscription = new Subscription(recipient, address, options);
        subscriptions.computeIfAbsent(recipient, r -> new HashMap<>()).put(address, subscription);
        count.incrementAndGet();
        feeds.computeIfAbsent(address, a -> new Feed(a, rule.get(), loop, this::broken))
                .join(subscription);
        presence.subscribed(subscription, rule.get());
    }

    /** Refuses who wants what is kept of an address that this loop does not hear yet, while that would be too much. */
    private Optional<HubException> refusal(SubscribeOptions options, AddressRule rule) {
        boolean wantsWhatIsKept =
                options.position().isPresent() || options.recent().isPresent();
        if (!wantsWhatIsKept && rule.delivery() != DeliveryKind.LATEST) {
            return Optional.empty();
        }
        try {
            loop.room().memory().requireRoom();
        } catch (HubException full) {
            return Optional.of(full);
        }
        long wait = loop.room().reads().waitMillis();
        return wait <= LONGEST_READ_WAIT_MILLIS
                ? Optional.empty()
                : Optional.of(new HubException(
                        ErrorCode.RATE_LIMITED,
                        "more clients come back than this node can serve from its logs; subscribe again in a while",
                        new JsonObject().put("retryAfterMillis", wait)));
    }

    private Optional<AddressRule> allowedRule(Caller caller, Address address) {
        PermissionRules now = rules.get();
        return now.allows(caller, Action.SUBSCRIBE, address) ? now.rule(address) : Optional.empty();
    }

    @Override
    public void unsubscribe(Recipient recipient, Address address) {
        unsubscribe(recipient, address, Loss.UNSUBSCRIBED);
    }

    private void unsubscribe(Recipient recipient, Address address, Loss why) {
        withdraw(recipient, address, why);
        presence.ended(recipient, address);
    }

    private void broken(Subscription member) {
        Map<Address, Subscription> own = subscriptions.getOrDefault(member.recipient, Map.of());
        if (own.get(member.address) == member) {
            unsubscribe(member.recipient, member.address, Loss.BROKEN);
        }
    }

    private void withdraw(Recipient recipient, Address address, Loss why) {
        Map<Address, Subscription> own = subscriptions.get(recipient);
        Subscription subscription = own == null ? null : own.remove(address);
        if (own != null && own.isEmpty()) {
            subscriptions.remove(recipient);
        }
        if (subscription != null) {
            count.decrementAndGet();
            end(subscription, why);
        }
    }

    private void end(Subscription subscription, Loss why) {
        Feed feed = feeds.get(subscription.address);
        if (feed != null) {
            feed.leave(subscription, why);
            if (feed.isEmpty()) {
                feeds.remove(subscription.address);
                feed.close();
            }
        }
    }

    @Override
    public void drained(Recipient recipient) {
        for (Subscription subscription : of(recipient)) {
            Feed feed = feeds.get(subscription.address);
            if (subscription.blocked && feed != null) {
                feed.drained(subscription);
            }
        }
        presence.drained(recipient);
    }

    @Override
    public Future<Void> setState(Recipient recipient, @Nullable Object body) {
        return presence.setState(recipient, body);
    }

    @Override
    public void judgeAgain(Recipient recipient) {
        for (Subscription subscription : of(recipient)) {
            Address address = subscription.address;
            Optional<AddressRule> rule = allowedRule(recipient.caller(), address);
            if (rule.isPresent()) {
                presence.judged(subscription, rule.get());
            } else {
                evidence.revoked(recipient, address, rules.get().decide(recipient.caller(), Action.SUBSCRIBE, address));
                unsubscribe(recipient, address, Loss.REVOKED);
                loop.meters().revoked();
                String reason = "you may no longer subscribe to " + address;
                recipient.refuse(address, new HubException(ErrorCode.ACCESS_REVOKED, reason));
                subscription.notice(new Recipient.Notice.Revoked(address, reason));
            }
        }
    }

    /** Applies changed rules: ends what is no longer allowed, and starts feeds whose rule changed anew. */
    void rulesChanged() {
        new ArrayList<>(subscriptions.keySet()).forEach(this::judgeAgain);
        for (Feed feed : new ArrayList<>(feeds.values())) {
            rules.get().rule(feed.address()).ifPresent(rule -> {
                if (rule.delivery() == feed.rule().delivery()) {
                    feed.apply(rule);
                } else {
                    startAnew(feed);
                }
            });
        }
    }

    /** Names the subscriptions that other rules would end. */
    DoorQuestion.Cuts wouldCut(LoopQuestion.WouldCut question, String node) {
        List<Doorkeeper.Cut> cuts = new ArrayList<>();
        for (Map.Entry<Recipient, Map<Address, Subscription>> entry : subscriptions.entrySet()) {
            Recipient recipient = entry.getKey();
            for (Address address : entry.getValue().keySet()) {
                if (question.rules().allows(recipient.caller(), Action.SUBSCRIBE, address)) {
                    continue;
                }
                if (cuts.size() == question.most()) {
                    return new DoorQuestion.Cuts(cuts, true);
                }
                Decision decision = question.rules().decide(recipient.caller(), Action.SUBSCRIBE, address);
                cuts.add(new Doorkeeper.Cut(
                        recipient.caller().name(),
                        recipient.connection().value(),
                        node,
                        address.value(),
                        decision.rule().orElse(""),
                        decision.reason()));
            }
        }
        return new DoorQuestion.Cuts(cuts, false);
    }

    /** Another delivery kind wants another feed: everybody leaves, then comes back with its place, if it has one. */
    private void startAnew(Feed feed) {
        Map<Subscription, SubscribeOptions> members = new LinkedHashMap<>();
        feed.members().forEach(member -> members.put(member, optionsAnew(feed, member)));
        members.keySet().forEach(member -> withdraw(member.recipient, member.address, Loss.UNSUBSCRIBED));
        members.forEach((member, options) -> subscribe(member.recipient, member.address.value(), options, true));
    }

    private static SubscribeOptions optionsAnew(Feed feed, Subscription member) {
        SubscribeOptions old = member.options;
        if (!member.announced && feed.placeOf(member).isEmpty()) {
            return old;
        }
        Optional<String> place = feed.placeOf(member).map(Position::toString);
        return new SubscribeOptions(place, OptionalInt.empty(), old.presence(), old.notices());
    }

    @Override
    public void close(Recipient recipient) {
        for (Subscription subscription : of(recipient)) {
            unsubscribe(recipient, subscription.address, Loss.CLOSED);
        }
    }

    /** Copies the feeds. */
    List<Feed> feeds() {
        return List.copyOf(feeds.values());
    }

    /** Tells whether a recipient is subscribed to an address. */
    boolean isSubscribed(Recipient recipient, Address address) {
        return subscriptions.getOrDefault(recipient, Map.of()).containsKey(address);
    }

    /** Copies a recipient's subscriptions. */
    List<Subscription> of(Recipient recipient) {
        Map<Address, Subscription> own = subscriptions.get(recipient);
        return own == null ? List.of() : new ArrayList<>(own.values());
    }

    /** Tells whether a recipient has asked for notices, of any address. */
    boolean wantsNotices(Recipient recipient) {
        return of(recipient).stream().anyMatch(subscription -> subscription.options.notices());
    }

    /** Returns the subscriptions of the recipients that are wanted, with their feeds. */
    Map<Subscription, Feed> subscriptionsOf(Predicate<Recipient> wanted) {
        Map<Subscription, Feed> found = new LinkedHashMap<>();
        subscriptions.forEach((recipient, own) -> {
            if (wanted.test(recipient)) {
                own.forEach((address, subscription) -> feed(address).ifPresent(feed -> found.put(subscription, feed)));
            }
        });
        return found;
    }

    /** Returns how this loop hears an address, if it does. */
    Optional<Feed> feed(Address address) {
        return Optional.ofNullable(feeds.get(address));
    }

    /** Returns how many subscriptions there are; from any thread. */
    int count() {
        return count.get();
    }

    /** Counts the subscriptions and users of every address that begins so. */
    Map<Address, Audience> audiences(String prefix) {
        Map<Address, Audience> audiences = new HashMap<>();
        feeds.forEach((address, feed) -> {
            if (address.value().startsWith(prefix)) {
                Set<String> users = new HashSet<>();
                feed.members()
                        .forEach(member -> users.add(member.recipient.caller().name()));
                audiences.put(address, new Audience(feed.members().size(), users));
            }
        });
        return audiences;
    }

    /**
     * Who listens to an address on one loop.
     *
     * @param subscribers how many subscriptions
     * @param users their different users
     */
    record Audience(int subscribers, Set<String> users) {
        Audience {
            users = Set.copyOf(users);
        }
    }
}
