package dev.hubbub.permission;

import dev.hubbub.auth.Caller;
import dev.hubbub.config.SourcePosition;
import java.util.Map;

/** A compiled {@code subscribe}, {@code publish} or {@code send}; immutable, safe to share between event loops. */
sealed interface RuleExpression permits ConstantExpression, CelExpression {

    /** Returns the expression as it stands in the file. */
    String source();

    /** Returns where it stands. */
    SourcePosition at();

    /** Tells whether it is exactly true; a failure is a no. */
    boolean test(Caller.User user, Map<String, String> captured);

    /** Tells whether {@link #test} looks at the captured names, so that callers may skip capturing them. */
    boolean needsNames();

    /** Evaluates it with the evidence; allowed exactly when {@link #test} is. */
    Answer answer(Caller.User user, Map<String, String> captured);

    /**
     * What came out.
     *
     * @param allowed whether it is exactly true
     * @param values the claims and connection fields that it mentions, with their values or {@code (missing)}
     * @param reason in plain words
     */
    record Answer(boolean allowed, Map<String, Object> values, String reason) {}
}
