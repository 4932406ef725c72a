package dev.hubbub.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pauses of a virtual machine's collections, in the order of its log.
 *
 * @param millis how long each took
 */
record GcPauses(List<Double> millis) {

    /** None at all. */
    static final GcPauses NONE = new GcPauses(List.of());

    /** What makes a virtual machine write such a log; the file's name follows. */
    static final String FLAG = "-Xlog:gc:file=";

    private static final Pattern PAUSE = Pattern.compile("Pause .* ([0-9]+\\.[0-9]+)ms$");

    GcPauses {
        millis = List.copyOf(millis);
    }

    /** Reads a log as far as it is written. */
    static GcPauses read(Path log) {
        try {
            return Files.exists(log) ? parse(Files.readAllLines(log)) : NONE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static GcPauses parse(List<String> lines) {
        List<Double> found = new ArrayList<>();
        for (String line : lines) {
            Matcher matcher = PAUSE.matcher(line);
            if (matcher.find()) {
                found.add(Double.valueOf(matcher.group(1)));
            }
        }
        return new GcPauses(found);
    }

    /** Those that came after the first {@code earlier}. */
    GcPauses after(int earlier) {
        return new GcPauses(millis.subList(Math.min(earlier, millis.size()), millis.size()));
    }

    /** These and those of another virtual machine. */
    GcPauses plus(GcPauses other) {
        List<Double> all = new ArrayList<>(millis);
        all.addAll(other.millis);
        return new GcPauses(all);
    }

    int count() {
        return millis.size();
    }

    double total() {
        return millis.stream().mapToDouble(Double::doubleValue).sum();
    }

    double longest() {
        return millis.isEmpty() ? 0 : Collections.max(millis);
    }
}
