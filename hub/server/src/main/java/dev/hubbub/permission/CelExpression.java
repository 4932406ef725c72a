package dev.hubbub.permission;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelVariableResolver;
import dev.hubbub.auth.Caller;
import dev.hubbub.config.SourcePosition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An expression in CEL, compiled and type-checked.
 *
 * <p>The runtime answers with an "unknown" object rather than an exception for some missing values, so only the very
 * {@code true} is a yes. Whatever the runtime throws is a no: a fault in it must never open an address.
 *
 * @param source as it stands in the file
 * @param at where it stands
 * @param program what evaluates it; safe for many threads
 * @param mentions what it mentions of claims and connection, in its order
 */
record CelExpression(String source, SourcePosition at, CelRuntime.Program program, List<Mention> mentions)
        implements RuleExpression {

    /** The variable that holds the token's claims. */
    static final String CLAIMS = "claims";

    /** The variable that holds what is known of the connection. */
    static final String CONNECTION = "connection";

    CelExpression {
        mentions = List.copyOf(mentions);
    }

    @Override
    public boolean needsNames() {
        return true;
    }

    @Override
    public boolean test(Caller.User user, Map<String, String> captured) {
        try {
            return Boolean.TRUE.equals(program.eval(scope(user, captured)));
        } catch (CelEvaluationException | RuntimeException failed) {
            return false;
        }
    }

    @Override
    public Answer answer(Caller.User user, Map<String, String> captured) {
        CelVariableResolver scope = scope(user, captured);
        Map<String, Object> values = new LinkedHashMap<>();
        for (Mention mention : mentions) {
            values.put(mention.path(), mention.lookUp(scope).orElse("(missing)"));
        }
        try {
            Object result = program.eval(scope);
            return new Answer(Boolean.TRUE.equals(result), values, outcome(result));
        } catch (CelEvaluationException failed) {
            return new Answer(false, values, FailureWords.of(failed, mentions, scope));
        } catch (RuntimeException failed) {
            return new Answer(false, values, "the expression could not be evaluated, and that is a no");
        }
    }

    private static String outcome(Object result) {
        if (result instanceof Boolean decided) {
            return decided ? "the expression is true" : "the expression is false";
        }
        return "the expression gave " + FailureWords.kind(result) + " and only true is a yes";
    }

    private static CelVariableResolver scope(Caller.User user, Map<String, String> captured) {
        return name -> switch (name) {
            case CLAIMS -> Optional.of(user.identity().claims());
            case CONNECTION ->
                Optional.of(Map.of(
                        "ip", user.connection().ip(), "agent", user.connection().agent()));
            default -> Optional.ofNullable(captured.get(name));
        };
    }
}
