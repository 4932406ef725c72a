package dev.hubbub.bench;

import dev.hubbub.bench.DeliveryLedger.Faults;
import dev.hubbub.bench.Measurement.Cost;
import dev.hubbub.bench.Measurement.Latency;
import dev.hubbub.bench.Measurement.Traffic;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The measured time of one run: counts deliveries, keeps latencies and reads the processors' clocks at both ends.
 *
 * <p>Deliveries are counted when they arrive between the ends. A latency belongs to the window when its event does:
 * without a schedule by its arrival, with one by the time at which the event was due, however late it arrives. Owned by
 * the generator's thread; times are nanoseconds of the generator's clock.
 */
final class MeasuredWindow {

    private static final long MAX_LATENCY_MICROS = 600_000_000;
    private static final double MICROS_PER_MILLI = 1_000;
    private static final double NANOS_PER_MILLI = 1_000_000;

    private final Histogram latencies = new Histogram(1, MAX_LATENCY_MICROS, 3);
    private final ServerProbe server;
    private final boolean byDueTime;
    private long begin = Long.MAX_VALUE;
    private long end = Long.MAX_VALUE;
    private long beganAt;
    private long endedAt;
    private Clocks clocksAtBegin = new Clocks(0, 0, 0);
    private Clocks clocksAtEnd = clocksAtBegin;
    private List<Integer> pausesBefore = List.of();
    private GcPauses pauses = GcPauses.NONE;
    private long deliveries;
    private long events;
    private long worstLag;

    private record Clocks(long server, long generator, long core) {}

    /**
     * Made for one run.
     *
     * @param byDueTime whether a latency belongs to the window by the time its event was due
     */
    MeasuredWindow(ServerProbe server, boolean byDueTime) {
        this.server = server;
        this.byDueTime = byDueTime;
    }

    /** Decides where the window lies. */
    void place(long beginNanos, long endNanos) {
        begin = beginNanos;
        end = endNanos;
    }

    /** Reads the clocks at the beginning. */
    void begin(long now) {
        beganAt = now;
        pausesBefore = server.pausesSoFar();
        clocksAtBegin = clocks();
    }

    /** Reads the clocks at the end. */
    void end(long now) {
        endedAt = now;
        clocksAtEnd = clocks();
        pauses = server.pausesAfter(pausesBefore);
    }

    /** Books an event that leaves now and was due before. */
    void sent(long due, long now) {
        if (due >= begin && due < end) {
            events++;
            worstLag = Math.max(worstLag, now - due);
        }
    }

    /** Books a delivery that arrived now. */
    void received(long due, long now) {
        boolean inside = now >= begin && now < end;
        if (inside) {
            deliveries++;
        }
        if (byDueTime ? due >= begin && due < end : inside) {
            latencies.recordValue(Math.min(MAX_LATENCY_MICROS, Math.max(1, (now - due) / 1_000)));
        }
    }

    /** What the window gave; after {@link #end}. */
    Measurement measurement(double offered, long drainMillis, Faults faults) {
        double micros = (endedAt - beganAt) / 1_000.0;
        long serverMicros = clocksAtEnd.server - clocksAtBegin.server;
        Cost cost = new Cost(
                deliveries == 0 ? 0 : (double) serverMicros / deliveries,
                serverMicros / micros,
                (clocksAtEnd.generator - clocksAtBegin.generator) / micros,
                Math.max(0, (clocksAtEnd.core - clocksAtBegin.core - serverMicros) / micros),
                server.residentKib() / 1_024);
        Latency latency = new Latency(millis(50), millis(99), millis(99.9), millis(100), worstLag / NANOS_PER_MILLI);
        Traffic traffic = new Traffic((end - begin) / 1e9, events, deliveries, offered, drainMillis);
        return new Measurement(traffic, latency, cost, pauses, faults);
    }

    private double millis(double percentile) {
        return latencies.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
    }

    private Clocks clocks() {
        return new Clocks(
                server.micros(), ProcessClock.micros(ProcessHandle.current().pid()), server.coreMicros());
    }
}
