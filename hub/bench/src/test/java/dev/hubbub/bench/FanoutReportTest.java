package dev.hubbub.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.bench.DeliveryLedger.Faults;
import dev.hubbub.bench.Measurement.Cost;
import dev.hubbub.bench.Measurement.Latency;
import dev.hubbub.bench.Measurement.Traffic;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class FanoutReportTest {

    private static final Faults NONE = new Faults(0, 0, 0, 0);

    private final FanoutReport report =
            new FanoutReport(BridgeTransport.PLAIN, new JvmFacts("17.0.1", "Serial"), List.of("java", "-Xmx1g"));

    @Test
    void theHubIsComparedByMedians() {
        add("stock", 1, 100_000, NONE);
        add("hub", 1, 400_000, NONE);
        add("stock", 2, 120_000, NONE);
        add("hub", 2, 700_000, NONE);

        JsonObject json = new JsonObject(report.toJson().encode());

        assertThat(json.getJsonObject("hubTo")
                        .getJsonObject("saturation")
                        .getJsonObject("stock")
                        .getDouble("deliveriesPerSecond"))
                .isEqualTo(5.0);
        assertThat(json.getJsonArray("runs")).hasSize(4);
        assertThat(report.table()).contains("deliveries/s x5.00");
    }

    @Test
    void oneServerAloneIsNotCompared() {
        add("stock", 1, 100_000, NONE);

        assertThat(report.toJson().getJsonObject("hubTo")).isEmpty();
        assertThat(report.table()).doesNotContain("hub/stock");
    }

    @Test
    void anyFaultOfAnyRunIsKept() {
        add("stock", 1, 100_000, NONE);
        assertThat(report.faultless()).isTrue();

        add("hub", 1, 100_000, new Faults(0, 0, 1, 0));

        assertThat(report.faultless()).isFalse();
        assertThat(report.toJson().getBoolean("faultless")).isFalse();
        assertThat(report.table()).contains("1 out of order");
    }

    @Test
    void aRunThatFailedDoesNotHideTheOthers() {
        add("stock", 1, 100_000, NONE);
        report.addFailure("hub-saturation-1", "the server hub ended");

        assertThat(report.table()).contains("100,000").contains("hub-saturation-1 FAILED: the server hub ended");
        assertThat(report.toJson().getJsonArray("failures")).hasSize(1);
    }

    @Test
    void aMedianOfAnEvenNumberIsTheMeanOfTheMiddle() {
        assertThat(FanoutReport.median(new double[] {9, 1, 5})).isEqualTo(5);
        assertThat(FanoutReport.median(new double[] {9, 1, 5, 2})).isEqualTo(3.5);
    }

    @Test
    void aScheduleIsHeldOnlyWhenAllOfItCameInTime() {
        assertThat(scheduled(100_000, 50, 20, NONE).held()).isTrue();
        assertThat(scheduled(98_000, 50, 20, NONE).held()).isFalse();
        assertThat(scheduled(100_000, 1_500, 20, NONE).held()).isFalse();
        assertThat(scheduled(100_000, 50, 2_000, NONE).held()).isFalse();
        assertThat(scheduled(100_000, 50, 20, new Faults(1, 0, 0, 0)).held()).isFalse();
    }

    private void add(String server, int round, long deliveries, Faults faults) {
        report.add(Scenario.saturation(), server, round, measurement(deliveries, 0, 1, 0, faults));
    }

    private static Measurement scheduled(long deliveries, double p99, long drainMillis, Faults faults) {
        return measurement(deliveries, 100_000, p99, drainMillis, faults);
    }

    private static Measurement measurement(
            long deliveries, double offered, double p99, long drainMillis, Faults faults) {
        return new Measurement(
                new Traffic(1, deliveries / 1_000, deliveries, offered, drainMillis),
                new Latency(p99 / 2, p99, p99, p99, 0),
                new Cost(5, 1, 0.5, 0, 100),
                GcPauses.NONE,
                faults);
    }
}
