package dev.hubbub.messaging;

import dev.hubbub.messaging.Connections.Ending;
import dev.hubbub.telemetry.Histograms;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections of a node, by how they are connected and by why they ended; safe from every thread.
 *
 * <p>Every series is there from the start, so that the first of a kind is seen as a rise.
 */
public final class ConnectionMeters {
    private static final List<String> TRANSPORTS = List.of("websocket", "sockjs-websocket", "sockjs-http", "sse");
    private static final String TRANSPORT = "transport";

    private final Map<String, Transport> transports = new HashMap<>();

    /** Registers the meters of a node; once for each registry. */
    public ConnectionMeters(MeterRegistry registry) {
        TRANSPORTS.forEach(name -> transports.put(name, new Transport(registry, name)));
    }

    /** Counts a connection in. */
    void opened(String transport) {
        Transport of = transports.get(transport);
        if (of != null) {
            of.open.incrementAndGet();
            of.opened.increment();
        }
    }

    /** Counts a connection out. */
    void closed(String transport, Ending ending, long lifeMillis) {
        Transport of = transports.get(transport);
        if (of != null) {
            of.open.decrementAndGet();
            of.life.record(Math.max(0, lifeMillis), TimeUnit.MILLISECONDS);
            Counter counter = of.closed.get(ending);
            if (counter != null) {
                counter.increment();
            }
        }
    }

    private static final class Transport {
        private final AtomicInteger open = new AtomicInteger();
        private final Counter opened;
        private final Map<Ending, Counter> closed = new EnumMap<>(Ending.class);
        private final Timer life;

        Transport(MeterRegistry registry, String name) {
            Gauge.builder("hubbub.connections", open, AtomicInteger::get)
                    .description("Open connections of this node: sockets and streams.")
                    .tag(TRANSPORT, name)
                    .register(registry);
            opened = Counter.builder("hubbub.connections.opened")
                    .description("Connections that were let in.")
                    .tag(TRANSPORT, name)
                    .register(registry);
            for (Ending ending : Ending.values()) {
                closed.put(
                        ending,
                        Counter.builder("hubbub.connections.closed")
                                .description("Connections that ended, by why.")
                                .tag(TRANSPORT, name)
                                .tag("reason", ending.name().toLowerCase(Locale.ROOT))
                                .register(registry));
            }
            life = Histograms.lifetime(
                    registry,
                    "hubbub.connections.life",
                    "How long connections lasted that have ended.",
                    TRANSPORT,
                    name);
        }
    }
}
