package dev.hubbub.permission;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelVariableResolver;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Says in plain words why an expression failed at run time. */
final class FailureWords {
    private static final Pattern QUOTED = Pattern.compile("'([^']*)'");

    private FailureWords() {}

    /** Returns a reason such as {@code claims has no "workspaces"}. */
    static String of(CelEvaluationException failure, List<Mention> mentions, CelVariableResolver scope) {
        return switch (failure.getErrorCode()) {
            case ATTRIBUTE_NOT_FOUND -> missing(failure, mentions, scope);
            case OVERLOAD_NOT_FOUND -> "the kinds of value do not fit" + operator(failure) + seen(mentions, scope);
            case INDEX_OUT_OF_BOUNDS -> "a list is shorter than the expression expects" + seen(mentions, scope);
            case DIVIDE_BY_ZERO -> "the expression divides by zero";
            case NUMERIC_OVERFLOW -> "a number is too large";
            case BAD_FORMAT -> "a text could not be converted" + seen(mentions, scope);
            case ITERATION_BUDGET_EXCEEDED ->
                "the expression looked at more than " + ExpressionCompiler.MAX_ITERATIONS + " items of lists";
            default -> other(failure) + seen(mentions, scope);
        };
    }

    private static String other(CelEvaluationException failure) {
        return String.valueOf(failure.getMessage()).contains("xpected boolean value")
                ? "a part of the expression is not true or false"
                : "the expression could not be evaluated";
    }

    private static String missing(CelEvaluationException failure, List<Mention> mentions, CelVariableResolver scope) {
        Optional<String> key = quoted(failure);
        for (Mention mention : mentions) {
            int gap = firstGap(mention, scope);
            if (gap >= 0 && key.map(mention.fields().get(gap)::equals).orElse(true)) {
                return gapWords(mention, gap, scope);
            }
        }
        return key.map(name -> "there is no \"" + name + "\" where the expression looks for it")
                .orElse("the expression looks up a key that is not there");
    }

    private static String gapWords(Mention mention, int gap, CelVariableResolver scope) {
        String holder = mention.path(gap);
        String field = mention.fields().get(gap);
        Optional<Object> value = mention.lookUp(scope, gap);
        return value.isPresent() && !(value.get() instanceof Map<?, ?>)
                ? holder + " is " + kind(value.get()) + ", so it has no \"" + field + "\""
                : holder + " has no \"" + field + "\"";
    }

    private static int firstGap(Mention mention, CelVariableResolver scope) {
        for (int length = 1; length <= mention.fields().size(); length++) {
            if (mention.lookUp(scope, length).isEmpty()) {
                return length - 1;
            }
        }
        return -1;
    }

    private static Optional<String> quoted(CelEvaluationException failure) {
        Matcher matcher = QUOTED.matcher(String.valueOf(failure.getMessage()));
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static String operator(CelEvaluationException failure) {
        return quoted(failure).map(name -> " \"" + symbol(name) + "\"").orElse("");
    }

    /** Turns CEL's inner names, such as {@code _<=_} and {@code @in}, into what people write. */
    static String symbol(String function) {
        return function.equals("_?_:_") ? "? :" : function.replace("_", "").replace("@", "");
    }

    private static String seen(List<Mention> mentions, CelVariableResolver scope) {
        if (mentions.isEmpty()) {
            return "";
        }
        return mentions.stream()
                .map(mention -> mention.path() + " is "
                        + mention.lookUp(scope).map(FailureWords::kind).orElse("missing"))
                .collect(Collectors.joining(", ", ": ", ""));
    }

    /** Names the kind of a value as a person would. */
    static String kind(Object value) {
        if (value instanceof String) {
            return "a string";
        }
        if (value instanceof Number) {
            return "a number";
        }
        if (value instanceof Boolean) {
            return "true or false";
        }
        if (value instanceof List<?>) {
            return "a list";
        }
        return value instanceof Map<?, ?> ? "an object" : "something unknown";
    }
}
