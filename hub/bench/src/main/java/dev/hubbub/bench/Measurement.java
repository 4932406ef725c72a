package dev.hubbub.bench;

import dev.hubbub.bench.DeliveryLedger.Faults;
import io.vertx.core.json.JsonObject;

/**
 * What one run of one scenario against one server gave.
 *
 * @param traffic what went through
 * @param latency how late events were
 * @param cost what it took
 * @param pauses collections of the servers during the measured time
 * @param faults what was lost, doubled, out of order or damaged, from the first event to the last
 */
record Measurement(Traffic traffic, Latency latency, Cost cost, GcPauses pauses, Faults faults) {

    /**
     * What went through during the measured time.
     *
     * @param seconds how long was measured
     * @param events events sent
     * @param deliveries deliveries received
     * @param offered deliveries due a second by the schedule; 0 without one
     * @param drainMillis how long after the last event everything had come
     */
    record Traffic(double seconds, long events, long deliveries, double offered, long drainMillis) {

        double perSecond() {
            return deliveries / seconds;
        }
    }

    /**
     * From when an event was due to when a subscriber had it, in milliseconds.
     *
     * @param sendLag how late the generator itself was at worst
     */
    record Latency(double p50, double p99, double p999, double max, double sendLag) {}

    /**
     * What the measured time took.
     *
     * @param microsPerDelivery the server's processor time per delivery
     * @param server the server's share of its core, 0 to 1
     * @param generator the generator's share of its core
     * @param foreign the share of the server's core that went to other processes
     * @param residentMib the server's memory at the end
     */
    record Cost(double microsPerDelivery, double server, double generator, double foreign, long residentMib) {}

    private static final double HELD_LATENCY_MILLIS = 1_000;
    private static final long HELD_DRAIN_MILLIS = 1_000;
    private static final double HELD_SHARE = 0.99;

    /** Whether a scheduled load was carried: all of it came, at its pace, within a second. */
    boolean held() {
        return faults.none()
                && latency.p99 < HELD_LATENCY_MILLIS
                && traffic.drainMillis < HELD_DRAIN_MILLIS
                && traffic.perSecond() >= HELD_SHARE * traffic.offered;
    }

    /** Everything, for a machine. */
    JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("seconds", round(traffic.seconds))
                .put("events", traffic.events)
                .put("deliveries", traffic.deliveries)
                .put("deliveriesPerSecond", Math.round(traffic.perSecond()))
                .put("drainMillis", traffic.drainMillis);
        if (traffic.offered > 0) {
            json.put("offeredPerSecond", Math.round(traffic.offered)).put("held", held());
        }
        return json.put("serverMicrosPerDelivery", round(cost.microsPerDelivery))
                .put("serverCoreShare", round(cost.server))
                .put("generatorCoreShare", round(cost.generator))
                .put("foreignCoreShare", round(cost.foreign))
                .put("serverResidentMib", cost.residentMib)
                .put("p50Millis", round(latency.p50))
                .put("p99Millis", round(latency.p99))
                .put("p999Millis", round(latency.p999))
                .put("maxMillis", round(latency.max))
                .put("generatorLagMillis", round(latency.sendLag))
                .put("gcPauses", pauses.count())
                .put("gcPauseMillis", round(pauses.total()))
                .put("gcLongestMillis", round(pauses.longest()))
                .put("lost", faults.lost())
                .put("doubled", faults.doubled())
                .put("outOfOrder", faults.outOfOrder())
                .put("damaged", faults.damaged());
    }

    private static double round(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
