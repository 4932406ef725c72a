package dev.hubbub.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which servers are measured one after the other, on which virtual machines, and where figures go. */
final class PeerOptions {

    @Option(
            names = "--peer",
            split = ",",
            paramLabel = "NAME",
            description = "measure these beside the hub; all for everyone (default: the hub alone)")
    private List<String> peers = List.of();

    @Option(names = "--no-hub", description = "measure the peers alone")
    private boolean noHub;

    @Option(names = "--peers", defaultValue = ".build/peers", paramLabel = "FOLDER", description = "where they are")
    private Path peersFolder = Path.of(".build/peers");

    @Option(
            names = "--java",
            split = ",",
            defaultValue = "java",
            paramLabel = "PATH",
            description = "JDKs, folders or programs: the hub runs on each, peers on the first (default: java)")
    private List<Path> javas = List.of(Path.of("java"));

    @Option(
            names = "--jvm-flags",
            defaultValue = "-Xmx1g -XX:+ExitOnOutOfMemoryError",
            paramLabel = "FLAGS",
            description = "the same for every server (default: ${DEFAULT-VALUE})")
    private String jvmFlags = "";

    @Option(
            names = "--flags-25",
            defaultValue = "",
            paramLabel = "FLAGS",
            description = "further flags for JDK 25 and newer")
    private String newFlags = "";

    @Option(names = "--json", paramLabel = "FILE", description = "write every figure there; - is standard output")
    private Optional<String> json = Optional.empty();

    @Option(names = "--hub-jar", paramLabel = "FILE", description = "the hub's jar (scripts/bench gives it)")
    private Optional<Path> hubJar = Optional.empty();

    @Option(names = "--server-core", defaultValue = "0", description = "the servers' core (default: 0)")
    private int serverCore;

    /**
     * One server to be measured.
     *
     * @param title as it is printed
     * @param jdk of a Java server; empty for others
     * @param java the Java program and its flags
     */
    record Entry(String title, String jdk, Contender contender, List<String> java) {}

    /** Everyone who is to be measured; {@code missing} is told of those who are not here. */
    List<Entry> entries(Path folder, Consumer<String> missing) throws IOException, InterruptedException {
        List<Entry> entries = new ArrayList<>();
        if (!noHub) {
            Path config = Files.writeString(folder.resolve("hub.yaml"), HubConfigs.fanout());
            Path jar = hubJar.orElseThrow(() -> new BenchException("--hub-jar is missing"));
            for (Path java : javas) {
                List<String> command = command(java);
                String jdk = JvmFacts.of(command, serverCore).version();
                String title = javas.size() == 1 ? "hub" : "hub-" + jdk.replaceAll("\\..*", "");
                entries.add(new Entry(title, jdk, new Contender.Hub(jar, config), command));
            }
        }
        List<String> command = command(javas.get(0));
        String jdk = JvmFacts.of(command, serverCore).version();
        for (String name : peers.stream().flatMap(Peers::expand).toList()) {
            try {
                Contender peer = new Peers(peersFolder.toAbsolutePath()).named(name);
                entries.add(new Entry(name, peer instanceof Contender.Peer ? jdk : "", peer, command));
            } catch (BenchException notHere) {
                missing.accept(name + ": " + notHere.getMessage());
            }
        }
        return entries;
    }

    private List<String> command(Path java) throws IOException, InterruptedException {
        Path program = Files.isDirectory(java) ? java.resolve("bin/java") : java;
        JvmFacts facts = JvmFacts.of(List.of(program.toString()), serverCore);
        String flags = facts.feature() >= 25 ? jvmFlags + " " + newFlags : jvmFlags;
        return Stream.concat(Stream.of(program.toString()), Stream.of(flags.split(" +", -1)))
                .filter(word -> !word.isEmpty())
                .toList();
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
