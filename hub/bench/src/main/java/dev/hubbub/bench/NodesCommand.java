package dev.hubbub.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures what a cluster costs: the same fan-out on one node and on several, all on one core, in turn. */
@Command(
        name = "nodes",
        description = "The hot address on one node and on three that share the same core, in turn.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class NodesCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final PrintWriter out;
    private final PrintWriter err;

    @Mixin
    private final HubOptions options = new HubOptions();

    @Option(names = "--nodes", split = ",", defaultValue = "1,3", description = "how many, in turn (default: 1,3)")
    private List<Integer> counts = List.of();

    @Option(names = "--rounds", defaultValue = "2", description = "how often (default: 2)")
    private int rounds;

    @Option(names = "--rate", defaultValue = "0", description = "events a second, instead of 100")
    private int rate;

    @Option(names = "--warm-up", defaultValue = "8", paramLabel = "SECONDS", description = "(default: 8)")
    private int warmUpSeconds;

    @Option(names = "--measure", defaultValue = "15", paramLabel = "SECONDS", description = "(default: 15)")
    private int measureSeconds;

    @Option(
            names = "--polls",
            description = "the reader polls instead of sleeping, so that no server has to wake it; its own share of its"
                    + " core then says nothing")
    private boolean polls;

    NodesCommand(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        out.println(options.heading());
        Scenario scenario = Scenario.hot()
                .resized(0, 0, rate)
                .timed(warmUpSeconds, measureSeconds)
                .read(polls);
        List<List<Measurement>> measured = counts.stream()
                .map(count -> (List<Measurement>) new ArrayList<Measurement>())
                .toList();
        JsonArray runs = new JsonArray();
        JsonArray failures = new JsonArray();
        for (int round = 1; round <= rounds; round++) {
            for (int i = 0; i < counts.size(); i++) {
                int count = counts.get(i);
                err.println("measuring " + count + " nodes, round " + round);
                try {
                    Measurement one = measure(scenario, count);
                    measured.get(i).add(one);
                    runs.add(new JsonObject()
                            .put("nodes", count)
                            .put("round", round)
                            .mergeIn(one.toJson()));
                    out.println(line(count, round, one));
                } catch (BenchException failure) {
                    err.println("  " + failure.getMessage());
                    failures.add(count + " nodes: " + failure.getMessage());
                }
            }
        }
        JsonObject ratios = ratios(measured);
        out.println("processor time of each delivery, to that on " + counts.get(0) + ": " + ratios.encode());
        options.report(
                new JsonObject()
                        .put("scenario", "nodes")
                        .put("runs", runs)
                        .put("failures", failures)
                        .put("cpuRatio", ratios),
                out);
        return failures.isEmpty() ? 0 : FanoutCommand.COULD_NOT_MEASURE;
    }

    private Measurement measure(Scenario scenario, int count) throws IOException, InterruptedException {
        HubNodes.Store store = count > 1 ? HubNodes.Store.HAZELCAST : HubNodes.Store.MEMORY;
        try (HubNodes nodes = HubNodes.start(options.setup(HubConfigs.fanout()), count, store);
                Generator generator = scenario.against(nodes.target(), PATIENCE)) {
            return generator.run();
        }
    }

    private static String line(int count, int round, Measurement one) {
        return "%d nodes #%d: %,d deliveries/s, %.2f us each, p50 %.2f ms, p99 %.2f ms, core %.0f%%, foreign %.0f%%, faults %s"
                .formatted(
                        count,
                        round,
                        Math.round(one.traffic().perSecond()),
                        one.cost().microsPerDelivery(),
                        one.latency().p50(),
                        one.latency().p99(),
                        100 * one.cost().server(),
                        100 * one.cost().foreign(),
                        one.faults().none() ? "none" : one.faults().toString());
    }

    private JsonObject ratios(List<List<Measurement>> measured) {
        JsonObject ratios = new JsonObject();
        for (int i = 1; i < counts.size(); i++) {
            if (!measured.get(0).isEmpty() && !measured.get(i).isEmpty()) {
                double ratio = median(measured.get(i)) / median(measured.get(0));
                ratios.put(String.valueOf(counts.get(i)), Math.round(1_000 * ratio) / 1_000.0);
            }
        }
        return ratios;
    }

    private static double median(List<Measurement> all) {
        return FanoutReport.median(
                all.stream().mapToDouble(one -> one.cost().microsPerDelivery()).toArray());
    }
}
