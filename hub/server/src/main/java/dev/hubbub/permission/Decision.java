package dev.hubbub.permission;

import java.util.Map;
import java.util.Optional;

/**
 * What the rules say, and why.
 *
 * @param allowed the answer
 * @param rule the pattern of the rule that decided; empty when none matched
 * @param where the place of the rule or expression in the config, as {@code file:line:column}
 * @param expression the expression that decided
 * @param values what the expression saw: the captured names and those claims and connection values that it mentions
 * @param reason in plain words
 */
public record Decision(
        boolean allowed,
        Optional<String> rule,
        Optional<String> where,
        Optional<String> expression,
        Map<String, Object> values,
        String reason) {}
