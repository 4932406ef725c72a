package dev.hubbub.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures publishing with an answer: one node, three nodes with a backup of each log, one node with Redis. */
@Command(
        name = "ack",
        description = "Publishing that waits until the event is safe: one node, three nodes, Redis; all on one core.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class AckCommand implements Callable<Integer> {
    private static final String HEADER = "%-12s %5s %9s %9s %8s %8s %9s %8s %8s %9s %7s %6s";
    private static final String ROW = "%-12s %5d %,9.0f %9.0f %8.2f %8.2f %,9.0f %8.2f %8.2f %9.2f %6.0f%% %6d";
    private static final double SCHEDULED_SHARE = 0.5;

    private final PrintWriter out;
    private final PrintWriter err;

    @Mixin
    private final HubOptions options = new HubOptions();

    @Option(
            names = "--store",
            split = ",",
            defaultValue = "memory-1,hazelcast-1,hazelcast-3,redis-1",
            paramLabel = "STORE-NODES",
            description = "what is measured, one after the other (default: ${DEFAULT-VALUE})")
    private List<String> setups = List.of();

    @Option(
            names = "--clients",
            defaultValue = "64",
            description = "publishers, each with its own address (default: 64)")
    private int clients;

    @Option(
            names = "--rate",
            defaultValue = "0",
            description = "events/s of the schedule (default: half of what the first phase reached)")
    private int rate;

    @Option(names = "--warm-up", defaultValue = "6", paramLabel = "SECONDS", description = "(default: 6)")
    private int warmUpSeconds;

    @Option(names = "--measure", defaultValue = "8", paramLabel = "SECONDS", description = "each phase (default: 8)")
    private int measureSeconds;

    AckCommand(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        out.println(options.heading());
        out.println(HEADER.formatted(
                "store",
                "nodes",
                "events/s",
                "cpu us/ev",
                "p50 ms",
                "p99 ms",
                "sched/s",
                "p50 ms",
                "p99 ms",
                "p99.9 ms",
                "foreign",
                "faults"));
        JsonArray runs = new JsonArray();
        JsonArray failures = new JsonArray();
        long faults = 0;
        for (String setup : setups) {
            err.println("measuring " + setup);
            try {
                JsonObject run = measure(setup);
                faults += run.getLong("faults");
                runs.add(run);
            } catch (BenchException failure) {
                err.println("  " + failure.getMessage());
                failures.add(setup + ": " + failure.getMessage());
            }
        }
        options.report(
                new JsonObject()
                        .put("scenario", "ack")
                        .put("clients", clients)
                        .put("runs", runs)
                        .put("failures", failures),
                out);
        return faults > 0 ? 1 : failures.isEmpty() ? 0 : FanoutCommand.COULD_NOT_MEASURE;
    }

    private JsonObject measure(String setup) throws IOException, InterruptedException {
        String[] words = setup.split("-", -1);
        HubNodes.Store store = HubNodes.Store.valueOf(words[0].toUpperCase(Locale.ROOT));
        int count = words.length > 1 ? Integer.parseInt(words[1]) : 1;
        try (HubNodes nodes = HubNodes.start(options.setup(HubConfigs.loads()), count, store);
                AckClients publishers = new AckClients(nodes.target().servers(), clients)) {
            AckClients.Phase warm = publishers.saturate(warmUpSeconds * 1_000L, 1_000);
            err.printf("  warm: %,.0f events/s%n", warm.perSecond());
            Usage.Watch watch = Usage.begin(nodes.target().probe());
            AckClients.Phase most = publishers.saturate(0, measureSeconds * 1_000L);
            Usage usage = watch.end();
            int wanted = rate > 0 ? rate : (int) Math.max(1, most.perSecond() * SCHEDULED_SHARE);
            AckClients.Phase scheduled = publishers.follow(wanted, measureSeconds * 1_000L);
            double micros = usage.micros() / Math.max(1, most.perSecond() * measureSeconds);
            out.println(ROW.formatted(
                    words[0],
                    count,
                    most.perSecond(),
                    micros,
                    most.p50(),
                    most.p99(),
                    (double) wanted,
                    scheduled.p50(),
                    scheduled.p99(),
                    scheduled.p999(),
                    100 * usage.foreign(),
                    publishers.faults()));
            return new JsonObject()
                    .put("store", words[0])
                    .put("nodes", count)
                    .put("eventsPerSecond", most.perSecond())
                    .put("serverMicrosPerEvent", micros)
                    .put("p50Millis", most.p50())
                    .put("p99Millis", most.p99())
                    .put("scheduledPerSecond", wanted)
                    .put("scheduledP50Millis", scheduled.p50())
                    .put("scheduledP99Millis", scheduled.p99())
                    .put("scheduledP999Millis", scheduled.p999())
                    .put("serverCoreShare", usage.core())
                    .put("foreignCoreShare", usage.foreign())
                    .put("faults", publishers.faults());
        }
    }
}
