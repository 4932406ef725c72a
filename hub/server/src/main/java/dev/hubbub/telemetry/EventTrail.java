package dev.hubbub.telemetry;

import dev.hubbub.telemetry.Spans.Span;
import dev.hubbub.telemetry.Spans.Stage;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows some events on their whole way, in the log and as spans: accepted, appended, delivered, answered.
 *
 * <p>Which ones the log follows is in the event's id, so that every node, at every step, follows the same. Neither
 * tells what an event holds. Safe from every thread; a node that follows nothing pays for one look at the config.
 */
public final class EventTrail {
    /** Follows nothing. */
    public static final EventTrail NONE = new EventTrail(() -> 0, Spans.NONE);

    /** Ids that follow each other have nearly the same hash. */
    private static final int SPREAD = 0x9E3779B9;

    static final String LOGGER = "dev.hubbub.telemetry.EventTrail";
    private static final Logger log = LoggerFactory.getLogger(LOGGER);

    private final IntSupplier oneIn;
    private final Spans spans;

    /**
     * Creates a trail.
     *
     * @param oneIn one event in so many is followed in the log; 0 for none
     */
    public EventTrail(IntSupplier oneIn, Spans spans) {
        this.oneIn = oneIn;
        this.spans = spans;
    }

    /** Tells whether no event is followed, so that nobody need ask for each. */
    public boolean isIdle() {
        return oneIn.getAsInt() == 0 && spans.areOff();
    }

    private boolean isChosen(String id) {
        int one = oneIn.getAsInt();
        return one > 0 && Math.floorMod((id.hashCode() * SPREAD) >>> 8, one) == 0;
    }

    /** An event was accepted; {@code parent} is its publisher's {@code traceparent}, or empty. */
    public Step published(String address, String id, String parent) {
        boolean chosen = isChosen(id);
        if (chosen) {
            log.info("event accepted id={} address={}", id, address);
        }
        return step(Stage.PUBLISH, parent, address, id, chosen);
    }

    /** An event has come to its owner. */
    public Step appending(String address, String id, String parent) {
        return traced(Stage.APPEND, parent, address, id);
    }

    /** An event has come to an event loop that listens. */
    public Step delivering(String address, String id, String parent) {
        return traced(Stage.DELIVER, parent, address, id);
    }

    /** Only what began as a trace goes on as one. */
    private Step traced(Stage stage, String parent, String address, String id) {
        boolean chosen = isChosen(id);
        return parent.isEmpty()
                ? chosen ? new Step(address, id, true, Optional.empty()) : Step.NONE
                : step(stage, parent, address, id, chosen);
    }

    private Step step(Stage stage, String parent, String address, String id, boolean chosen) {
        Optional<Span> span = spans.begin(stage, parent, address, id);
        return chosen || span.isPresent() ? new Step(address, id, chosen, span) : Step.NONE;
    }

    /** One event at one step of its way; ended once. */
    public static final class Step {
        /** Of an event that is not followed. */
        public static final Step NONE = new Step("", "", false, Optional.empty());

        private final String address;
        private final String id;
        private final boolean chosen;
        private final Optional<Span> span;

        private Step(String address, String id, boolean chosen, Optional<Span> span) {
            this.address = address;
            this.id = id;
            this.chosen = chosen;
            this.span = span;
        }

        /** Returns the {@code traceparent} of what follows; empty where nothing is traced. */
        public String traceparent() {
            return span.map(Span::traceparent).orElse("");
        }

        /** It is safe, and a publisher is told so. */
        public void answered(String position, boolean duplicate) {
            safe("event answered id={} address={} position={} duplicate={}", position, duplicate);
        }

        /** It is in its log. */
        public void appended(String position, boolean duplicate) {
            safe("event appended id={} address={} position={} duplicate={}", position, duplicate);
        }

        private void safe(String line, String position, boolean duplicate) {
            if (chosen) {
                log.info(line, id, address, position, duplicate);
            }
            span.ifPresent(open -> {
                open.note("hubbub.position", position);
                open.note("hubbub.duplicate", duplicate);
                open.end(true);
            });
        }

        /** It was refused. */
        public void refused(String code) {
            if (chosen) {
                log.info("event refused id={} address={} code={}", id, address, code);
            }
            span.ifPresent(open -> {
                open.note("hubbub.code", code);
                open.end(false);
            });
        }

        /** It has been written to the sockets of a loop. */
        public void delivered(long recipients) {
            if (chosen) {
                log.info("event delivered id={} address={} recipients={}", id, address, recipients);
            }
            span.ifPresent(open -> {
                open.note("hubbub.recipients", recipients);
                open.end(true);
            });
        }
    }
}
