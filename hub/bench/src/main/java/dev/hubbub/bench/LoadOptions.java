package dev.hubbub.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What the load commands have in common: which hub, how it is started, where figures go. */
final class LoadOptions {
    @Option(
            names = "--jvm-flags",
            defaultValue = "-Xms1g -Xmx1g -XX:+ExitOnOutOfMemoryError",
            paramLabel = "FLAGS",
            description = "flags of the hub (default: ${DEFAULT-VALUE})")
    private String jvmFlags = "";

    @Option(names = "--json", paramLabel = "FILE", description = "write every figure there; - is standard output")
    private Optional<String> json = Optional.empty();

    @Option(names = "--hub-jar", paramLabel = "FILE", description = "the hub's jar (scripts/bench gives it)")
    private Optional<Path> hubJar = Optional.empty();

    @Option(names = "--hub-config", paramLabel = "FILE", description = "another config for the hub")
    private Optional<Path> hubConfig = Optional.empty();

    @Option(names = "--server-core", defaultValue = "0", description = "the hub's core (default: 0)")
    private int serverCore;

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description = "where the hub's output goes (default: a temporary file)")
    private Optional<Path> log = Optional.empty();

    /** Starts the hub and waits until it is ready. */
    ServerProcess start() throws IOException, InterruptedException {
        Path jar = hubJar.orElseThrow(() -> new BenchException("--hub-jar is missing: say where the hub's jar is"));
        Path output = log.isPresent() ? log.get() : Files.createTempFile("hubbub-bench-", ".txt");
        Path config = hubConfig.isPresent() ? hubConfig.get() : writeConfig();
        List<String> java = Stream.concat(Stream.of("java"), Stream.of(jvmFlags.split(" +", -1)))
                .filter(word -> !word.isEmpty())
                .toList();
        return ServerProcess.start(new Contender.Hub(jar, config), java, serverCore, output);
    }

    private static Path writeConfig() throws IOException {
        Path config = Files.createTempFile("hubbub-bench-", ".yaml");
        config.toFile().deleteOnExit();
        return Files.writeString(config, HubConfigs.loads());
    }

    /** Writes the figures where they were asked for. */
    void report(JsonObject figures, PrintWriter out) throws IOException {
        if (json.isPresent()) {
            if (json.get().equals("-")) {
                out.println(figures.encodePrettily());
            } else {
                Files.writeString(Path.of(json.get()), figures.encodePrettily() + "\n");
            }
        }
    }
}
