package dev.hubbub.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Collects what is wrong with one config; remembers which values are spoilt, so that one mistake is told once. */
final class Faults {
    private static final Comparator<Fault> FILE_ORDER = Comparator.comparing(
                    (Fault fault) -> fault.at().file().equals(Overrides.FILE))
            .thenComparing(fault -> fault.at().line())
            .thenComparing(fault -> fault.at().column());

    private final List<Fault> found = new ArrayList<>();
    private final Set<Yaml> spoilt = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Notes a fault that spoils no value, such as an unknown key. */
    void add(SourcePosition at, String message) {
        found.add(new Fault(at, message));
    }

    /** Notes the fault of a value; whatever else is wrong with the same value is not told. */
    void spoil(Yaml value, SourcePosition at, String message) {
        if (spoilt.add(value)) {
            add(at, message);
        }
    }

    /** Tells whether a fault of this very value was noted. */
    boolean isSpoilt(Yaml value) {
        return spoilt.contains(value);
    }

    /** Adds what a later check found, except where something was noted already. */
    void addElsewhere(List<Fault> more) {
        List<SourcePosition> known = found.stream().map(Fault::at).toList();
        more.stream()
                .filter(fault -> !known.contains(fault.at()) && !fault.at().equals(SourcePosition.DEFAULT))
                .forEach(found::add);
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /**
     * Ends the reading of a config.
     *
     * @throws ConfigException when something was noted; in the order of the file, those of overrides last
     */
    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ConfigException(
                    found.stream().distinct().sorted(FILE_ORDER).toList());
        }
    }
}
