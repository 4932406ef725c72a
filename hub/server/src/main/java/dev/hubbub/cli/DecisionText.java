package dev.hubbub.cli;

import dev.hubbub.permission.Decision;
import io.vertx.core.json.Json;
import java.io.PrintWriter;
import java.util.TreeMap;

/** Says what decided, for people. */
final class DecisionText {
    private DecisionText() {}

    static void print(PrintWriter out, Decision decision) {
        out.println("  reason      " + decision.reason());
        decision.rule().ifPresent(rule -> out.println("  rule        " + rule));
        decision.where().ifPresent(where -> out.println("  at          " + where));
        decision.expression().ifPresent(expression -> out.println("  expression  " + expression));
        new TreeMap<>(decision.values())
                .forEach((name, value) -> out.println("  value       " + name + " = " + Json.encode(value)));
    }
}
