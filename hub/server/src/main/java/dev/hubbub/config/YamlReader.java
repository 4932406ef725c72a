package dev.hubbub.config;

import dev.hubbub.config.Yaml.Entry;
import dev.hubbub.config.Yaml.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/** Reads YAML text into values that know their places. */
final class YamlReader {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final SourcePosition origin;
    private final String masked;
    private final int[] characters;
    private final Placeholders placeholders;
    private final Faults faults;
    private boolean failed;

    /** Prepares to read; {@code origin} is where the text's first character stands. */
    YamlReader(String text, SourcePosition origin, Placeholders placeholders, Faults faults) {
        this.origin = origin;
        this.masked = Placeholders.mask(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
        this.characters = masked.codePoints().toArray();
        this.placeholders = placeholders;
        this.faults = faults;
    }

    /** Returns the one value of the text; empty when it holds none, or when it is not YAML, which is noted. */
    Optional<Yaml> read() {
        try {
            Node root = compose(new StreamReader(masked));
            return root == null ? Optional.empty() : value(root);
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            String context = e.getContext() == null ? "" : e.getContext() + ", ";
            notYaml(mark == null ? origin : place(mark), context + e.getProblem());
        } catch (ReaderException e) {
            notYaml(placeOf(e.getPosition()), "character " + Integer.toHexString(e.getCodePoint()) + " is not allowed");
        } catch (YAMLException e) {
            notYaml(origin, String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }

    private @Nullable Node compose(StreamReader stream) {
        LoaderOptions options = new LoaderOptions();
        try {
            return new Composer(new ParserImpl(stream, options), new Resolver(), options).getSingleNode();
        } catch (IllegalArgumentException badEscape) {
            // SnakeYAML 2.x lets what Java says of the digits of an escape through.
            notYaml(place(stream.getMark()), "an escape in a quoted text ends too early, or names no character");
            return null;
        }
    }

    /** Tells whether the text was not YAML. */
    boolean failed() {
        return failed;
    }

    private void notYaml(SourcePosition at, String problem) {
        failed = true;
        faults.add(at, "not YAML: " + Placeholders.unmask(problem).replaceAll("\\s+", " "));
    }

    private Optional<Yaml> value(Node node) {
        SourcePosition at = place(node.getStartMark());
        if (node.isTwoStepsConstruction()) {
            faults.add(at, "an anchor must not hold itself");
            return Optional.empty();
        }
        if (node.getTag().getValue().startsWith("!")) {
            faults.add(at, "the tag " + node.getTag().getValue() + " means nothing here; remove it");
            return Optional.empty();
        }
        if (node instanceof MappingNode mapping) {
            return Optional.of(section(mapping, at));
        }
        if (node instanceof SequenceNode sequence) {
            List<Yaml> values = new ArrayList<>();
            sequence.getValue().forEach(item -> value(item).ifPresent(values::add));
            return Optional.of(new Yaml.Items(at, values));
        }
        return scalar((ScalarNode) node, at);
    }

    private Yaml section(MappingNode mapping, SourcePosition at) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        Map<String, SourcePosition> seen = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            SourcePosition keyAt = place(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
                faults.add(keyAt, "a key must be a word");
                continue;
            }
            String key = Placeholders.unmask(name.getValue());
            SourcePosition first = seen.putIfAbsent(key, keyAt);
            if (first != null) {
                faults.add(keyAt, "duplicate key \"" + key + "\" (first on line " + first.line() + ")");
            } else {
                value(tuple.getValueNode()).ifPresent(value -> entries.put(key, new Entry(keyAt, value)));
            }
        }
        return new Yaml.Section(at, entries);
    }

    /** An unquoted placeholder whose default is empty counts as not written at all. */
    private Optional<Yaml> scalar(ScalarNode node, SourcePosition at) {
        Map<Integer, String> problems = new LinkedHashMap<>();
        String value = node.getValue();
        String text = placeholders.resolve(value, problems::put);
        boolean plain = node.getScalarStyle() == ScalarStyle.PLAIN;
        Kind kind = plain ? Kind.of(text) : Kind.TEXT;
        if (problems.isEmpty() && plain && text.isEmpty() && !value.isEmpty()) {
            return Optional.empty();
        }
        int start = node.getStartMark().getIndex();
        String written = new String(characters, start, node.getEndMark().getIndex() - start);
        AddressRule.Expression source =
                ExpressionText.of(node, written, at, masks -> placeholders.resolve(masks, (number, problem) -> {}));
        Yaml.Scalar scalar = new Yaml.Scalar(at, kind, text, Placeholders.isIn(value), source);
        problems.forEach((number, problem) -> spoil(scalar, placeOf(start + indexIn(written, number)), problem));
        if (value.contains("${")) {
            int open = written.codePointCount(0, Math.max(0, written.indexOf("${")));
            spoil(
                    scalar,
                    placeOf(start + open),
                    "${ begins no placeholder (expected ${NAME} or ${NAME:-default}; a doubled $ writes the text itself)");
        }
        return Optional.of(scalar);
    }

    private void spoil(Yaml.Scalar scalar, SourcePosition at, String problem) {
        if (faults.isSpoilt(scalar)) {
            faults.add(at, problem);
        } else {
            faults.spoil(scalar, at, problem);
        }
    }

    private static int indexIn(String written, int placeholder) {
        return written.codePointCount(0, Placeholders.indexOf(written, placeholder));
    }

    private SourcePosition place(Mark mark) {
        return mark.getLine() == 0
                ? origin.right(mark.getColumn())
                : new SourcePosition(origin.file(), origin.line() + mark.getLine(), mark.getColumn() + 1);
    }

    private SourcePosition placeOf(int index) {
        int line = 0;
        int lineStart = 0;
        for (int i = 0; i < Math.min(index, characters.length); i++) {
            if (characters[i] == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return line == 0
                ? origin.right(index)
                : new SourcePosition(origin.file(), origin.line() + line, index - lineStart + 1);
    }
}
