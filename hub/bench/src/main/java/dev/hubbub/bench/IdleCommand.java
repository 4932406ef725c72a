package dev.hubbub.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures what a connection costs that does nothing: resident memory, and processor time for staying alive. */
@Command(
        name = "idle",
        description =
                "Many connections with one subscription each that do nothing: memory of each, and what they burn.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class IdleCommand implements Callable<Integer> {
    private static final String HEADER = "%-12s %-10s %11s %10s %10s %12s %12s %9s %8s%n";
    private static final String ROW = "%-12s %-10s %,11d %10.1f %10.1f %,12d %12s %8.2f%% %7.0f%%%n";
    private static final int WARM_CONNECTIONS = 2_500;
    private static final long SETTLE_MILLIS = 4_000;
    private static final long KIB = 1_024;

    private final PrintWriter out;
    private final PrintWriter err;

    @Mixin
    private final PeerOptions options = new PeerOptions();

    @Option(names = "--connections", defaultValue = "19000", description = "how many (default: 19000)")
    private int connections;

    @Option(names = "--addresses", defaultValue = "1000", description = "addresses that they share (default: 1000)")
    private int addresses;

    @Option(
            names = "--rest",
            defaultValue = "30",
            paramLabel = "SECONDS",
            description = "how long the idle load is measured (default: 30)")
    private int restSeconds;

    @Option(
            names = "--histogram",
            description = "also keep what lies on the heap of Java servers, before and after, in the folder printed")
    private boolean histogram;

    IdleCommand(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    /** What one server keeps for idle connections. */
    private record Figures(
            String server, String jdk, long beforeKib, long afterKib, long heapBytes, double core, double foreign) {

        long perConnection(int connections) {
            return (afterKib - beforeKib) * KIB / connections;
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Figures> all = new ArrayList<>();
        JsonArray failures = new JsonArray();
        Path folder = Files.createTempDirectory("hubbub-bench-");
        for (PeerOptions.Entry entry : options.entries(folder, why -> failures.add(told(why)))) {
            err.println("measuring " + entry.title());
            try {
                all.add(measure(entry, folder.resolve(entry.title() + ".txt")));
            } catch (BenchException failure) {
                failures.add(told(entry.title() + ": " + failure.getMessage()));
            }
        }
        out.println(table(all));
        options.report(json(all, failures), out);
        err.println("The servers' output is in " + folder);
        return failures.isEmpty() ? 0 : FanoutCommand.COULD_NOT_MEASURE;
    }

    private String told(String failure) {
        err.println("  " + failure);
        return failure;
    }

    private Figures measure(PeerOptions.Entry entry, Path log) throws IOException, InterruptedException {
        try (ServerProcess server = ServerProcess.start(entry.contender(), entry.java(), options.serverCore(), log)) {
            boolean collects = !server.probe().gcLogs().isEmpty();
            try (IdleRun warm = new IdleRun(server.target(), Math.min(WARM_CONNECTIONS, connections), addresses)) {
                warm.open();
            }
            Thread.sleep(SETTLE_MILLIS);
            long heapBefore = settle(server, collects, log, "before");
            long before = server.probe().residentKib();
            try (IdleRun run = new IdleRun(server.target(), connections, addresses)) {
                run.open();
                run.rest(SETTLE_MILLIS);
                long heap = settle(server, collects, log, "after") - heapBefore;
                run.rest(SETTLE_MILLIS);
                long after = server.probe().residentKib();
                return rested(run, server, new Figures(entry.title(), entry.jdk(), before, after, heap, 0, 0));
            }
        } catch (IOException | RuntimeException e) {
            throw new BenchException(e.getMessage() + "\nThe server said:\n" + ServerProcess.tail(log), e);
        }
    }

    private Figures rested(IdleRun run, ServerProcess server, Figures so) throws IOException {
        Usage.Watch watch = Usage.begin(server.probe());
        run.rest(restSeconds * 1_000L);
        Usage usage = watch.end();
        run.prove();
        return new Figures(so.server, so.jdk, so.beforeKib, so.afterKib, so.heapBytes, usage.core(), usage.foreign());
    }

    /** Lets a Java server collect; returns what is live on its heap then, 0 for others. */
    private long settle(ServerProcess server, boolean collects, Path log, String when)
            throws IOException, InterruptedException {
        if (!collects) {
            return 0;
        }
        HubMetrics metrics = server.metrics();
        // The first collection finds what finalizers and references still hold; the second takes it.
        long live = Math.min(metrics.heapBytes(), metrics.heapBytes());
        if (histogram) {
            Files.writeString(log.resolveSibling(log.getFileName() + "." + when + ".histogram"), metrics.histogram());
            Files.writeString(log.resolveSibling(log.getFileName() + "." + when + ".native"), metrics.nativeMemory());
        }
        return live;
    }

    private String table(List<Figures> all) {
        StringBuilder table = new StringBuilder(HEADER.formatted(
                "server",
                "jdk",
                "connections",
                "before MiB",
                "after MiB",
                "bytes each",
                "heap each",
                "idle core",
                "foreign"));
        for (Figures one : all) {
            table.append(ROW.formatted(
                    one.server,
                    one.jdk,
                    connections,
                    one.beforeKib / 1_024.0,
                    one.afterKib / 1_024.0,
                    one.perConnection(connections),
                    one.heapBytes == 0 ? "-" : "%,d".formatted(one.heapBytes / connections),
                    100 * one.core,
                    100 * one.foreign));
        }
        return table.toString();
    }

    private JsonObject json(List<Figures> all, JsonArray failures) {
        JsonArray runs = new JsonArray();
        for (Figures one : all) {
            runs.add(new JsonObject()
                    .put("server", one.server)
                    .put("jdk", one.jdk)
                    .put("connections", connections)
                    .put("beforeKib", one.beforeKib)
                    .put("afterKib", one.afterKib)
                    .put("residentBytesEach", one.perConnection(connections))
                    .put("heapBytesEach", one.heapBytes / connections)
                    .put("idleCoreShare", one.core)
                    .put("foreignCoreShare", one.foreign));
        }
        return new JsonObject().put("scenario", "idle").put("runs", runs).put("failures", failures);
    }
}
