package dev.hubbub.messaging;

import dev.hubbub.bus.Timers;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.replay.Deliveries;
import dev.hubbub.replay.Delivery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lets an event loop rest for a moment between two fan-outs, so that events which come close together leave together.
 *
 * <p>What a delivery costs is the system call, and one call carries any number of events. A loop that begins the next
 * fan-out in the moment in which the last one ends pays it for the few events that came meanwhile, again and again; a
 * rest of a quarter of the time that the last fan-out took lets the answers to it come in first. An event is late by
 * the rest at most, and only on a loop that has been sending for four times as long until then; one that comes to a
 * loop at leisure leaves at once. The measured gain is in {@code hub/bench/RESULTS.md}.
 *
 * <p>Keeps the order, and holds what comes within one rest, at most {@value #MOST_EVENTS} events. Confined to its loop.
 */
final class FanOutPace {
    private static final int SHARE_OF_WORK = 4;
    private static final long LONGEST_REST_NANOS = 2_000_000;
    /** A shorter one gathers nothing and costs a timer. */
    private static final long SHORTEST_REST_NANOS = 50_000;

    private static final int MOST_EVENTS = 256;

    private final Timers loop;
    private final Consumer<Deliveries> fanOut;
    private List<Deliveries> waiting = new ArrayList<>();
    private int waitingEvents;
    private boolean timerRuns;
    private long restsUntilNanos;

    /**
     * Creates the pace of a loop that is at leisure.
     *
     * @param fanOut writes to the sockets; what it puts off to the end of the turn counts as its work, too
     */
    FanOutPace(Timers loop, Consumer<Deliveries> fanOut) {
        this.loop = loop;
        this.fanOut = fanOut;
        this.restsUntilNanos = loop.nanoTime();
    }

    /** Fans out what has come: at once, or with what follows when the loop has rested. */
    void take(Deliveries deliveries) {
        long restNanos = restsUntilNanos - loop.nanoTime();
        if (waiting.isEmpty() && restNanos <= 0) {
            begin(deliveries);
            return;
        }
        if (!waiting.isEmpty()
                && waiting.get(0).origin().isLocal() != deliveries.origin().isLocal()) {
            endRest(); // how long they took is counted apart
        }
        waiting.add(deliveries);
        waitingEvents += deliveries.all().stream()
                .mapToInt(delivery -> delivery.events().size())
                .sum();
        if (waitingEvents >= MOST_EVENTS) {
            endRest();
        } else if (!timerRuns) {
            timerRuns = true;
            loop.afterNanos(Math.max(1, restNanos), () -> {
                timerRuns = false;
                endRest();
            });
        }
    }

    /** Fans out what waits, before something else that must not overtake it. */
    void endRest() {
        if (waiting.isEmpty()) {
            return;
        }
        List<Deliveries> all = waiting;
        waiting = new ArrayList<>();
        waitingEvents = 0;
        begin(all.size() == 1 ? all.get(0) : together(all));
    }

    private void begin(Deliveries deliveries) {
        long begunNanos = loop.nanoTime();
        fanOut.accept(deliveries);
        // Behind the flush of the sockets, which the first write of the turn has put in the loop's queue.
        loop.soon(() -> {
            long now = loop.nanoTime();
            long restNanos = Math.min((now - begunNanos) / SHARE_OF_WORK, LONGEST_REST_NANOS);
            restsUntilNanos = restNanos < SHORTEST_REST_NANOS ? now : now + restNanos;
        });
    }

    private static Deliveries together(List<Deliveries> all) {
        Map<Lane, List<Delivery>> lanes = new LinkedHashMap<>();
        for (Deliveries some : all) {
            for (Delivery delivery : some.all()) {
                lanes.computeIfAbsent(new Lane(delivery.address(), delivery.kind()), lane -> new ArrayList<>())
                        .add(delivery);
            }
        }
        List<Delivery> merged = new ArrayList<>(lanes.size());
        for (List<Delivery> parts : lanes.values()) {
            merged.add(parts.size() == 1 ? parts.get(0) : joined(parts));
        }
        return new Deliveries(merged, all.get(0).origin());
    }

    private static Delivery joined(List<Delivery> parts) {
        List<EventFrame> events = new ArrayList<>();
        parts.forEach(part -> events.addAll(part.events()));
        return new Delivery(parts.get(0).address(), parts.get(0).kind(), events);
    }

    /** What may be joined: after a reload an address may have events of another kind. */
    private record Lane(Address address, DeliveryKind kind) {}
}
