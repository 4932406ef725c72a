package dev.hubbub.replay;

import dev.hubbub.telemetry.Histograms;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/** What travels between an owner and the nodes that listen; never with a node or an address as a label. */
final class ReplayMeters {
    private final Counter sent;
    private final Counter received;
    private final DistributionSummary sizes;
    private final Counter skipped;
    private final Counter doubts;
    private final Counter links;
    private final AtomicLong pendingBytes = new AtomicLong(); // read by the scrape's thread

    ReplayMeters(MeterRegistry registry) {
        sent = batches(registry, "sent");
        received = batches(registry, "received");
        sizes = Histograms.counts(
                registry, "hubbub.bus.batch.events", "Events in a batch that came from an owner, empty ones left out.");
        skipped = counter(registry, "hubbub.bus.batches.skipped", "Batches left out for a node that does not read.");
        doubts = counter(registry, "hubbub.bus.batches.missed", "Times that a batch of an owner was found missing.");
        links = counter(registry, "hubbub.bus.links.reset", "Times that an owner began to number its batches anew.");
        Gauge.builder("hubbub.bus.pending", pendingBytes, AtomicLong::get)
                .description("Events sent to other nodes that the network has not taken yet.")
                .baseUnit("bytes")
                .register(registry);
    }

    /** Counts for nobody, in simulations. */
    static ReplayMeters unseen() {
        return new ReplayMeters(new SimpleMeterRegistry());
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private static Counter batches(MeterRegistry registry, String direction) {
        return Counter.builder("hubbub.bus.batches")
                .description("Batches between owners and nodes that listen, the one of each second included.")
                .tag("direction", direction)
                .register(registry);
    }

    void sent() {
        sent.increment();
    }

    void received(LinkBatch batch) {
        received.increment();
        int events = 0;
        for (Delivery delivery : batch.deliveries()) {
            events += delivery.events().size();
        }
        if (events > 0) {
            sizes.record(events);
        }
    }

    void skipped() {
        skipped.increment();
    }

    /** Counts a hole in the numbers of a link. */
    void missed() {
        doubts.increment();
    }

    /** Counts an owner that numbers anew, as after its restart. */
    void reset() {
        links.increment();
    }

    /** Counts bytes that are on their way to other nodes, out when negative. */
    void pending(long bytes) {
        pendingBytes.addAndGet(bytes);
    }
}
