package dev.hubbub.messaging;

import dev.hubbub.config.DeliveryKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The books of one event loop: what its subscribers were owed, what they got, and what they were told is lost.
 *
 * <p>At rest {@code owed = delivered + lost + pending}, exactly, for each delivery kind. Labels are delivery kinds and
 * reasons only. Confined to its loop, but for the gauges, which are read from anywhere.
 */
final class Accounting {

    /** Why somebody who was owed an event never got it over this subscription. */
    enum Loss {
        /** Told with {@code POSITION_LOST}. */
        POSITION_LOST,
        /** A newer value took its place, or the address keeps no more of them. */
        CONFLATED,
        /** A signal, and the client did not read. */
        DROPPED,
        /** The client had asked not to hear its own event. */
        ECHO,
        /** The client ended its subscription first, or asked for it anew. */
        UNSUBSCRIBED,
        /** The right was taken away first. */
        REVOKED,
        /** The connection ended first. */
        CLOSED,
        /** The connection failed while it was handed over. */
        BROKEN,
        /** Heard of before it was safe, and then never kept by anybody. */
        WITHDRAWN,
        /** None of these: a fault of the hub. */
        UNEXPLAINED
    }

    private final Map<DeliveryKind, Account> accounts = new EnumMap<>(DeliveryKind.class);

    /**
     * Opens the books of a loop.
     *
     * @param loop tells its gauges from those of the other loops
     */
    Accounting(MeterRegistry registry, String loop) {
        for (DeliveryKind kind : DeliveryKind.values()) {
            accounts.put(kind, new Account(registry, kind.configName(), loop));
        }
    }

    Account of(DeliveryKind kind) {
        Account account = accounts.get(kind);
        if (account == null) {
            throw new IllegalStateException("no account of " + kind);
        }
        return account;
    }

    /** The books of one delivery kind; what is noted in a turn shows in the metrics at its end. */
    static final class Account {
        private final Counter owedTotal;
        private final Counter deliveredTotal;
        private final Map<Loss, Counter> lostTotals = new EnumMap<>(Loss.class);
        private final AtomicLong pendingNow = new AtomicLong();
        private long owed;
        private long delivered;
        private long pending;
        private boolean changed;

        private Account(MeterRegistry registry, String delivery, String loop) {
            owedTotal = Counter.builder("hubbub.events.owed")
                    .description("Events that subscribers were owed, once for each.")
                    .tag("delivery", delivery)
                    .register(registry);
            deliveredTotal = Counter.builder("hubbub.events.delivered")
                    .description("Events that recipients took, once for each.")
                    .tag("delivery", delivery)
                    .register(registry);
            for (Loss loss : Loss.values()) {
                lostTotals.put(
                        loss,
                        Counter.builder("hubbub.events.lost")
                                .description("Events that subscribers were owed and did not get, once for each.")
                                .tag("delivery", delivery)
                                .tag("reason", loss.name().toLowerCase(Locale.ROOT))
                                .register(registry));
            }
            Gauge.builder("hubbub.events.pending", pendingNow, AtomicLong::get)
                    .description("Events that subscribers are owed and have not got yet, once for each.")
                    .tag("delivery", delivery)
                    .tag("loop", loop)
                    .register(registry);
        }

        /** Notes events that are owed and wait. */
        void owe(long events) {
            owed += events;
            pending += events;
            changed = true;
        }

        /** Notes that events which waited were taken. */
        void deliver(long events) {
            delivered += events;
            pending -= events;
            changed = true;
        }

        /** Notes that events which waited will not be delivered. */
        void lose(Loss why, long events) {
            pending -= events;
            changed = true;
            count(why, events);
        }

        /** Notes events that were owed and lost in the same moment. */
        void withhold(Loss why, long events) {
            owed += events;
            changed = true;
            count(why, events);
        }

        /** Shows the turn's notes in the metrics. */
        void post() {
            if (!changed) {
                return;
            }
            changed = false;
            owedTotal.increment((double) owed);
            deliveredTotal.increment((double) delivered);
            owed = 0;
            delivered = 0;
            pendingNow.lazySet(pending);
        }

        private void count(Loss why, long events) {
            Counter total = lostTotals.get(why);
            if (total != null) {
                total.increment((double) events);
            }
        }
    }
}
