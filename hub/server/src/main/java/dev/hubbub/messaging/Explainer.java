package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.permission.Action;
import dev.hubbub.permission.Decision;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import java.util.Map;
import java.util.Optional;

/** Says what the rules decide and why, without doing it. */
public interface Explainer {

    /**
     * Decides as the running rules would.
     *
     * @throws dev.hubbub.protocol.HubException with {@code BAD_ADDRESS}
     */
    Decision explain(Caller caller, Action action, String address);

    /**
     * Decides as {@link #explain(Caller, Action, String)}, in words that rooms without the permission room know.
     *
     * @param action its name on the wire, such as {@code subscribe}
     * @throws HubException with {@code BAD_ADDRESS}, or with {@code BAD_REQUEST} for an action that does not exist
     */
    default Explanation explain(Caller caller, String action, String address) {
        Action known = Action.parse(action)
                .orElseThrow(() -> new HubException(
                        ErrorCode.BAD_REQUEST, "action is one of subscribe, publish, presence and send"));
        Decision decision = explain(caller, known, address);
        return new Explanation(
                decision.allowed(),
                decision.rule(),
                decision.where(),
                decision.expression(),
                decision.values(),
                decision.reason());
    }

    /**
     * What the rules say, and why.
     *
     * @param allowed the answer
     * @param rule the pattern of the rule that decided; empty when none matched
     * @param where the place of the rule or expression in the config
     * @param expression the expression that decided
     * @param values what the expression saw
     * @param reason in plain words
     */
    record Explanation(
            boolean allowed,
            Optional<String> rule,
            Optional<String> where,
            Optional<String> expression,
            Map<String, Object> values,
            String reason) {}
}
