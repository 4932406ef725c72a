package dev.hubbub.permission;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in plain words what CEL found wrong with an expression at load. */
final class IssueWords {
    private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '(.+)' \\(in container.*");
    private static final Pattern OVERLOAD =
            Pattern.compile("found no matching overload for '(.+)' applied to '(.*?)' \\(candidates.*", Pattern.DOTALL);
    private static final Pattern TOKEN = Pattern.compile("token recognition error at: '(.*)'", Pattern.DOTALL);
    private static final Pattern UNEXPECTED =
            Pattern.compile("(?:mismatched|extraneous) input '(.*?)' expecting.*", Pattern.DOTALL);
    private static final Pattern RESERVED = Pattern.compile("reserved identifier: (.+)");
    private static final String END = "<EOF>";

    private IssueWords() {}

    /** Returns the words; CEL's own where they are plain enough. */
    static String of(String message, List<String> names) {
        Matcher undeclared = UNDECLARED.matcher(message);
        if (undeclared.matches()) {
            List<String> known = new ArrayList<>(names);
            known.addAll(List.of(CelExpression.CLAIMS, CelExpression.CONNECTION));
            return "unknown name \"" + undeclared.group(1) + "\"; known here: " + String.join(", ", known);
        }
        Matcher overload = OVERLOAD.matcher(message);
        if (overload.matches()) {
            return "\"" + FailureWords.symbol(overload.group(1)) + "\" does not go with " + overload.group(2);
        }
        Matcher token = TOKEN.matcher(message);
        if (token.matches()) {
            return "cannot read " + token.group(1) + " here";
        }
        Matcher unexpected = UNEXPECTED.matcher(message);
        if (unexpected.matches()) {
            return unexpected.group(1).equals(END)
                    ? "the expression ends too early"
                    : "did not expect \"" + unexpected.group(1) + "\" here";
        }
        Matcher reserved = RESERVED.matcher(message);
        return reserved.matches()
                ? "\"" + reserved.group(1) + "\" is a reserved word of the expression language"
                : message;
    }
}
