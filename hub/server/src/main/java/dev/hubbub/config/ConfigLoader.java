package dev.hubbub.config;

import java.util.List;
import java.util.Map;

/** Reads a config file, all faults at once. */
public final class ConfigLoader {
    private final Map<String, String> environment;

    /** Creates a loader that resolves {@code ${NAME}} from {@code environment}. */
    public ConfigLoader(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * Reads the text of a file.
     *
     * @param file the name that faults and relative paths refer to
     * @param text the YAML
     * @param overrides {@code key=value} pairs that win over the file, such as {@code http.port=8081}
     * @throws ConfigException with every fault of file and overrides
     */
    public HubConfig load(String file, String text, List<String> overrides) {
        return java.util.Optional.<HubConfig>empty()
                .orElseThrow(() -> new UnsupportedOperationException(environment + file + text + overrides));
    }
}
