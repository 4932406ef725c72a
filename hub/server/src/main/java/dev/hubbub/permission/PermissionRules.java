package dev.hubbub.permission;

import dev.hubbub.auth.Caller;
import dev.hubbub.config.AddressRule;
import dev.hubbub.config.HubConfig;
import dev.hubbub.config.SourcePosition;
import dev.hubbub.protocol.Address;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The compiled rules: immutable, pure, safe to share between event loops; a reload makes a new one.
 *
 * <p>Deny by default: no rule, no expression, an expression that fails and a key that the config no longer has are all
 * a no. The first rule that matches decides alone; a later one cannot widen it. Addresses of the hub itself
 * ({@code hub.}) and of the event bus beneath it ({@code __vertx}) are a no for everybody.
 */
public final class PermissionRules {
    private final List<CompiledRule> rules;
    private final Map<String, KeyRights> keys;

    private PermissionRules(List<CompiledRule> rules, Map<String, KeyRights> keys) {
        this.rules = List.copyOf(rules);
        this.keys = Map.copyOf(keys);
    }

    /**
     * Compiles every pattern and expression of the config.
     *
     * @throws dev.hubbub.config.ConfigException with the place of every fault, in the order of the file
     */
    public static PermissionRules compile(HubConfig config) {
        RulesCompiler compiler = new RulesCompiler();
        Map<String, KeyRights> keys = compiler.keys(config.auth());
        List<CompiledRule> rules = compiler.rules(config.addresses());
        compiler.finish();
        return new PermissionRules(rules, keys);
    }

    /**
     * Compiles rules without any key, to see what they would decide for users.
     *
     * @throws dev.hubbub.config.ConfigException with the place of every fault
     */
    public static PermissionRules ofAddresses(List<AddressRule> addresses) {
        RulesCompiler compiler = new RulesCompiler();
        List<CompiledRule> rules = compiler.rules(addresses);
        compiler.finish();
        return new PermissionRules(rules, Map.of());
    }

    /**
     * Decides. For a user the first matching rule's expression says; for a service its key's patterns say, and a rule
     * must match too (it says what the address keeps).
     *
     * <p>A service is judged by what these rules' config says of its key, so that a reload that takes a right or a key
     * away holds for requests under way.
     */
    public Decision decide(Caller caller, Action action, Address address) {
        if (ReservedAddresses.contains(address)) {
            return refusal("addresses that start with " + String.join(" or ", ReservedAddresses.PREFIXES)
                    + " belong to the hub itself");
        }
        Optional<CompiledRule> found = find(address);
        if (found.isEmpty()) {
            return refusal("no rule matches this address, and no match means no");
        }
        CompiledRule rule = found.get();
        if (rule.lacks(action)) {
            return plain(false, rule, "the rule has no \"presence\", so this address has no roster");
        }
        if (caller instanceof Caller.Operator) {
            return plain(true, rule, "an operator may");
        }
        if (caller instanceof Caller.Service service) {
            return decideService(service, action, address, rule);
        }
        return decideUser((Caller.User) caller, action, address, rule);
    }

    /** Decides without the evidence, as fast as possible; the same answer as {@link #decide}. */
    public boolean allows(Caller caller, Action action, Address address) {
        if (ReservedAddresses.contains(address)) {
            return false;
        }
        Optional<CompiledRule> found = find(address);
        if (found.isEmpty() || found.get().lacks(action)) {
            return false;
        }
        if (caller instanceof Caller.Operator) {
            return true;
        }
        if (caller instanceof Caller.Service service) {
            KeyRights rights = keys.get(service.key().sha256());
            return rights != null && rights.allows(action, address);
        }
        CompiledRule rule = found.get();
        Optional<RuleExpression> expression = rule.expression(action);
        return expression.isPresent() && test(expression.get(), (Caller.User) caller, address, rule);
    }

    /** Returns the first rule that matches; empty when none does, and for the hub's own addresses. */
    public Optional<AddressRule> rule(Address address) {
        return ReservedAddresses.contains(address)
                ? Optional.empty()
                : find(address).map(CompiledRule::rule);
    }

    /** Returns the place of the first rule that matches, from 0 and in the order of the file. */
    public OptionalInt placeOf(Address address) {
        return ReservedAddresses.contains(address)
                ? OptionalInt.empty()
                : IntStream.range(0, rules.size())
                        .filter(place -> rules.get(place).pattern().matches(address))
                        .findFirst();
    }

    private static boolean test(RuleExpression expression, Caller.User user, Address address, CompiledRule rule) {
        return expression.test(user, expression.needsNames() ? captured(rule, address) : Map.of());
    }

    private static Map<String, String> captured(CompiledRule rule, Address address) {
        return rule.pattern().match(address).orElse(Map.of());
    }

    private Optional<CompiledRule> find(Address address) {
        for (CompiledRule rule : rules) {
            if (rule.pattern().matches(address)) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }

    private static Decision decideUser(Caller.User user, Action action, Address address, CompiledRule rule) {
        Optional<RuleExpression> expression = rule.expression(action);
        if (expression.isEmpty()) {
            return plain(false, rule, "the rule has no \"" + action.wireName() + "\", so no user may");
        }
        Map<String, String> captured = captured(rule, address);
        RuleExpression.Answer answer = expression.get().answer(user, captured);
        Map<String, Object> values = new LinkedHashMap<>(captured);
        values.putAll(answer.values());
        return new Decision(
                answer.allowed(),
                Optional.of(rule.pattern().toString()),
                Optional.of(expression.get().at().toString()),
                Optional.of(expression.get().source()),
                values,
                answer.reason());
    }

    private Decision decideService(Caller.Service service, Action action, Address address, CompiledRule rule) {
        KeyRights rights = keys.get(service.key().sha256());
        if (rights == null) {
            return plain(false, rule, "the key \"" + service.name() + "\" is not in the config");
        }
        if (rights.admin()) {
            return plain(true, rule, "the key \"" + service.name() + "\" is an admin key");
        }
        Optional<KeyRights.Right> right = rights.right(action, address);
        String list = "\"" + KeyRights.listName(action) + "\" of the key \"" + service.name() + "\"";
        if (right.isEmpty()) {
            return plain(false, rule, "no pattern in " + list + " matches");
        }
        AddressPattern pattern = right.get().pattern();
        return new Decision(
                true,
                Optional.of(rule.pattern().toString()),
                Optional.of(right.get().at().toString()),
                Optional.of(pattern.toString()),
                new LinkedHashMap<>(pattern.match(address).orElse(Map.of())),
                "a pattern in " + list + " matches");
    }

    private static Decision plain(boolean allowed, CompiledRule rule, String reason) {
        SourcePosition at = rule.rule().match().at();
        return new Decision(
                allowed,
                Optional.of(rule.pattern().toString()),
                Optional.of(at.toString()),
                Optional.empty(),
                Map.of(),
                reason);
    }

    private static Decision refusal(String reason) {
        return new Decision(false, Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), reason);
    }
}
