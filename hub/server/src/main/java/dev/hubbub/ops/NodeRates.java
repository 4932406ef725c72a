package dev.hubbub.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How the node did in the last five minutes: every {@value #EVERY_MILLIS} ms a sample of its meters, {@value #KEPT} of
 * them; and the same of all nodes for who asks.
 *
 * <p>Confined to the listener's event loop. A meter that the node does not have counts 0.
 */
final class NodeRates {
    static final int EVERY_MILLIS = 2_000;
    static final int KEPT = 150;
    /** A newer value took an event's place: that is no loss. */
    private static final String REPLACED = "replaced";

    private static final double MIB = 1024.0 * 1024;

    private final NodeQuestions nodes;
    private final MeterRegistry registry;
    private final Clock clock;
    /** What is sampled, by its name in answers; rates are per second. */
    private final List<Column> columns = List.of(
            Column.gauge("connections", "hubbub.connections"),
            Column.gauge("subscriptions", "hubbub.subscriptions"),
            Column.rate("in", "hubbub.events.published"),
            Column.rate("out", "hubbub.events.delivered"),
            Column.rate("drops", "hubbub.events.dropped"),
            Column.rate("duplicates", "hubbub.events.duplicates"),
            Column.rate("refusals", "hubbub.refused"),
            Column.rate("resumes", "hubbub.resumes"),
            Column.rate("reads", "hubbub.replay.reads"),
            Column.rate("bytes", "hubbub.sockets.sent.bytes"),
            Column.most("p50Millis", new WaitQuantile("hubbub.delivery", 0.5)),
            Column.most("p99Millis", new WaitQuantile("hubbub.delivery", 0.99)),
            Column.most("loopDelayMillis", new WaitQuantile("hubbub.loop.delay", 0.99)),
            new Column("heapMiB", false, registry -> heapMib()));

    private final RateRing ring = new RateRing(KEPT);
    private final Map<String, Double> counted = new HashMap<>();
    private long lastMillis;

    NodeRates(NodeQuestions nodes, MeterRegistry registry, Clock clock) {
        this.nodes = nodes;
        this.registry = registry;
        this.clock = clock;
        nodes.on("rates", with -> Future.succeededFuture(last(with.getInteger("last"))));
    }

    /** Begins to take samples, on the calling event loop. */
    void start(Vertx vertx) {
        sample();
        vertx.setPeriodic(EVERY_MILLIS, timer -> sample());
    }

    void mount(Router router) {
        router.get("/ops/v1/rates").handler(this::list);
    }

    private static double heapMib() {
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / MIB;
    }

    /** Takes one sample; the first only learns what the counters stand at. */
    void sample() {
        long now = clock.millis();
        double seconds = Math.max(1, now - lastMillis) / 1_000.0;
        List<Double> values = new ArrayList<>(columns.size());
        for (Column column : columns) {
            double value = column.read().applyAsDouble(registry);
            if (column.isRate()) {
                Double before = counted.put(column.name(), value);
                values.add(tenths(before == null ? 0 : Math.max(0, value - before) / seconds));
            } else {
                values.add(tenths(value));
            }
        }
        if (lastMillis > 0) {
            ring.add(new RateRing.Sample(now, values));
        }
        lastMillis = now;
    }

    private static double tenths(double value) {
        return Math.round(value * 10) / 10.0;
    }

    private JsonObject last(int count) {
        return new JsonObject()
                .put("everyMillis", EVERY_MILLIS)
                .put("columns", new JsonArray(columns.stream().map(Column::name).toList()))
                .put("samples", ring.last(count));
    }

    private void list(RoutingContext call) {
        JsonObject with = new JsonObject().put("last", (int)
                Math.min(KEPT, Math.max(1, OpsCall.number(call, "last").orElse((long) KEPT))));
        OpsCall.answer(call, nodes.ask("rates", with).map(answers -> {
            JsonArray rates = new JsonArray();
            answers.of().forEach((node, answer) -> rates.add(answer.copy().put("node", node)));
            return new JsonObject().put("rates", rates).put("nodes", answers.nodes());
        }));
    }

    private record Column(String name, boolean isRate, ToDoubleFunction<MeterRegistry> read) {

        static Column gauge(String name, String meter) {
            return new Column(
                    name,
                    false,
                    registry -> registry.find(meter).gauges().stream()
                            .mapToDouble(Gauge::value)
                            .filter(Double::isFinite)
                            .sum());
        }

        static Column most(String name, WaitQuantile quantile) {
            return new Column(name, false, quantile::millis);
        }

        static Column rate(String name, String meter) {
            return new Column(
                    name,
                    true,
                    registry -> registry.find(meter).counters().stream()
                                    .filter(counter ->
                                            !REPLACED.equals(counter.getId().getTag("reason")))
                                    .mapToDouble(Counter::count)
                                    .sum()
                            + registry.find(meter).functionCounters().stream()
                                    .mapToDouble(FunctionCounter::count)
                                    .sum());
        }
    }
}
