package dev.hubbub.messaging;

import dev.hubbub.bus.Timers;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.replay.Deliveries;
import dev.hubbub.replay.Deliveries.Origin;
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
 * rest of a quarter of the time that the last fan-out took, with all that the loop did until the sockets were flushed,
 * lets the answers to it come in first. An event is late by the rest at most, and one that comes to a loop at leisure
 * leaves at once. The measured gain is in {@code hub/bench/RESULTS.md}.
 *
 * <p>Keeps the order, and holds what comes within one rest, at most {@value #MOST_EVENTS} events or
 * {@value #MOST_BYTES} bytes and what comes with the one that is too much. Confined to its loop.
 */
final class FanOutPace {
    private static final int SHARE_OF_WORK = 4;
    private static final long LONGEST_REST_NANOS = 2_000_000;
    /** A shorter one gathers nothing and costs a timer. */
    private static final long SHORTEST_REST_NANOS = 50_000;

    private static final int MOST_EVENTS = 256;
    /** A quarter of what a socket may have unsent by default: it is asked once for a whole batch. */
    private static final long MOST_BYTES = 256 * 1024;

    private final Timers loop;
    private final Consumer<Deliveries> fanOut;
    private List<Deliveries> waiting = new ArrayList<>();
    private int waitingEvents;
    private long waitingBytes;
    private boolean timerRuns;
    private long timerEndsNanos;
    private boolean works;
    private long worksSinceNanos;
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
        waiting.add(deliveries);
        for (Delivery delivery : deliveries.all()) {
            for (EventFrame event : delivery.events()) {
                waitingEvents++;
                waitingBytes += event.content().json().length();
            }
        }
        if (waitingEvents >= MOST_EVENTS || waitingBytes >= MOST_BYTES) {
            endRest();
        } else {
            rest(Math.max(1, restNanos));
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
        waitingBytes = 0;
        if (all.size() == 1) {
            begin(all.get(0));
            return;
        }
        // How long they took is counted apart; they leave in one flush all the same.
        for (boolean isLocal : new boolean[] {true, false}) {
            List<Deliveries> some = all.stream()
                    .filter(one -> one.origin().isLocal() == isLocal)
                    .toList();
            if (!some.isEmpty()) {
                begin(together(some));
            }
        }
    }

    private void rest(long nanos) {
        long endsNanos = loop.nanoTime() + nanos;
        if (timerRuns && timerEndsNanos - endsNanos <= 0) {
            return;
        }
        timerRuns = true;
        timerEndsNanos = endsNanos;
        loop.afterNanos(nanos, () -> {
            if (timerEndsNanos == endsNanos) {
                timerRuns = false;
            }
            long leftNanos = restsUntilNanos - loop.nanoTime();
            if (leftNanos <= 0) {
                endRest();
            } else if (!waiting.isEmpty()) {
                rest(leftNanos); // the timer was that of a rest that ended early
            }
        });
    }

    private void begin(Deliveries deliveries) {
        boolean isFirstOfTurn = !works;
        if (isFirstOfTurn) {
            works = true;
            worksSinceNanos = loop.nanoTime();
        }
        try {
            fanOut.accept(deliveries);
        } finally {
            if (isFirstOfTurn) {
                // Behind the flush of the sockets, which the first write of the turn has put in the loop's queue.
                loop.soon(this::end);
            }
        }
    }

    private void end() {
        works = false;
        long now = loop.nanoTime();
        long restNanos = Math.min((now - worksSinceNanos) / SHARE_OF_WORK, LONGEST_REST_NANOS);
        restsUntilNanos = restNanos < SHORTEST_REST_NANOS ? now : now + restNanos;
    }

    private static Deliveries together(List<Deliveries> all) {
        Map<Lane, List<Delivery>> lanes = new LinkedHashMap<>();
        Origin oldest = all.get(0).origin();
        for (Deliveries some : all) {
            oldest = some.origin().nanos() - oldest.nanos() < 0 ? some.origin() : oldest;
            for (Delivery delivery : some.all()) {
                lanes.computeIfAbsent(new Lane(delivery.address(), delivery.kind()), lane -> new ArrayList<>())
                        .add(delivery);
            }
        }
        List<Delivery> merged = new ArrayList<>(lanes.size());
        for (List<Delivery> parts : lanes.values()) {
            merged.add(parts.size() == 1 ? parts.get(0) : joined(parts));
        }
        return new Deliveries(merged, oldest);
    }

    private static Delivery joined(List<Delivery> parts) {
        List<EventFrame> events = new ArrayList<>();
        parts.forEach(part -> events.addAll(part.events()));
        return new Delivery(parts.get(0).address(), parts.get(0).kind(), events);
    }

    /** What may be joined: after a reload an address may have events of another kind. */
    private record Lane(Address address, DeliveryKind kind) {}
}
