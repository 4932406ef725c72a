package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.config.AddressRule;
import dev.hubbub.permission.Action;
import dev.hubbub.permission.PermissionRules;
import dev.hubbub.presence.Presence;
import dev.hubbub.presence.PresenceNews;
import dev.hubbub.presence.PresencePolicy;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who of one event loop stands in rosters, and who looks at them.
 *
 * <p>A subscription of a user to an address whose rule keeps a roster makes its connection a device there; anonymous
 * connections and services are not shown. Who asked for presence gets a roster and then changes; one that did not take
 * a frame gets the roster again when it has drained. Confined to its loop; holds an entry for each such subscription.
 */
final class LoopPresence {
    private static final Logger log = LoggerFactory.getLogger(LoopPresence.class);

    private final Supplier<PermissionRules> rules;
    private final Presence presence;
    private final String inbox;
    private final Map<Recipient, Map<Address, Standing>> standing = new HashMap<>();
    private final Map<Address, Map<Recipient, Looker>> lookers = new HashMap<>();
    private final Map<Address, PresencePolicy> watched = new HashMap<>();

    LoopPresence(Supplier<PermissionRules> rules, Presence presence, String inbox) {
        this.rules = rules;
        this.presence = presence;
        this.inbox = inbox;
    }

    /** What others see of a connection. */
    private record Standing(String user, String claims, PresencePolicy policy) {}

    /** How far somebody who looks is. */
    private static final class Looker {
        private boolean waits = true;
        private boolean blocked;
        private long generation;
        private long number;
    }

    /** Takes a subscription that has begun, or begun anew. */
    void subscribed(Subscription subscription, AddressRule rule) {
        Recipient recipient = subscription.recipient;
        Address address = subscription.address;
        stand(recipient, address, rule);
        boolean looks = subscription.options.presence()
                && rule.presence().isPresent()
                && rules.get().allows(recipient.caller(), Action.PRESENCE, address);
        if (looks) {
            lookers.computeIfAbsent(address, a -> new HashMap<>()).put(recipient, new Looker());
            watch(address, rule);
        } else {
            lookAway(recipient, address);
        }
    }

    /** Takes that a subscription goes on under a caller or a rule that may be others. */
    void judged(Subscription subscription, AddressRule rule) {
        boolean looked = lookers.getOrDefault(subscription.address, Map.of()).containsKey(subscription.recipient);
        boolean wants = subscription.options.presence() && rule.presence().isPresent();
        if (looked == wants) {
            stand(subscription.recipient, subscription.address, rule);
            if (wants && !policyOf(rule).equals(watched.get(subscription.address))) {
                watch(subscription.address, rule);
            }
        } else {
            subscribed(subscription, rule);
        }
    }

    private void watch(Address address, AddressRule rule) {
        PresencePolicy policy = policyOf(rule);
        watched.put(address, policy);
        presence.watch(address, policy, inbox);
    }

    /** Takes that a subscription is over. */
    void ended(Recipient recipient, Address address) {
        notStanding(recipient, address);
        lookAway(recipient, address);
    }

    private void notStanding(Recipient recipient, Address address) {
        Map<Address, Standing> own = standing.get(recipient);
        if (own == null || own.remove(address) == null) {
            return;
        }
        if (own.isEmpty()) {
            standing.remove(recipient);
        }
        presence.leave(address, recipient.connection());
    }

    private void lookAway(Recipient recipient, Address address) {
        Map<Recipient, Looker> here = lookers.get(address);
        if (here != null && here.remove(recipient) != null && here.isEmpty()) {
            lookers.remove(address);
            watched.remove(address);
            presence.unwatch(address, inbox);
        }
    }

    private void stand(Recipient recipient, Address address, AddressRule rule) {
        Optional<Standing> now = standingOf(recipient.caller(), rule);
        if (now.isEmpty()) {
            notStanding(recipient, address);
            return;
        }
        Standing shown = now.get();
        Standing before =
                standing.computeIfAbsent(recipient, r -> new HashMap<>(2)).put(address, shown);
        if (!shown.equals(before)) {
            presence.enter(address, shown.policy(), recipient.connection(), shown.user(), shown.claims());
        }
    }

    private static Optional<Standing> standingOf(Caller caller, AddressRule rule) {
        if (rule.presence().isEmpty()
                || !(caller instanceof Caller.User user)
                || user.identity().subject().isEmpty()) {
            return Optional.empty();
        }
        JsonObject claims = new JsonObject();
        for (String name : rule.presence().get().show()) {
            Object value = user.identity().claims().get(name);
            if (value != null) {
                claims.put(name, value);
            }
        }
        return Optional.of(new Standing(user.identity().subject().get(), claims.encode(), policyOf(rule)));
    }

    private static PresencePolicy policyOf(AddressRule rule) {
        AddressRule.Presence said = rule.presence().orElseThrow();
        return new PresencePolicy(said.grace().toMillis(), said.service());
    }

    /** Goes on with who did not take a frame and can again: from a new roster. */
    void drained(Recipient recipient) {
        lookers.forEach((address, here) -> {
            Looker looker = here.get(recipient);
            if (looker != null && looker.blocked) {
                looker.blocked = false;
                looker.waits = true;
                rules.get()
                        .rule(address)
                        .filter(rule -> rule.presence().isPresent())
                        .ifPresent(rule -> watch(address, rule));
            }
        });
    }

    /** Takes a frame, and hands it to those whom it is for. */
    void take(PresenceNews news) {
        Map<Recipient, Looker> here = lookers.getOrDefault(news.address(), Map.of());
        List<Map.Entry<Recipient, Looker>> all = new ArrayList<>(here.entrySet());
        for (Map.Entry<Recipient, Looker> one : all) {
            Looker looker = one.getValue();
            if (!looker.blocked && isFor(news, looker)) {
                deliver(news, one.getKey(), looker);
            }
        }
    }

    private static boolean isFor(PresenceNews news, Looker looker) {
        boolean same = !looker.waits && looker.generation == news.generation();
        return news.kind() == PresenceNews.Kind.CHANGES ? same : !same || looker.number >= news.from();
    }

    private static void deliver(PresenceNews news, Recipient recipient, Looker looker) {
        boolean took;
        try {
            took = recipient.deliver(news.frame());
        } catch (RuntimeException failure) {
            // One whose connection breaks over it must not cost the others theirs.
            log.error("delivery failed address={} connection={}", news.address(), recipient.connection(), failure);
            took = false;
        }
        if (!took) {
            looker.blocked = true; // nothing is kept for it: it begins again with a roster
            looker.waits = true;
            return;
        }
        looker.waits = false;
        looker.generation = news.generation();
        if (news.kind() == PresenceNews.Kind.ROSTER) {
            looker.number = news.number();
        }
    }

    /** Sets what a connection says of itself; the body is {@code {address, state, expires}}. */
    Future<Void> setState(Recipient recipient, @Nullable Object body) {
        try {
            StateCommand command = StateCommand.read(body);
            Address address = command.address();
            if (!standing.getOrDefault(recipient, Map.of()).containsKey(address)) {
                throw new HubException(ErrorCode.ACCESS_DENIED, "you are not in a roster of " + address);
            }
            return presence.setState(address, recipient.connection(), command.json(), command.expiresMillis());
        } catch (HubException refused) {
            return Future.failedFuture(refused);
        }
    }
}
