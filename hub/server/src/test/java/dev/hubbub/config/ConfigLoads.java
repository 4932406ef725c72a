package dev.hubbub.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Short ways to load a config in a test; every file is called {@code hub.yaml}. */
final class ConfigLoads {
    static final Map<String, String> ENVIRONMENT = Map.of(
            "HUB_JWT_SECRET", "00112233445566778899001122334455", "PORT", "8085", "EMPTY", "", "ROLE", "a: {b}, \"c\"");

    private ConfigLoads() {}

    static HubConfig load(String text, String... overrides) {
        return new ConfigLoader(ENVIRONMENT).load("hub.yaml", text, List.of(overrides));
    }

    static HubConfig loadFile(Path file) throws IOException {
        return new ConfigLoader(ENVIRONMENT).load(file.toString(), Files.readString(file), List.of());
    }

    /** Returns the faults, each as {@code line:column message}; those of overrides begin with {@code --set:}. */
    static List<String> faults(String text, String... overrides) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> load(text, overrides));
        return refused == null
                ? List.of()
                : refused.faults().stream()
                        .map(fault ->
                                fault.toString().replaceFirst("^hub.yaml:", "").replaceFirst("(\\d+:\\d+): ", "$1 "))
                        .toList();
    }
}
