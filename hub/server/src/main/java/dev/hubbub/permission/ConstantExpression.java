package dev.hubbub.permission;

import dev.hubbub.auth.Caller;
import dev.hubbub.config.SourcePosition;
import java.util.Map;

/** A rule that says {@code true} or {@code false} to everybody; needs no expression language. */
record ConstantExpression(boolean value, SourcePosition at) implements RuleExpression {

    @Override
    public String source() {
        return Boolean.toString(value);
    }

    @Override
    public boolean test(Caller.User user, Map<String, String> captured) {
        return value;
    }

    @Override
    public boolean needsNames() {
        return false;
    }

    @Override
    public Answer answer(Caller.User user, Map<String, String> captured) {
        return new Answer(value, Map.of(), value ? "the rule says yes to everybody" : "the rule says no to every user");
    }
}
