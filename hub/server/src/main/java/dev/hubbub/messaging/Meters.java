package dev.hubbub.messaging;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** What messaging counts; labels are delivery kinds and error codes, never addresses or users. */
final class Meters {
    private final Map<DeliveryKind, Counter> published = new EnumMap<>(DeliveryKind.class);
    private final Map<DeliveryKind, Counter> dropped = new EnumMap<>(DeliveryKind.class);
    private final Map<ErrorCode, Counter> refused = new EnumMap<>(ErrorCode.class);
    private final Counter duplicates;
    private final Counter revoked;
    private final Counter reads;

    Meters(MeterRegistry registry) {
        for (DeliveryKind kind : DeliveryKind.values()) {
            published.put(kind, registry.counter("hubbub.events.published", "delivery", kind.configName()));
            dropped.put(kind, registry.counter("hubbub.events.dropped", "delivery", kind.configName()));
        }
        for (ErrorCode code : ErrorCode.values()) {
            refused.put(code, registry.counter("hubbub.refused", "code", code.snakeCase()));
        }
        duplicates = registry.counter("hubbub.events.duplicates");
        revoked = registry.counter("hubbub.subscriptions.revoked");
        reads = Counter.builder("hubbub.replay.reads")
                .description("Reads of logs for subscribers that came back or caught up.")
                .register(registry);
    }

    void published(DeliveryKind kind) {
        count(published, kind, 1);
    }

    void dropped(DeliveryKind kind, int events) {
        count(dropped, kind, events);
    }

    void refused(ErrorCode code) {
        count(refused, code, 1);
    }

    void duplicate() {
        duplicates.increment();
    }

    /** Counts a read of a log that memory could not serve. */
    void read() {
        reads.increment();
    }

    void revoked() {
        revoked.increment();
    }

    private static <K> void count(Map<K, Counter> counters, K key, long amount) {
        Counter counter = counters.get(key);
        if (counter != null) {
            counter.increment((double) amount);
        }
    }
}
