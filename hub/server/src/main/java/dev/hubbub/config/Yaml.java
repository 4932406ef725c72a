package dev.hubbub.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A YAML value that knows where it stands; duplicate keys, anchors and placeholders are already dealt with. */
sealed interface Yaml {

    /** Where its first character stands. */
    SourcePosition at();

    /** Keys and values, in the order of the file. */
    record Section(SourcePosition at, Map<String, Entry> entries) implements Yaml {
        public Section {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        /** Returns a section that also holds {@code entry}, in place of what the key had. */
        Section with(String key, Entry entry) {
            Map<String, Entry> changed = new LinkedHashMap<>(entries);
            changed.put(key, entry);
            return new Section(at, changed);
        }

        /** Returns a section that does not hold {@code key}. */
        Section without(String key) {
            Map<String, Entry> changed = new LinkedHashMap<>(entries);
            changed.remove(key);
            return new Section(at, changed);
        }
    }

    /** A list. */
    record Items(SourcePosition at, List<Yaml> values) implements Yaml {
        public Items {
            values = List.copyOf(values);
        }
    }

    /**
     * A single value.
     *
     * @param text the value with quotes, folding and placeholders undone
     * @param filled whether the environment gave some of it, so that a text of digits may still be meant as text
     * @param source the same as its author laid it out, for text that another room compiles
     */
    record Scalar(SourcePosition at, Kind kind, String text, boolean filled, AddressRule.Expression source)
            implements Yaml {

        /** Tells whether nothing is written where a value could be. */
        boolean isNothing() {
            return kind == Kind.NULL && !filled;
        }
    }

    /** A key's place and its value. */
    record Entry(SourcePosition keyAt, Yaml value) {}

    /** What an unquoted text means; the words of YAML 1.2, so {@code no} and {@code 10:30} are text. */
    enum Kind {
        TEXT,
        INTEGER,
        DECIMAL,
        BOOLEAN,
        NULL;

        private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
        private static final Pattern DECIMALS =
                Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

        /** Returns what the unquoted {@code text} means. */
        static Kind of(String text) {
            return switch (text) {
                case "", "~", "null", "Null", "NULL" -> NULL;
                case "true", "True", "TRUE", "false", "False", "FALSE" -> BOOLEAN;
                default ->
                    WHOLE.matcher(text).matches()
                            ? INTEGER
                            : DECIMALS.matcher(text).matches() ? DECIMAL : TEXT;
            };
        }
    }
}
