package dev.hubbub.permission;

import dev.hubbub.config.AddressRule;
import java.util.Optional;

/** One rule of {@code addresses:} with its pattern and expressions compiled. */
record CompiledRule(
        AddressRule rule,
        AddressPattern pattern,
        Optional<RuleExpression> subscribe,
        Optional<RuleExpression> publish,
        Optional<RuleExpression> send) {

    /** Returns what decides over the action for users; empty when the rule has no word for it. */
    Optional<RuleExpression> expression(Action action) {
        return switch (action) {
            case SUBSCRIBE, PRESENCE -> subscribe;
            case PUBLISH -> publish;
            case SEND -> send;
        };
    }

    /** Tells whether the action makes no sense here whoever asks: a roster that is not kept. */
    boolean lacks(Action action) {
        return action == Action.PRESENCE && rule.presence().isEmpty();
    }
}
