package dev.hubbub.config;

import dev.hubbub.config.Yaml.Entry;
import dev.hubbub.config.Yaml.Items;
import dev.hubbub.config.Yaml.Scalar;
import dev.hubbub.config.Yaml.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts {@code key=value} pairs over a config.
 *
 * <p>Keys are joined by dots ({@code http.port}); the items of a list are counted from 0 ({@code addresses.0.publish}).
 * Values are YAML: {@code 8081}, {@code true}, {@code [a, b]}. No value takes the key away, so that its default holds.
 * Faults name the file {@value #FILE}; their line is the number of the pair.
 */
final class Overrides {
    static final String FILE = "--set";

    private final Placeholders placeholders;
    private final Faults faults;

    Overrides(Placeholders placeholders, Faults faults) {
        this.placeholders = placeholders;
        this.faults = faults;
    }

    /** Returns {@code config} with all pairs applied, the later over the earlier. */
    Section apply(Section config, List<String> pairs) {
        Section changed = config;
        for (int i = 0; i < pairs.size(); i++) {
            changed = apply(changed, pairs.get(i), new SourcePosition(FILE, i + 1, 1));
        }
        return changed;
    }

    private Section apply(Section config, String pair, SourcePosition at) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
            faults.add(at, "\"" + pair + "\" is not key=value, such as http.port=8081");
            return config;
        }
        String text = pair.substring(equals + 1);
        Optional<Yaml> value = new YamlReader(text, at.right(equals + 1), placeholders, faults)
                .read()
                .filter(yaml -> !isNothing(yaml));
        List<String> keys = List.of(pair.substring(0, equals).split("\\.", -1));
        return (Section) put(config, keys, at, value, "");
    }

    private Yaml put(Yaml target, List<String> keys, SourcePosition at, Optional<Yaml> value, String path) {
        String key = keys.get(0);
        String here = path.isEmpty() ? key : path + "." + key;
        List<String> deeper = keys.subList(1, keys.size());
        SourcePosition next = at.right(key.length() + 1);
        if (target instanceof Section section) {
            if (deeper.isEmpty()) {
                return value.map(yaml -> section.with(key, new Entry(at, yaml))).orElseGet(() -> section.without(key));
            }
            Entry old = Optional.ofNullable(section.entries().get(key))
                    .filter(entry -> !isNothing(entry.value()))
                    .orElseGet(() -> new Entry(at, new Section(next, Map.of())));
            return section.with(key, new Entry(old.keyAt(), put(old.value(), deeper, next, value, here)));
        }
        if (target instanceof Items items) {
            return putItem(items, keys, at, value, here);
        }
        faults.add(at, path + " is a single value and has no key \"" + key + "\"");
        return target;
    }

    private Yaml putItem(Items items, List<String> keys, SourcePosition at, Optional<Yaml> value, String path) {
        String number = keys.get(0);
        int index = number.matches("[0-9]{1,6}")
                ? Integer.parseInt(number)
                : items.values().size();
        if (index >= items.values().size()) {
            faults.add(
                    at, path + " does not exist: the list has " + items.values().size() + " items, counted from 0");
            return items;
        }
        List<Yaml> values = new ArrayList<>(items.values());
        List<String> deeper = keys.subList(1, keys.size());
        if (deeper.isEmpty()) {
            value.ifPresentOrElse(yaml -> values.set(index, yaml), () -> values.remove(index));
        } else {
            values.set(index, put(values.get(index), deeper, at.right(number.length() + 1), value, path));
        }
        return new Items(items.at(), values);
    }

    private static boolean isNothing(Yaml yaml) {
        return yaml instanceof Scalar scalar && scalar.isNothing();
    }
}
