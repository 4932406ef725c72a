package dev.hubbub;

import dev.hubbub.config.ConfigException;
import dev.hubbub.config.ConfigLoader;
import dev.hubbub.config.Fault;
import dev.hubbub.config.HubConfig;
import dev.hubbub.messaging.EventContracts;
import dev.hubbub.permission.PermissionRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where a config comes from, so that it can be read again.
 *
 * <p>The methods read files and block: they run on the command's own thread or on a worker.
 *
 * @param file the YAML file
 * @param overrides {@code key=value} pairs that win over it
 * @param environment what {@code ${NAME}} is taken from
 * @param insecure whether a node may start with a config that it would refuse as unsafe
 */
public record ConfigSource(Path file, List<String> overrides, Map<String, String> environment, boolean insecure) {

    /** A source whose unsafe configs are refused. */
    public ConfigSource(Path file, List<String> overrides, Map<String, String> environment) {
        this(file, overrides, environment, false);
    }

    /** Copies overrides and environment. */
    public ConfigSource {
        overrides = List.copyOf(overrides);
        environment = Map.copyOf(environment);
    }

    /** Returns the same source, whose unsafe configs are taken if {@code wanted}. */
    public ConfigSource insecure(boolean wanted) {
        return new ConfigSource(file, overrides, environment, wanted);
    }

    /**
     * Reads the file.
     *
     * @throws ConfigException with every fault
     * @throws IOException when the file cannot be read, in words for an operator
     */
    public HubConfig load() throws IOException {
        return new ConfigLoader(environment).load(file.toString(), text(file), overrides, ConfigSource::faultsOfRules);
    }

    private static List<Fault> faultsOfRules(HubConfig config) {
        try {
            var unused = PermissionRules.compile(config); // only its faults matter
            return List.of();
        } catch (ConfigException e) {
            return e.faults();
        }
    }

    /**
     * Compiles every rule and event contract of a config, so that all its faults are known.
     *
     * @throws ConfigException with every fault
     * @throws IOException when a contract cannot be read
     */
    public static Compiled compile(HubConfig config) throws IOException {
        return new Compiled(config, PermissionRules.compile(config), contracts(config));
    }

    /** A config and what was compiled from it. */
    public record Compiled(HubConfig config, PermissionRules rules, EventContracts contracts) {}

    /** Reads the event contracts that a config names; none when it names no folder. */
    private static EventContracts contracts(HubConfig config) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        if (config.events().isPresent()) {
            try (Stream<Path> files = Files.list(config.events().get())) {
                for (Path found :
                        files.filter(path -> path.toString().endsWith(".json")).toList()) {
                    texts.put(found.toString(), text(found));
                }
            }
        }
        return EventContracts.of(texts);
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
