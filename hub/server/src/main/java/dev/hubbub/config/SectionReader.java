package dev.hubbub.config;

import dev.hubbub.config.AddressRule.Expression;
import dev.hubbub.config.Yaml.Entry;
import dev.hubbub.config.Yaml.Items;
import dev.hubbub.config.Yaml.Kind;
import dev.hubbub.config.Yaml.Scalar;
import dev.hubbub.config.Yaml.Section;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Typed access to one section: what the file says, else the schema's default.
 *
 * <p>A value that was found faulty reads as if it were not there, so that readers go on and find the next fault; the
 * result is thrown away in the end. Reading a key that the schema lacks, or {@linkplain #done leaving one unread}, is a
 * programming error.
 */
final class SectionReader {
    private final Reading reading;
    private final Section section;
    private final JsonObject shape;
    private final String path;
    private final Set<String> unread;
    private final Set<String> meant = new HashSet<>();

    /** What one load of a config has in common. */
    record Reading(ConfigSchema schema, Faults faults, ConfigFiles files) {}

    /** Opens a section, and notes its unknown and missing keys. */
    SectionReader(Reading reading, Section section, JsonObject shape, String path) {
        this.reading = reading;
        this.section = section;
        this.shape = shape;
        this.path = path;
        this.unread = new HashSet<>(ConfigSchema.keys(shape).fieldNames());
        noteUnknownKeys();
        noteMissingKeys();
    }

    private void noteUnknownKeys() {
        Set<String> known = ConfigSchema.keys(shape).fieldNames();
        section.entries().forEach((key, entry) -> {
            if (!known.contains(key)) {
                Optional<String> suggestion = Suggestion.of(key, known);
                suggestion.ifPresent(meant::add);
                String in = path.isEmpty() ? "" : " in " + path;
                String help = suggestion
                        .map(word -> "; did you mean \"" + word + "\"?")
                        .orElseGet(() -> " (known: " + String.join(", ", known) + ")");
                reading.faults().add(entry.keyAt(), "unknown key \"" + key + "\"" + in + help);
            }
        });
    }

    private void noteMissingKeys() {
        for (Object key : shape.getJsonArray("required", new JsonArray())) {
            if (!isMeant((String) key)) {
                String expected = ConfigSchema.expected(reading.schema().shapeOf(shape, (String) key));
                reading.faults().add(section.at(), path + ": " + key + " is missing (expected " + expected + ")");
            }
        }
    }

    /** Ends the reading; a key of the schema that nobody read is a programming error. */
    void done() {
        if (!unread.isEmpty()) {
            throw new IllegalStateException("nobody reads " + unread + " in " + path);
        }
    }

    /** Tells whether the file has the key, with a value that is not faulty. */
    boolean has(String key) {
        return value(key).isPresent();
    }

    /** Tells whether the file has the key, or an unknown one that is spelt nearly so. */
    boolean isMeant(String key) {
        return section.entries().containsKey(key) || meant.contains(key);
    }

    /** Tells whether the key has a usable value: the file's or, where the file has no such key, the default. */
    boolean isSound(String key) {
        return has(key) || !isMeant(key);
    }

    /** Returns the place of the value, or that of the section where the file has no such key. */
    SourcePosition at(String key) {
        Entry entry = section.entries().get(key);
        return entry == null ? section.at() : entry.value().at();
    }

    /** Notes that the value of a key is wrong. */
    void fault(String key, String problem) {
        Entry entry = section.entries().get(key);
        if (entry == null) {
            reading.faults().add(section.at(), pathOf(key) + ": " + problem);
        } else {
            reading.faults().spoil(entry.value(), entry.value().at(), pathOf(key) + ": " + problem);
        }
    }

    /** Notes that a key should not be there at all. */
    void refuse(String key, String problem) {
        Entry entry = section.entries().get(key);
        if (entry != null) {
            reading.faults().spoil(entry.value(), entry.keyAt(), pathOf(key) + ": " + problem);
        }
    }

    /** Notes that the section as a whole is wrong. */
    void fault(String problem) {
        reading.faults().spoil(section, section.at(), path + ": " + problem);
    }

    /** Tells whether the section says nothing. */
    boolean isEmpty() {
        return section.entries().isEmpty();
    }

    SectionReader section(String key) {
        return optionalSection(key)
                .orElseGet(() -> open(new Section(SourcePosition.DEFAULT, Map.of()), shapeOf(key), pathOf(key)));
    }

    Optional<SectionReader> optionalSection(String key) {
        return value(key).map(yaml -> open((Section) yaml, shapeOf(key), pathOf(key)));
    }

    List<SectionReader> sections(String key) {
        List<SectionReader> readers = new ArrayList<>();
        JsonObject item = reading.schema().shapeOfItems(shapeOf(key));
        List<Yaml> values = value(key).map(yaml -> ((Items) yaml).values()).orElse(List.of());
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) instanceof Section inner) {
                readers.add(open(inner, item, pathOf(key) + "[" + i + "]"));
            }
        }
        return readers;
    }

    private SectionReader open(Section inner, JsonObject innerShape, String innerPath) {
        return new SectionReader(reading, inner, innerShape, innerPath);
    }

    String text(String key) {
        return optionalText(key).orElse("");
    }

    Optional<String> optionalText(String key) {
        return scalar(key).map(Scalar::text);
    }

    boolean flag(String key) {
        return Boolean.parseBoolean(text(key));
    }

    int integer(String key) {
        return scalar(key)
                .map(scalar -> new BigDecimal(scalar.text()).intValueExact())
                .orElse(0);
    }

    <E extends Enum<E>> E choice(String key, Class<E> type) {
        return optionalChoice(key, type).orElseThrow(() -> new IllegalStateException("no default for " + pathOf(key)));
    }

    <E extends Enum<E>> Optional<E> optionalChoice(String key, Class<E> type) {
        return optionalText(key).map(text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT)));
    }

    Duration duration(String key) {
        return quantity(key, Quantity::duration).orElse(Duration.ZERO);
    }

    long size(String key) {
        return quantity(key, Quantity::size).orElse(0L);
    }

    /** Reads a value through {@code parse} and holds it to the schema's {@code x-range}. */
    <T extends Comparable<T>> Optional<T> quantity(String key, Function<String, Optional<T>> parse) {
        JsonArray range = shapeOf(key).getJsonArray("x-range");
        return parsed(
                key,
                text -> parse.apply(text)
                        .filter(amount -> range == null
                                || (amount.compareTo(parse.apply(range.getString(0))
                                                        .orElseThrow())
                                                >= 0
                                        && amount.compareTo(parse.apply(range.getString(1))
                                                        .orElseThrow())
                                                <= 0)));
    }

    /** Reads a value through {@code parse}; what it returns empty for is a fault, and reads as the default. */
    <T> Optional<T> parsed(String key, Function<String, Optional<T>> parse) {
        Optional<T> result = optionalText(key).flatMap(parse);
        if (result.isPresent() || !has(key)) {
            return result;
        }
        JsonObject wanted = shapeOf(key);
        String value = wanted.getBoolean("writeOnly", false)
                ? "the value"
                : SchemaCheck.shown((Scalar) value(key).orElseThrow());
        String verdict = wanted.containsKey("x-range") ? " is out of range" : " is not " + ConfigSchema.noun(wanted);
        fault(key, value + verdict + " (expected " + ConfigSchema.expected(wanted) + ")");
        return optionalText(key).flatMap(parse);
    }

    Optional<Expression> expression(String key) {
        return scalar(key).map(SectionReader::sourceOf);
    }

    List<Expression> expressions(String key) {
        return scalars(key).stream().map(SectionReader::sourceOf).toList();
    }

    List<String> texts(String key) {
        return scalars(key).stream().map(Scalar::text).toList();
    }

    /** Reads each item through {@code parse}; what it returns empty for is a fault, and left out. */
    <T> List<T> parsedItems(String key, Function<String, Optional<T>> parse) {
        JsonObject item = reading.schema().shapeOfItems(shapeOf(key));
        List<T> all = new ArrayList<>();
        for (Scalar scalar : scalars(key)) {
            parse.apply(scalar.text())
                    .ifPresentOrElse(
                            all::add,
                            () -> reading.faults()
                                    .spoil(
                                            scalar,
                                            scalar.at(),
                                            pathOf(key) + ": " + SchemaCheck.shown(scalar) + " is not "
                                                    + ConfigSchema.noun(item) + " (expected "
                                                    + ConfigSchema.expected(item) + ")"));
        }
        return all;
    }

    Optional<Path> file(String key) {
        return parsedPath(key, reading.files()::file);
    }

    Optional<Path> folder(String key) {
        return parsedPath(key, reading.files()::folder);
    }

    private Optional<Path> parsedPath(String key, Function<String, Optional<Path>> find) {
        Optional<Path> found = optionalText(key).flatMap(find);
        if (found.isEmpty() && has(key)) {
            fault(
                    key,
                    "there is no such " + (ConfigSchema.noun(shapeOf(key)).endsWith("folder") ? "folder" : "file")
                            + ": \"" + text(key) + "\" (looked in the config's folder and the working directory)");
        }
        return found;
    }

    private static Expression sourceOf(Scalar scalar) {
        return scalar.kind() == Kind.BOOLEAN
                ? new Expression(scalar.text().toLowerCase(Locale.ROOT), scalar.at())
                : scalar.source();
    }

    private List<Scalar> scalars(String key) {
        Yaml list = value(key)
                .orElseGet(() -> defaultOf(key).orElseGet(() -> new Items(SourcePosition.DEFAULT, List.of())));
        return ((Items) list)
                .values().stream()
                        .filter(item ->
                                item instanceof Scalar && !reading.faults().isSpoilt(item))
                        .map(Scalar.class::cast)
                        .toList();
    }

    private Optional<Scalar> scalar(String key) {
        return value(key).or(() -> defaultOf(key)).map(Scalar.class::cast);
    }

    private Optional<Yaml> value(String key) {
        unread.remove(key);
        return Optional.ofNullable(section.entries().get(key))
                .map(Entry::value)
                .filter(yaml -> !reading.faults().isSpoilt(yaml))
                .filter(yaml -> !(yaml instanceof Scalar scalar && scalar.isNothing()));
    }

    private Optional<Yaml> defaultOf(String key) {
        Object value = shapeOf(key).getValue("default");
        if (value instanceof JsonArray array) {
            List<Yaml> items = array.stream().map(SectionReader::defaultScalar).toList();
            return Optional.of(new Items(SourcePosition.DEFAULT, items));
        }
        return Optional.ofNullable(value).map(SectionReader::defaultScalar);
    }

    private static Yaml defaultScalar(Object value) {
        String text = value.toString();
        return new Scalar(SourcePosition.DEFAULT, Kind.TEXT, text, false, new Expression(text, SourcePosition.DEFAULT));
    }

    private JsonObject shapeOf(String key) {
        return reading.schema().shapeOf(shape, key);
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
