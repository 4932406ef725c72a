package dev.hubbub.attack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The table of attacks as the document for operators has it. */
final class AttackTable {
    static final int COUNT = 50;
    private static final Path DOCUMENT = Path.of("..", "..", "hub", "docs", "security.md");
    private static final Pattern ROW =
            Pattern.compile("^\\| (S\\d+) \\| (.*?) \\| (.*?) \\| (.*?) \\|$", Pattern.MULTILINE);

    private AttackTable() {}

    /**
     * One attack.
     *
     * @param held {@code test}, and what of it does not apply and why; or only that
     */
    record Row(String number, String attempt, String expected, String held) {
        boolean isTested() {
            return held.startsWith("test");
        }
    }

    static List<Row> rows() {
        try {
            return ROW.matcher(Files.readString(DOCUMENT))
                    .results()
                    .map(row -> new Row(row.group(1), row.group(2), row.group(3), row.group(4)))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
