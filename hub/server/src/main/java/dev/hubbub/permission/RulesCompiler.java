package dev.hubbub.permission;

import dev.hubbub.config.AddressRule;
import dev.hubbub.config.AddressRule.Expression;
import dev.hubbub.config.AuthConfig;
import dev.hubbub.config.AuthConfig.ApiKeyConfig;
import dev.hubbub.config.ConfigException;
import dev.hubbub.config.Fault;
import dev.hubbub.config.SourcePosition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compiles all patterns and expressions of one config and collects every fault; used once. */
final class RulesCompiler {
    private final List<Fault> faults = new ArrayList<>();
    private final ExpressionCompiler expressions = new ExpressionCompiler(faults::add);

    /** Compiles the rules in their order. */
    List<CompiledRule> rules(List<AddressRule> addresses) {
        List<CompiledRule> rules = new ArrayList<>();
        for (AddressRule rule : addresses) {
            Expression match = rule.match();
            Optional<AddressPattern> pattern = pattern(match.source(), match.at());
            List<String> names = pattern.map(AddressPattern::names).orElse(List.of());
            if (pattern.isPresent()) {
                CompiledRule compiled = new CompiledRule(
                        rule,
                        pattern.get(),
                        rule.subscribe().flatMap(expression -> expressions.compile(expression, names)),
                        rule.publish().flatMap(expression -> expressions.compile(expression, names)),
                        rule.send().flatMap(expression -> expressions.compile(expression, names)));
                checkReachable(compiled, rules);
                rules.add(compiled);
            }
        }
        return rules;
    }

    /** Compiles the rights of the API keys, by the hash of the key. */
    Map<String, KeyRights> keys(AuthConfig auth) {
        Map<String, KeyRights> keys = new LinkedHashMap<>();
        for (ApiKeyConfig key : auth.apiKeys()) {
            keys.putIfAbsent(key.sha256(), new KeyRights(key.admin(), rights(key.publish()), rights(key.read())));
        }
        return keys;
    }

    /** Ends the work: throws when there was a fault. */
    void finish() {
        if (!faults.isEmpty()) {
            faults.sort(Comparator.comparing((Fault fault) -> fault.at().file())
                    .thenComparing(fault -> fault.at().line())
                    .thenComparing(fault -> fault.at().column()));
            throw new ConfigException(faults);
        }
    }

    private void checkReachable(CompiledRule rule, List<CompiledRule> earlier) {
        for (CompiledRule before : earlier) {
            if (before.pattern().covers(rule.pattern())) {
                String why = before.pattern().hasShapeOf(rule.pattern())
                        ? " has the same pattern"
                        : " (" + before.pattern() + ") takes all its addresses";
                faults.add(new Fault(
                        rule.rule().match().at(),
                        "rule " + number(rule) + " can never match: rule " + number(before) + why));
                return;
            }
        }
    }

    private static int number(CompiledRule rule) {
        return rule.rule().index() + 1;
    }

    private List<KeyRights.Right> rights(List<AuthConfig.Pattern> patterns) {
        List<KeyRights.Right> rights = new ArrayList<>();
        for (AuthConfig.Pattern each : patterns) {
            pattern(each.text(), each.at()).ifPresent(pattern -> rights.add(new KeyRights.Right(pattern, each.at())));
        }
        return rights;
    }

    private Optional<AddressPattern> pattern(String text, SourcePosition at) {
        PatternParser parser = new PatternParser(text);
        parser.faults().forEach(fault -> faults.add(new Fault(at.right(fault.offset()), fault.message())));
        return parser.faults().isEmpty() ? Optional.of(AddressPattern.of(text, parser.parts())) : Optional.empty();
    }
}
