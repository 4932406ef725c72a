package dev.hubbub.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What may be said on the command line of {@code bench fanout}; filled in by picocli, read once. */
final class FanoutOptions {

    @Option(
            names = "--scenario",
            split = ",",
            defaultValue = "saturation,hot",
            paramLabel = "NAME",
            converter = ByName.class,
            description =
                    "saturation: 200 subscribers, 8 events in flight; hot: 1,000 subscribers, 100 events/s by a fixed"
                            + " schedule (default: both); many: 10,000 subscribers on 1,000 addresses, 1,000 events/s")
    List<Scenario> scenarios = List.of();

    @Option(
            names = "--transport",
            defaultValue = "plain",
            description = "plain, or sockjs: SockJS framing on a WebSocket (default: plain)")
    BridgeTransport transport = BridgeTransport.PLAIN;

    @Option(
            names = "--only",
            paramLabel = "hub|stock|floor",
            description =
                    "measure one server; floor: one that does nothing but write, to see what the generator can take")
    Optional<Only> only = Optional.empty();

    @Option(
            names = "--peer",
            split = ",",
            defaultValue = "stock",
            paramLabel = "NAME",
            description = "the peers, or all (default: stock): stock, socket.io, ws, uws-bun, uws-node, nchan, nats,"
                    + " floor-each, floor-turn, floor-java")
    List<String> peerNames = List.of();

    @Option(
            names = "--peers",
            defaultValue = ".build/peers",
            paramLabel = "FOLDER",
            description = "where the peers are installed (scripts/bench gives it)")
    private Path peersFolder = Path.of(".build/peers");

    @Option(names = "--rounds", defaultValue = "2", description = "how often, hub and peers in turn (default: 2)")
    int rounds;

    @Option(names = "--subscribers", defaultValue = "0", description = "instead of 200 and 1,000")
    int subscribers;

    @Option(names = "--in-flight", defaultValue = "0", description = "events in flight in saturation, instead of 8")
    int inFlight;

    @Option(names = "--rate", defaultValue = "0", description = "events a second in hot, instead of 100")
    int rate;

    @Option(names = "--warm-up", defaultValue = "0", paramLabel = "SECONDS", description = "instead of 5")
    int warmUpSeconds;

    @Option(names = "--measure", defaultValue = "0", paramLabel = "SECONDS", description = "instead of 15 and 20")
    int measureSeconds;

    @Option(
            names = "--polls",
            description = "the reader polls instead of sleeping, so that no server has to wake it; its own share of its"
                    + " core then says nothing")
    boolean polls;

    @Option(
            names = "--java",
            defaultValue = "java",
            paramLabel = "PATH",
            description = "the JDK of the servers, its folder or its program (default: java on the path)")
    private Path java = Path.of("java");

    @Option(
            names = "--jvm-flags",
            defaultValue = "-Xms1g -Xmx1g -XX:+ExitOnOutOfMemoryError",
            paramLabel = "FLAGS",
            description = "the same for every server (default: ${DEFAULT-VALUE})")
    private String jvmFlags = "";

    @Option(names = "--json", paramLabel = "FILE", description = "write every figure there; - is standard output")
    Optional<String> json = Optional.empty();

    @Option(names = "--profile", description = "record each server with JFR and keep the recordings")
    boolean profile;

    @Option(names = "--hub-jar", paramLabel = "FILE", description = "the hub's jar (scripts/bench gives it)")
    Optional<Path> hubJar = Optional.empty();

    @Option(names = "--hub-config", paramLabel = "FILE", description = "another config for the hub")
    Optional<Path> hubConfig = Optional.empty();

    @Option(names = "--server-core", defaultValue = "0", description = "the servers' core (default: 0)")
    int serverCore;

    /** Which server is measured alone. */
    enum Only {
        /** The hub. */
        HUB,
        /** The bridge that Vert.x ships. */
        STOCK,
        /** A server that does nothing but write: what the generator can take. */
        FLOOR;

        /** The name of the contender. */
        String contender() {
            return this == FLOOR ? "floor-java" : name().toLowerCase(Locale.ROOT);
        }
    }

    /** The names of everyone who is measured. */
    List<String> hubAndPeers() {
        return Stream.concat(Stream.of("hub"), peerNames.stream().flatMap(Peers::expand))
                .distinct()
                .toList();
    }

    /** The servers to compare with. */
    Peers peers() {
        return new Peers(peersFolder.toAbsolutePath());
    }

    /** The Java program and its flags. */
    List<String> javaCommand() {
        Path program = Files.isDirectory(java) ? java.resolve("bin/java") : java;
        return Stream.concat(Stream.of(program.toString()), Stream.of(jvmFlags.split(" +", -1)))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** The scenarios with the sizes that were asked for. */
    List<Scenario> sizedScenarios() {
        return scenarios.stream()
                .map(scenario -> scenario.resized(subscribers, inFlight, rate)
                        .timed(warmUpSeconds, measureSeconds)
                        .read(polls))
                .toList();
    }

    /** Finds a scenario by its name. */
    static final class ByName implements ITypeConverter<Scenario> {
        @Override
        public Scenario convert(String name) {
            return Scenario.all().stream()
                    .filter(scenario -> scenario.name().equals(name))
                    .findFirst()
                    .orElseThrow(
                            () -> new TypeConversionException("there is saturation, hot and many, but no " + name));
        }
    }
}
