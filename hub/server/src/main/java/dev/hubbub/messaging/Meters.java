package dev.hubbub.messaging;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.replay.Deliveries;
import dev.hubbub.replay.ReadResult;
import dev.hubbub.telemetry.Histograms;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What messaging counts; labels are delivery kinds, results and error codes, never addresses or users.
 *
 * <p>Every loop of a node counts into the same meters; counting is safe from every thread. What happens for each
 * recipient is counted once a batch.
 */
final class Meters {
    private static final String DELIVERY = "delivery";

    /** Why a recipient did not get an event that it was there for. */
    enum Drop {
        /** It had more unsent bytes than it may. */
        SLOW,
        /** A newer one took its place before it left, as {@code every} says. */
        REPLACED
    }

    private final Map<DeliveryKind, OfKind> kinds = new EnumMap<>(DeliveryKind.class);
    private final Map<ErrorCode, Counter> refused = new EnumMap<>(ErrorCode.class);
    private final Map<ReadResult.Reason, Counter> lost = new EnumMap<>(ReadResult.Reason.class);
    private final Counter resumedFromMemory;
    private final Counter resumedFromLog;
    private final Counter reconnects;
    private final Counter duplicates;
    private final Counter revoked;
    private final Counter reads;
    private final Counter holes;
    private final Timer answers;

    Meters(MeterRegistry registry) {
        for (DeliveryKind kind : DeliveryKind.values()) {
            kinds.put(kind, new OfKind(registry, kind.configName()));
        }
        for (ErrorCode code : ErrorCode.values()) {
            refused.put(code, counter(registry, "refused", "Refusals, by their code.", "code", code.snakeCase()));
        }
        for (ReadResult.Reason reason : ReadResult.Reason.values()) {
            lost.put(reason, resumes(registry, "lost_" + reason.wireName()));
        }
        resumedFromMemory = resumes(registry, "memory");
        resumedFromLog = resumes(registry, "log");
        reconnects = counter(registry, "reconnects", "Connections that came back with a position.");
        duplicates = counter(registry, "events.duplicates", "Events that were there already, by their id.");
        revoked = counter(registry, "subscriptions.revoked", "Subscriptions that ended as the right was taken away.");
        reads = counter(
                registry, "replay.reads", "Reads of logs for subscribers that came back or caught up, shared by all.");
        holes = counter(registry, "holes", "Holes in what came over the bus that had to be read from a log.");
        answers = Histograms.latency(
                registry, "hubbub.publish", "From a publisher's request until its answer, with everything safe.");
    }

    private static Counter counter(MeterRegistry registry, String name, String description, String... labels) {
        return Counter.builder("hubbub." + name)
                .description(description)
                .tags(labels)
                .register(registry);
    }

    private static Counter resumes(MeterRegistry registry, String result) {
        return counter(registry, "resumes", "Subscriptions that came with a position, by result.", "result", result);
    }

    private OfKind of(DeliveryKind kind) {
        OfKind meters = kinds.get(kind);
        if (meters == null) {
            throw new IllegalStateException("no meters for " + kind);
        }
        return meters;
    }

    /** Counts an event that was accepted, with the bytes of its JSON. */
    void published(DeliveryKind kind, int bytes) {
        of(kind).published.increment();
        of(kind).sizes.record(bytes);
    }

    void dropped(DeliveryKind kind, Drop why, int events) {
        (why == Drop.SLOW ? of(kind).slow : of(kind).replaced).increment(events);
    }

    /** Notes that a batch has been written to its sockets, for each kind that it had. */
    void written(Set<DeliveryKind> deliveredKinds, Deliveries.Origin origin, long nowNanos) {
        for (DeliveryKind kind : deliveredKinds) {
            (origin.isLocal() ? of(kind).local : of(kind).remote)
                    .record(Math.max(0, nowNanos - origin.nanos()), TimeUnit.NANOSECONDS);
        }
    }

    /** Notes how long a publisher waited for its answer. */
    void answered(long nanos) {
        answers.record(nanos, TimeUnit.NANOSECONDS);
    }

    void refused(ErrorCode code) {
        Counter counter = refused.get(code);
        if (counter != null) {
            counter.increment();
        }
    }

    /** Counts a member that is about to be live for the first time, if it came with a position. */
    void resumed(Subscription member) {
        if (member.resuming && !member.announced) {
            (member.fromLog ? resumedFromLog : resumedFromMemory).increment();
        }
    }

    /** Counts a subscription whose position was lost. */
    void lost(ReadResult.Reason reason) {
        Counter counter = lost.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    /** Counts a connection whose first subscription came with a position. */
    void reconnected() {
        reconnects.increment();
    }

    void duplicate() {
        duplicates.increment();
    }

    /** Counts a read of a log that memory could not serve. */
    void read() {
        reads.increment();
    }

    void hole() {
        holes.increment();
    }

    void revoked() {
        revoked.increment();
    }

    private static final class OfKind {
        private final Counter published;
        private final Counter slow;
        private final Counter replaced;
        private final DistributionSummary sizes;
        private final Timer local;
        private final Timer remote;

        OfKind(MeterRegistry registry, String kind) {
            published = counter(registry, "events.published", "Events that were accepted here.", DELIVERY, kind);
            slow = dropped(registry, kind, Drop.SLOW);
            replaced = dropped(registry, kind, Drop.REPLACED);
            sizes = Histograms.bytes(registry, "hubbub.event.size", "Events as subscribers get them.", DELIVERY, kind);
            local = delivery(registry, kind, "local");
            remote = delivery(registry, kind, "remote");
        }

        private static Counter dropped(MeterRegistry registry, String kind, Drop why) {
            String reason = why.name().toLowerCase(Locale.ROOT);
            return counter(registry, "events.dropped", "Events that were left out.", DELIVERY, kind, "reason", reason);
        }

        private static Timer delivery(MeterRegistry registry, String kind, String owner) {
            return Histograms.latency(
                    registry,
                    "hubbub.delivery",
                    "Until the oldest event of a batch was written to its sockets: from its arrival at this node, which"
                            + " owns the address, or from the arrival of the batch of another owner.",
                    DELIVERY,
                    kind,
                    "owner",
                    owner);
        }
    }
}
