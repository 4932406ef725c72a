package dev.hubbub;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A node in a process of its own whose Vert.x warns of every event loop that stands for 200 ms. */
final class FuzzedNode implements AutoCloseable {
    private static final int LOOK_EVERY_MILLIS = 50;
    private static final String READY = "fuzzed node listens on ";

    private final Process process;
    private final Path log;
    private final int port;
    private final int opsPort;

    private FuzzedNode(Process process, Path log) {
        this.process = process;
        this.log = log;
        TestNode.eventually("the node is up:\n" + log, () -> lines().stream().anyMatch(l -> l.startsWith(READY)));
        String[] ports = lines().stream()
                .filter(line -> line.startsWith(READY))
                .findFirst()
                .orElseThrow()
                .substring(READY.length())
                .split(" ", 2);
        this.port = Integer.parseInt(ports[0]);
        this.opsPort = Integer.parseInt(ports[1]);
    }

    /** Runs the node; its arguments are the config and for how many milliseconds a loop may stand. */
    public static void main(String[] args) {
        long blockedMillis = Long.parseLong(args[1]);
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                .setMaxEventLoopExecuteTime(blockedMillis)
                .setWarningExceptionTimeUnit(TimeUnit.MILLISECONDS)
                .setWarningExceptionTime(blockedMillis)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
                .setBlockedThreadCheckInterval(LOOK_EVERY_MILLIS));
        List<String> ports = List.of("http.port=0", "ops.port=0");
        HubNode hub = TestNode.await(HubNode.start(vertx, new ConfigSource(Path.of(args[0]), ports, Map.of())));
        System.out.println(READY + portOf(hub.publicUrl()) + " " + portOf(hub.opsUrl()));
    }

    private static String portOf(String url) {
        return url.replaceAll(".*:", "");
    }

    /**
     * What is kept on purpose, events and the record of what became of them, is bounded low: growth beyond it is a
     * leak.
     */
    static FuzzedNode start(Path folder, long blockedMillis) throws IOException {
        Path config = Files.writeString(folder.resolve("fuzzed.yaml"), """
                auth: { jwt: { secret: "%s", issuer: me, audience: hub, leeway: 0s } }
                limits: { frame: 16KiB, connectionsPerUser: 10000, connectionsPerIp: 10000, subscriptions: 40,
                  handshakes: 1000000/s, resumes: 1000000/s, rate: { messages: 100000/s, burst: 100000 } }
                replay: { maxBytes: 4MiB }
                trace: { entries: 10000 }
                %s""".formatted(TestNode.SECRET, TestNode.RULES));
        Path log = folder.resolve("fuzzed.log");
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx384m",
                        "-cp",
                        path,
                        FuzzedNode.class.getName(),
                        config.toString(),
                        String.valueOf(blockedMillis))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            return new FuzzedNode(process, log);
        } catch (AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    /** Returns the lines of the log that tell of a fault: errors, exceptions, loops that stand, leaks. */
    List<String> faults() {
        return lines().stream()
                .filter(line -> line.contains(" ERROR ")
                        || line.contains("Exception")
                        || line.contains("has been blocked")
                        || line.contains("LEAK"))
                .collect(Collectors.toList());
    }

    /** Returns what lives on the heap after a collection, in bytes. */
    long liveBytes() {
        try {
            Process jcmd = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            String.valueOf(process.pid()),
                            "GC.class_histogram")
                    .redirectErrorStream(true)
                    .start();
            String out = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String total = out.lines()
                    .filter(line -> line.startsWith("Total"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no histogram:\n" + out));
            return Long.parseLong(total.strip().split("\\s+", 4)[2]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int connections() {
        return (int) metric("hubbub_connections{");
    }

    double metric(String start) {
        try (Wire wire = new Wire(opsPort)) {
            return wire.http("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(start))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    @Override
    public void close() {
        process.destroy();
        TestNode.eventually("the node is gone", () -> !process.isAlive());
    }
}
