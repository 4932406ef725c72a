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

/** Which hub is measured and on what, for commands that start several of it; where figures go. */
final class HubOptions {
    @Option(names = "--java", defaultValue = "java", paramLabel = "PATH", description = "the hub's JDK (default: java)")
    private Path java = Path.of("java");

    @Option(
            names = "--jvm-flags",
            defaultValue = "-Xms512m -Xmx512m -XX:+ExitOnOutOfMemoryError",
            paramLabel = "FLAGS",
            description = "flags of every node (default: ${DEFAULT-VALUE})")
    private String jvmFlags = "";

    @Option(names = "--json", paramLabel = "FILE", description = "write every figure there; - is standard output")
    private Optional<String> json = Optional.empty();

    @Option(names = "--hub-jar", paramLabel = "FILE", description = "the hub's jar (scripts/bench gives it)")
    private Optional<Path> hubJar = Optional.empty();

    @Option(names = "--server-core", defaultValue = "0", description = "the hub's core (default: 0)")
    private int serverCore;

    /** What starts nodes, with files in a folder of their own. */
    HubNodes.Setup setup(String config) throws IOException {
        Path folder = Files.createTempDirectory("hubbub-bench-");
        return new HubNodes.Setup(jar(), command(), config, serverCore, folder);
    }

    Path jar() {
        return hubJar.orElseThrow(() -> new BenchException("--hub-jar is missing: say where the hub's jar is"));
    }

    /** The Java program and its flags. */
    List<String> command() {
        return Stream.concat(Stream.of(program()), Stream.of(jvmFlags.split(" +", -1)))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** The Java program alone. */
    String program() {
        return (Files.isDirectory(java) ? java.resolve("bin/java") : java).toString();
    }

    /** What it runs on, in words. */
    String heading() throws IOException, InterruptedException {
        JvmFacts facts = JvmFacts.of(command(), serverCore);
        return "JDK %s with %s GC: %s".formatted(facts.version(), facts.collector(), String.join(" ", command()));
    }

    int serverCore() {
        return serverCore;
    }

    /** Writes the figures where they were asked for. */
    void report(JsonObject figures, PrintWriter out) throws IOException {
        if (json.isEmpty()) {
            return;
        }
        if (json.get().equals("-")) {
            out.println(figures.encodePrettily());
        } else {
            Files.writeString(Path.of(json.get()), figures.encodePrettily() + "\n");
        }
    }
}
