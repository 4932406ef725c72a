package dev.hubbub.telemetry;

import io.vertx.core.Future;
import java.util.Optional;

/** Where spans of events go; safe from every thread. */
public interface Spans {
    /** Goes nowhere. */
    Spans NONE = new Spans() {
        @Override
        public boolean areOff() {
            return true;
        }

        @Override
        public Optional<Span> begin(Stage stage, String parent, String address, String id) {
            return Optional.empty();
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    };

    /** What happens to an event. */
    enum Stage {
        /** From a publisher's request until its answer. */
        PUBLISH,
        /** From its arrival at the owner until it is safe. */
        APPEND,
        /** From its arrival at an event loop until it has been written to the sockets there. */
        DELIVER
    }

    /** Tells whether no span is ever begun. */
    boolean areOff();

    /**
     * Begins a span, if the event is one of those that are traced.
     *
     * @param parent the W3C {@code traceparent} of what led to this; empty for a beginning. One that cannot be read is
     *     taken for none
     */
    Optional<Span> begin(Stage stage, String parent, String address, String id);

    /** Sends what there is and ends; who waits sets its own limit. */
    Future<Void> close();

    /** One span that is under way. */
    interface Span {
        /** Returns its W3C {@code traceparent}, for what it leads to. */
        String traceparent();

        /** Adds what became known. */
        void note(String name, Object value);

        /** Ends it. */
        void end(boolean succeeded);
    }
}
