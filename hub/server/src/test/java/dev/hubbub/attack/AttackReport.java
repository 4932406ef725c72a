package dev.hubbub.attack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.platform.commons.support.AnnotationSupport;

/** Notes how tests of attacks ended, and writes {@code target/attacks.md} when the run does. */
final class AttackReport implements BeforeEachCallback, TestWatcher {
    private static final Path FILE = Path.of("target", "attacks.md");
    private static final int SHOWN = 12;

    /** How the tests ended that the report is about; in the store of the whole run. */
    static final class Run implements AutoCloseable {
        private final Map<String, Map<String, Integer>> passed = new ConcurrentHashMap<>();
        private final Map<String, Set<String>> failed = new ConcurrentHashMap<>();

        @Override
        public void close() throws IOException {
            List<String> lines = new ArrayList<>(
                    List.of("# Attacks", "", "| number | attempt | expected | got | tests |", "|---|---|---|---|---|"));
            for (AttackTable.Row row : AttackTable.rows()) {
                lines.add("| " + row.number() + " | " + row.attempt() + " | " + row.expected() + " | " + got(row)
                        + " | " + tests(row.number()) + " |");
            }
            Files.createDirectories(FILE.getParent());
            Files.write(FILE, lines);
        }

        private String got(AttackTable.Row row) {
            if (!row.isTested()) {
                return row.held();
            }
            if (failed.containsKey(row.number())) {
                return "**FAILED**: " + String.join(", ", failed.get(row.number()));
            }
            if (!passed.containsKey(row.number())) {
                return "not run";
            }
            Map<String, List<String>> byOutcome = new LinkedHashMap<>();
            AttackLog.of(row.number())
                    .forEach(got -> byOutcome
                            .computeIfAbsent(got.outcome(), outcome -> new ArrayList<>())
                            .add(got.attempt()));
            String all = byOutcome.entrySet().stream()
                    .map(entry -> cell(entry.getKey()) + " for "
                            + entry.getValue().size() + ": "
                            + cell(entry.getValue().stream().limit(SHOWN).collect(Collectors.joining("; ")))
                            + (entry.getValue().size() > SHOWN ? "; …" : ""))
                    .collect(Collectors.joining("<br>"));
            return all.isEmpty() ? "as expected" : all;
        }

        private String tests(String number) {
            return new TreeMap<>(passed.getOrDefault(number, Map.of()))
                    .entrySet().stream()
                            .map(entry -> entry.getKey() + (entry.getValue() > 1 ? " ×" + entry.getValue() : ""))
                            .collect(Collectors.joining(", "));
        }

        private static String cell(String text) {
            StringBuilder cell = new StringBuilder();
            text.codePoints().limit(400).forEach(point -> {
                if (point == '|') {
                    cell.append("\\|");
                } else if (Character.isISOControl(point)) {
                    cell.append(String.format("\\x%02x", point));
                } else {
                    cell.appendCodePoint(point);
                }
            });
            return cell.toString();
        }
    }

    private static Run run(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(Run.class, key -> new Run(), Run.class);
    }

    private static Set<String> numbers(ExtensionContext context) {
        Set<String> numbers = new TreeSet<>();
        AnnotationSupport.findAnnotation(context.getElement(), Attack.class)
                .ifPresent(attack -> numbers.addAll(List.of(attack.value())));
        AnnotationSupport.findAnnotation(context.getTestClass(), Attack.class)
                .ifPresent(attack -> numbers.addAll(List.of(attack.value())));
        return numbers;
    }

    private static String nameOf(ExtensionContext context) {
        return context.getRequiredTestClass().getSimpleName() + "."
                + context.getRequiredTestMethod().getName();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        run(context).failed.remove(""); // opens the store of the run, so that it is closed when the run ends
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        numbers(context)
                .forEach(number -> run(context)
                        .passed
                        .computeIfAbsent(number, key -> new ConcurrentHashMap<>())
                        .merge(nameOf(context), 1, Integer::sum));
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        numbers(context)
                .forEach(number -> run(context)
                        .failed
                        .computeIfAbsent(number, key -> ConcurrentHashMap.newKeySet())
                        .add(nameOf(context)));
    }
}
