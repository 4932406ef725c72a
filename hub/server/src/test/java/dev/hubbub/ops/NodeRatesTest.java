package dev.hubbub.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.bus.VertxBus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeRatesTest {
    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final NodeQuestions nodes = new NodeQuestions(new VertxBus(vertx, () -> "id"), "n1", () -> Set.of("n1"));
    private long millis = 1_000_000;
    private final NodeRates rates = new NodeRates(nodes, registry, new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis);
        }
    });

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private JsonObject last(int count) throws Exception {
        return nodes.askOne("n1", "rates", new JsonObject().put("last", count))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private void sample(long afterMillis) {
        millis += afterMillis;
        rates.sample();
    }

    @Test
    void waitsAreToldByTheirBucketsAndForTheTimeBetweenTwoSamples() {
        WaitQuantile most = new WaitQuantile("hubbub.delivery", 0.99);
        WaitQuantile half = new WaitQuantile("hubbub.delivery", 0.5);
        assertThat(most.millis(registry)).isZero();
        for (String owner : List.of("local", "remote")) {
            Timer timer = Timer.builder("hubbub.delivery")
                    .tag("owner", owner)
                    .serviceLevelObjectives(Duration.ofMillis(1), Duration.ofMillis(10), Duration.ofMillis(100))
                    .register(registry);
            for (int i = 0; i < 100; i++) {
                timer.record(Duration.ofMillis(owner.equals("local") && i > 2 ? 1 : 5));
            }
        }
        assertThat(half.millis(registry)).isEqualTo(10);
        assertThat(most.millis(registry)).isEqualTo(10);
        assertThat(most.millis(registry)).isZero();
        registry.find("hubbub.delivery").tag("owner", "local").timer().record(Duration.ofSeconds(5));
        assertThat(most.millis(registry)).as("longer than every bucket").isEqualTo(100);
    }

    @Test
    void aValueThatANewerOneReplacedIsNoDrop() throws Exception {
        sample(0);
        registry.counter("hubbub.events.dropped", "reason", "replaced").increment(10);
        registry.counter("hubbub.events.dropped", "reason", "slow").increment(2);
        sample(0);
        sample(2_000);
        registry.counter("hubbub.events.dropped", "reason", "slow").increment(2);
        sample(2_000);
        JsonObject answer = last(1);
        int column = answer.getJsonArray("columns").getList().indexOf("drops");
        assertThat(answer.getJsonArray("samples").getJsonArray(0).getDouble(column + 1))
                .isEqualTo(1);
    }

    @Test
    void countersBecomeRatesAndTheRingIsBounded() throws Exception {
        Counter in = registry.counter("hubbub.events.published", "delivery", "log");
        in.increment(1_000);
        sample(0); // what was before it began is nobody's rate
        in.increment(50);
        registry.counter("hubbub.events.published", "delivery", "signal").increment(10);
        sample(2_000);
        JsonObject answer = last(NodeRates.KEPT);
        int column = answer.getJsonArray("columns").getList().indexOf("in");
        JsonArray only = answer.getJsonArray("samples").getJsonArray(0);
        assertThat(only.getLong(0)).isEqualTo(millis);
        assertThat(only.getDouble(column + 1)).isEqualTo(30);

        for (int i = 0; i < 2 * NodeRates.KEPT; i++) {
            sample(2_000);
        }
        assertThat(last(1_000).getJsonArray("samples")).hasSize(NodeRates.KEPT);
        assertThat(last(2).getJsonArray("samples")).hasSize(2);
        assertThat(last(2).getJsonArray("samples").getJsonArray(1).getDouble(column + 1))
                .isZero();
    }
}
