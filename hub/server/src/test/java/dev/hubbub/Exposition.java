package dev.hubbub;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A scrape, read strictly and judged by the rules of {@code promtool check metrics} and, where it says so, of
 * OpenMetrics 1.0.
 */
final class Exposition {
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{.*})? (-?[0-9.]+(?:[eE][+-]?[0-9]+)?|[+-]Inf|NaN)");
    private static final Pattern LABELS =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\",?");
    private static final List<String> SUFFIXES = List.of("_bucket", "_count", "_sum", "_total", "_created", "_info");
    private static final Set<String> NO_BASE_UNITS = Set.of(
            "milliseconds",
            "microseconds",
            "nanoseconds",
            "minutes",
            "hours",
            "days",
            "kilobytes",
            "megabytes",
            "kib",
            "mib",
            "ms",
            "us",
            "ns",
            "kb",
            "mb",
            "percent",
            "pct");

    private final boolean openMetrics;
    private final Map<String, Family> families = new LinkedHashMap<>();
    private final Set<String> series = new HashSet<>();
    private final List<String> faults = new ArrayList<>();

    private static final class Family {
        private final List<Sample> samples = new ArrayList<>();
        private String help = "";
        private String type = "";
        private String unit = "";
    }

    /** One line with a value. */
    record Sample(String name, Map<String, String> labels, double value) {}

    private Exposition(boolean openMetrics) {
        this.openMetrics = openMetrics;
    }

    static Exposition read(String text, boolean openMetrics) {
        Exposition read = new Exposition(openMetrics);
        String current = "";
        List<String> lines = text.lines().toList();
        for (String line : lines) {
            current = read.take(line, current);
        }
        if (openMetrics && !lines.get(lines.size() - 1).equals("# EOF")) {
            read.faults.add("it does not end with # EOF");
        }
        read.families.forEach(read::judge);
        return read;
    }

    /** Returns the family of a series, without what histograms and counters add to it. */
    static String familyOf(String series) {
        return SUFFIXES.stream()
                .filter(suffix -> !suffix.equals("_info") && series.endsWith(suffix))
                .findFirst()
                .map(suffix -> series.substring(0, series.length() - suffix.length()))
                .orElse(series);
    }

    /** Returns what is wrong with it. */
    List<String> faults() {
        return faults;
    }

    /** Returns every series, as name and labels. */
    Set<String> series() {
        return series;
    }

    /** Returns the name of every series, such as {@code x_seconds_bucket}. */
    Set<String> names() {
        Set<String> names = new HashSet<>();
        families.values().forEach(family -> family.samples.forEach(sample -> names.add(sample.name())));
        return names;
    }

    /** Returns the sum of all series of a name whose labels hold these. */
    double sum(String name, Map<String, String> labels) {
        return families.values().stream()
                .flatMap(family -> family.samples.stream())
                .filter(sample ->
                        sample.name().equals(name) && sample.labels().entrySet().containsAll(labels.entrySet()))
                .mapToDouble(Sample::value)
                .sum();
    }

    private String take(String line, String current) {
        if (line.equals("# EOF") && openMetrics) {
            return "";
        }
        Matcher comment = COMMENT.matcher(line);
        if (comment.matches()) {
            String name = comment.group(2);
            if (!name.equals(current) && families.containsKey(name)) {
                faults.add(name + " is torn apart");
            }
            describe(families.computeIfAbsent(name, n -> new Family()), comment.group(1), comment.group(3), name);
            return name;
        }
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            faults.add("no line of the format: " + line);
        } else if (families.containsKey(current) && belongs(sample.group(1), current)) {
            add(current, sample);
        } else {
            faults.add("a sample without its TYPE: " + line);
        }
        return current;
    }

    private void describe(Family family, String what, String text, String name) {
        if (!family.samples.isEmpty()) {
            faults.add(name + " is described behind its samples");
        }
        switch (what) {
            case "HELP" -> family.help = text;
            case "TYPE" -> family.type = text;
            default -> family.unit = text;
        }
    }

    private static boolean belongs(String sample, String family) {
        return sample.equals(family) || SUFFIXES.stream().anyMatch(suffix -> sample.equals(family + suffix));
    }

    private void add(String family, Matcher sample) {
        Map<String, String> labels = new HashMap<>();
        String text = sample.group(2) == null
                ? ""
                : sample.group(2).substring(1, sample.group(2).length() - 1);
        Matcher label = LABELS.matcher(text);
        int end = 0;
        while (label.find() && label.start() == end) {
            if (labels.put(label.group(1), label.group(2)) != null) {
                faults.add("a label twice in " + sample.group());
            }
            end = label.end();
        }
        if (end != text.length()) {
            faults.add("no labels: " + text);
        }
        if (!series.add(sample.group(1) + labels)) {
            faults.add("a series twice: " + sample.group(1) + labels);
        }
        String number = sample.group(3).replace("Inf", "Infinity");
        Family of = families.computeIfAbsent(family, f -> new Family());
        of.samples.add(new Sample(sample.group(1), labels, Double.parseDouble(number)));
    }

    private void judge(String name, Family family) {
        check(!family.help.isEmpty(), name, "has no help text");
        check(!family.type.isEmpty(), name, "has no type");
        check(!family.samples.isEmpty(), name, "has no samples");
        check(name.equals(name.toLowerCase(Locale.ROOT)) && !name.contains(":"), name, "is no snake_case");
        for (String word : name.split("_", -1)) {
            check(!NO_BASE_UNITS.contains(word), name, "is not in base units: " + word);
            check(!Set.of("gauge", "counter", "histogram", "summary").contains(word), name, "names its type");
        }
        boolean total = name.endsWith("_total");
        if (family.type.equals("counter")) {
            check(total != openMetrics, name, "is a counter whose family is named wrongly");
            check(
                    family.samples.stream().allMatch(sample -> sample.name().endsWith("_total")),
                    name,
                    "is a counter whose samples do not end in _total");
        } else {
            check(!total, name, "is no counter and ends in _total");
        }
        if (family.type.equals("histogram")) {
            histogram(name, family);
        } else {
            boolean reserved = name.endsWith("_bucket") || name.endsWith("_count") || name.endsWith("_sum");
            check(!reserved, name, "is no histogram and ends like one");
            check(family.samples.stream().noneMatch(s -> s.labels().containsKey("le")), name, "has the label le");
        }
        check(family.unit.isEmpty() || name.endsWith(family.unit), name, "does not end in its unit");
    }

    private void histogram(String name, Family family) {
        Map<Map<String, String>, Double> last = new HashMap<>();
        Map<Map<String, String>, Double> infinite = new HashMap<>();
        for (Sample sample : family.samples) {
            Map<String, String> rest = new HashMap<>(sample.labels());
            String le = rest.remove("le");
            if (sample.name().endsWith("_bucket")) {
                check(le != null, name, "has a bucket without le");
                check(sample.value() >= last.getOrDefault(rest, 0.0), name, "has buckets that fall");
                last.put(rest, sample.value());
                if ("+Inf".equals(le)) {
                    infinite.put(rest, sample.value());
                }
            } else if (sample.name().endsWith("_count")) {
                Double all = infinite.get(rest);
                check(all != null && all == sample.value(), name, "has a last bucket that is not its count");
            }
        }
    }

    private void check(boolean holds, String name, String fault) {
        if (!holds) {
            faults.add(name + " " + fault);
        }
    }
}
