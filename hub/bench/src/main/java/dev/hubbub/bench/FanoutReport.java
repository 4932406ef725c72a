package dev.hubbub.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Collects measurements and tells them to people and machines. Not thread-safe. */
final class FanoutReport {

    private static final String HEADER = "%-10s %-10s %3s %12s %9s %8s %8s %8s %8s %6s %6s %7s %6s %12s %-5s %s%n";
    private static final String ROW =
            "%-10s %-10s %3s %,12d %9.2f %8.2f %8.2f %8.2f %8.1f %5.0f%% %5.0f%% %6.0f%% %6d %12s %-5s %s%n";

    private static final String HUB = "hub";

    private final BridgeTransport transport;
    private final JvmFacts jvm;
    private final List<String> java;
    private final List<Run> runs = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    private record Run(Scenario scenario, String server, int round, Measurement measurement) {}

    FanoutReport(BridgeTransport transport, JvmFacts jvm, List<String> java) {
        this.transport = transport;
        this.jvm = jvm;
        this.java = List.copyOf(java);
    }

    /** Takes one measurement in. */
    void add(Scenario scenario, String server, int round, Measurement measurement) {
        runs.add(new Run(scenario, server, round, measurement));
    }

    /** Takes in that a run could not be finished. */
    void addFailure(String run, String why) {
        failures.add(run + " FAILED: " + why);
    }

    /** The runs that could not be finished, and why. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Whether every event of every run came once, in order, to everybody. */
    boolean faultless() {
        return runs.stream().allMatch(run -> run.measurement.faults().none());
    }

    /** What is measured on. */
    String heading() {
        return "transport %s, servers on JDK %s with %s GC: %s"
                .formatted(transport, jvm.version(), jvm.collector(), String.join(" ", java));
    }

    /** One line a run, then the hub against each peer by the medians of the runs. */
    String table() {
        StringBuilder table = new StringBuilder();
        table.append(HEADER.formatted(
                "scenario",
                "server",
                "#",
                "deliveries/s",
                "cpu us/d",
                "p50 ms",
                "p99 ms",
                "p99.9 ms",
                "max ms",
                "core",
                "gen",
                "foreign",
                "MiB",
                "gc",
                "held",
                "faults"));
        for (Run run : runs) {
            table.append(row(run));
        }
        failures.forEach(failure -> table.append(failure).append('\n'));
        for (Scenario scenario : scenarios()) {
            ratios(scenario)
                    .forEach((peer, ratio) -> table.append("%s, hub/%s: %s%n"
                            .formatted(
                                    scenario.name(),
                                    peer,
                                    "deliveries/s x%.2f, server cpu per delivery x%.2f, p50 x%.2f, p99 x%.2f"
                                            .formatted(ratio.deliveries, ratio.cpu, ratio.p50, ratio.p99))));
        }
        return table.toString();
    }

    /** Everything, for a machine. */
    JsonObject toJson() {
        JsonArray array = new JsonArray();
        for (Run run : runs) {
            array.add(new JsonObject()
                    .put("scenario", run.scenario.name())
                    .put("subscribers", run.scenario.subscribers())
                    .put("server", run.server)
                    .put("round", run.round)
                    .mergeIn(run.measurement.toJson()));
        }
        JsonObject compared = new JsonObject();
        for (Scenario scenario : scenarios()) {
            JsonObject peers = new JsonObject();
            ratios(scenario).forEach((peer, ratio) -> peers.put(peer, ratio.toJson()));
            if (!peers.isEmpty()) {
                compared.put(scenario.name(), peers);
            }
        }
        return new JsonObject()
                .put("transport", transport.toString())
                .put("jdk", jvm.version())
                .put("collector", jvm.collector())
                .put("java", String.join(" ", java))
                .put("faultless", faultless())
                .put("runs", array)
                .put("failures", new JsonArray(failures))
                .put("hubTo", compared);
    }

    /** The median; of an even number, the mean of the middle two. */
    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String row(Run run) {
        Measurement measured = run.measurement;
        String held = run.scenario.openLoop() ? measured.held() ? "yes" : "NO" : "-";
        return ROW.formatted(
                run.scenario.name(),
                run.server,
                run.round,
                Math.round(measured.traffic().perSecond()),
                measured.cost().microsPerDelivery(),
                measured.latency().p50(),
                measured.latency().p99(),
                measured.latency().p999(),
                measured.latency().max(),
                100 * measured.cost().server(),
                100 * measured.cost().generator(),
                100 * measured.cost().foreign(),
                measured.cost().residentMib(),
                measured.pauses().count() + "x " + Math.round(measured.pauses().longest()) + " ms",
                held,
                faults(measured));
    }

    private static String faults(Measurement measured) {
        DeliveryLedger.Faults faults = measured.faults();
        return faults.none()
                ? "none"
                : "%d lost, %d doubled, %d out of order, %d damaged"
                        .formatted(faults.lost(), faults.doubled(), faults.outOfOrder(), faults.damaged());
    }

    private List<Scenario> scenarios() {
        return runs.stream().map(Run::scenario).distinct().toList();
    }

    /** The hub against everyone else who was measured, by name. */
    private Map<String, Ratio> ratios(Scenario scenario) {
        Map<String, Ratio> ratios = new LinkedHashMap<>();
        if (of(scenario, HUB).isEmpty()) {
            return ratios;
        }
        for (Run run : runs) {
            if (run.scenario.equals(scenario) && !run.server.equals(HUB)) {
                ratios.computeIfAbsent(run.server, peer -> ratio(scenario, peer));
            }
        }
        return ratios;
    }

    private Ratio ratio(Scenario scenario, String peer) {
        return new Ratio(
                ratio(scenario, peer, measured -> measured.traffic().perSecond()),
                ratio(scenario, peer, measured -> measured.cost().microsPerDelivery()),
                ratio(scenario, peer, measured -> measured.latency().p50()),
                ratio(scenario, peer, measured -> measured.latency().p99()));
    }

    private double ratio(Scenario scenario, String peer, ToDoubleFunction<Measurement> figure) {
        double theirs = medianOf(scenario, peer, figure);
        return theirs == 0 ? 0 : medianOf(scenario, HUB, figure) / theirs;
    }

    private double medianOf(Scenario scenario, String server, ToDoubleFunction<Measurement> figure) {
        return median(of(scenario, server).stream().mapToDouble(figure).toArray());
    }

    private List<Measurement> of(Scenario scenario, String server) {
        return runs.stream()
                .filter(run -> run.scenario.equals(scenario) && run.server.equals(server))
                .map(Run::measurement)
                .toList();
    }

    /** The hub's figure by a peer's, 0 where the peer has none: for the first more is better, for the others less. */
    private record Ratio(double deliveries, double cpu, double p50, double p99) {

        JsonObject toJson() {
            return new JsonObject()
                    .put("deliveriesPerSecond", rounded(deliveries))
                    .put("serverMicrosPerDelivery", rounded(cpu))
                    .put("p50Millis", rounded(p50))
                    .put("p99Millis", rounded(p99));
        }

        private static double rounded(double value) {
            return Math.round(value * 1_000) / 1_000.0;
        }
    }
}
