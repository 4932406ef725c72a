package dev.hubbub.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures an empty node: from the start of its process to ready, with and without class-data sharing; its memory. */
@Command(
        name = "startup",
        description = "An empty node: from start to ready, with and without an archive of its classes; its memory.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class StartupCommand implements Callable<Integer> {
    private static final String READY = "Hubbub is ready";
    private static final String HEADER = "%-10s %3s %10s %9s %14s %20s %8s";
    private static final String ROW = "%-10s %3d %10.2f %9.2f %14.0f %20.0f %7.0f%%";
    private static final long MOST_MILLIS = 60_000;
    private static final long LOOK_MILLIS = 2;
    private static final long SETTLE_MILLIS = 3_000;
    private static final double KIB_PER_MIB = 1_024;

    private final PrintWriter out;
    private final PrintWriter err;

    @Mixin
    private final HubOptions options = new HubOptions();

    @Option(names = "--rounds", defaultValue = "3", description = "how often each (default: 3)")
    private int rounds;

    StartupCommand(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        System.clearProperty(Contender.Hub.ARCHIVE); // the archive is what is measured here
        Path folder = Files.createTempDirectory("hubbub-bench-");
        Path config = Files.writeString(folder.resolve("hub.yaml"), HubConfigs.fanout());
        Contender hub = new Contender.Hub(options.jar(), config);
        Path archive = folder.resolve("hub.jsa");
        List<String> plain = List.of(options.program());
        List<String> shared = join(plain, "-XX:SharedArchiveFile=" + archive, "-Xshare:auto");
        err.println("writing the archive");
        try (Node node =
                new Node(hub, join(plain, "-XX:ArchiveClassesAtExit=" + archive), folder.resolve("archive.txt"))) {
            err.printf("  it was ready after %.2f s%n", node.awaitReady());
        }
        out.println(options.heading() + "; on both cores, flags as scripts/hub gives them");
        out.println(HEADER.formatted(
                "classes", "#", "ready s", "cpu s", "resident MiB", "after collecting MiB", "foreign"));
        JsonArray runs = new JsonArray();
        for (int round = 1; round <= rounds; round++) {
            runs.add(measure("archive", round, hub, shared, folder));
            runs.add(measure("plain", round, hub, plain, folder));
        }
        options.report(new JsonObject().put("scenario", "startup").put("runs", runs), out);
        return 0;
    }

    private static List<String> join(List<String> words, String... more) {
        return Stream.concat(words.stream(), Stream.of(more)).toList();
    }

    private JsonObject measure(String name, int round, Contender hub, List<String> java, Path folder)
            throws IOException, InterruptedException {
        int cores = Runtime.getRuntime().availableProcessors();
        long busy = coreMicros();
        try (Node node = new Node(hub, java, folder.resolve(name + "-" + round + ".txt"))) {
            double seconds = node.awaitReady();
            long own = node.server.probe().micros();
            double foreign = Math.max(0, coreMicros() - busy - own) / (seconds * 1e6 * Math.max(2, cores));
            Thread.sleep(SETTLE_MILLIS);
            double resident = node.server.probe().residentKib() / KIB_PER_MIB;
            long live = node.server.metrics().heapBytes();
            double collected = node.server.probe().residentKib() / KIB_PER_MIB;
            out.println(ROW.formatted(name, round, seconds, own / 1e6, resident, collected, 100 * foreign));
            return new JsonObject()
                    .put("classes", name)
                    .put("round", round)
                    .put("readySeconds", seconds)
                    .put("cpuSeconds", own / 1e6)
                    .put("residentMib", resident)
                    .put("residentAfterCollectionMib", collected)
                    .put("liveHeapMib", live / (KIB_PER_MIB * KIB_PER_MIB))
                    .put("foreignShare", foreign);
        }
    }

    private long coreMicros() {
        return ProcessClock.coreMicros(0) + ProcessClock.coreMicros(1);
    }

    /** A node whose start is watched closely. */
    private static final class Node implements AutoCloseable {
        private final long begin = System.nanoTime();
        private final Path log;
        private final ServerProcess server;

        Node(Contender hub, List<String> java, Path log) throws IOException {
            this.log = log;
            Path files = Files.createDirectories(log.resolveSibling(log.getFileName() + ".d"));
            List<String> quiet = new ArrayList<>(java);
            quiet.add("-Xlog:cds=off");
            quiet.add("-Xlog:cds+dynamic=off");
            Contender.Place place =
                    new Contender.Place(quiet, ServerProcess.freePort(), ServerProcess.freePort(), files);
            this.server = ServerProcess.begin(hub, place, -1, log);
        }

        /** Waits until it says that it is ready; returns after how many seconds. */
        double awaitReady() throws IOException, InterruptedException {
            long deadline = begin + MOST_MILLIS * 1_000_000;
            while (!Files.exists(log)
                    || !Files.readString(log, StandardCharsets.UTF_8).contains(READY)) {
                if (!server.alive() || System.nanoTime() > deadline) {
                    throw new BenchException("a node is not ready:\n" + ServerProcess.tail(log));
                }
                Thread.sleep(LOOK_MILLIS);
            }
            return (System.nanoTime() - begin) / 1e9;
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
