package dev.hubbub.config;

import java.util.List;
import java.util.stream.Collectors;

/** A config that cannot be used, with every fault that was found in it. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    /** Creates the failure; {@code faults} is in the order of the file and not empty. */
    public ConfigException(List<Fault> faults) {
        super(faults.stream().map(Fault::toString).collect(Collectors.joining("\n")), null, false, false);
        this.faults = List.copyOf(faults);
    }

    /** Returns every fault, in the order of the file. */
    public List<Fault> faults() {
        return faults;
    }
}
