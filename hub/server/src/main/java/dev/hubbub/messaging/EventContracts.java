package dev.hubbub.messaging;

import dev.hubbub.config.ConfigException;
import dev.hubbub.config.Fault;
import dev.hubbub.config.SourcePosition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the payloads of events must look like: one JSON Schema for each {@code type@version}.
 *
 * <p>Immutable and shared between event loops; a reload makes new ones. An event without a contract passes.
 */
public final class EventContracts {
    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][A-Za-z0-9_.-]*)@([1-9][0-9]{0,8})\\.json");

    private final Map<String, EventContract> contracts;

    private EventContracts(Map<String, EventContract> contracts) {
        this.contracts = Map.copyOf(contracts);
    }

    /** Returns no contracts: every payload passes. */
    public static EventContracts none() {
        return new EventContracts(Map.of());
    }

    /**
     * Compiles the files of a folder.
     *
     * @param files text by file name; the name may have folders before it, which faults repeat; what does not end in
     *     {@code .json} is no contract
     * @throws ConfigException with the place of every fault, file by file
     */
    public static EventContracts of(Map<String, String> files) {
        Map<String, EventContract> contracts = new HashMap<>();
        List<Fault> faults = new ArrayList<>();
        new TreeMap<>(files).forEach((file, text) -> {
            Matcher name = NAME.matcher(file.substring(file.lastIndexOf('/') + 1));
            if (name.matches()) {
                try {
                    String key = key(name.group(1), Integer.parseInt(name.group(2)));
                    contracts.put(key, EventContract.read(file, text));
                } catch (ConfigException e) {
                    faults.addAll(e.faults());
                }
            } else if (file.endsWith(".json")) {
                String problem =
                        "the name says no event type (expected type@version.json, such as message.created@1.json)";
                faults.add(new Fault(new SourcePosition(file, 1, 1), problem));
            }
        });
        if (!faults.isEmpty()) {
            faults.sort(Comparator.comparing((Fault fault) -> fault.at().file())
                    .thenComparing(fault -> fault.at().line())
                    .thenComparing(fault -> fault.at().column()));
            throw new ConfigException(faults);
        }
        return new EventContracts(contracts);
    }

    /** Tells whether there is a contract for this type and version. */
    public boolean has(String type, int version) {
        return contracts.containsKey(key(type, version));
    }

    /**
     * Judges a payload.
     *
     * @return what is wrong, with the place in the payload and in plain words that a client may see; empty when the
     *     payload is as agreed, or nothing was agreed for this type and version
     */
    public Optional<String> fault(String type, int version, @Nullable Object payload) {
        return Optional.ofNullable(contracts.get(key(type, version))).flatMap(contract -> contract.fault(payload));
    }

    private static String key(String type, int version) {
        return type + "@" + version;
    }
}
