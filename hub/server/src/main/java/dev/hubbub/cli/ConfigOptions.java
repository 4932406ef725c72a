package dev.hubbub.cli;

import dev.hubbub.ConfigSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which config a command works with. */
final class ConfigOptions {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "the config file (default: config/hub.yaml)")
    @Nullable
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "overrides one key of the file, such as http.port=8081; may be repeated")
    private List<String> overrides = new ArrayList<>();

    ConfigSource source() {
        return new ConfigSource(file == null ? standard() : file, overrides, System.getenv());
    }

    /** Returns the file that is used when none is named. */
    static Path standard() {
        return home().resolve("config").resolve("hub.yaml");
    }

    /** The folder of the installation, which {@code scripts/hub} hands in; else where the command runs. */
    private static Path home() {
        return Path.of(System.getProperty("hubbub.home", "."));
    }
}
