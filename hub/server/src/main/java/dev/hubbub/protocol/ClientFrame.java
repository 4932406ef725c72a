package dev.hubbub.protocol;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A frame from a client, checked in form; whether it is allowed is decided elsewhere. */
public sealed interface ClientFrame {

    /** Header that says {@code "false"} when the sender does not want to hear its own event. */
    String ECHO = "echo";

    /** Header of a subscription: resume after this position. */
    String POSITION = "position";

    /** Header of a subscription: first the latest this many events. */
    String RECENT = "recent";

    /** Header of a subscription: {@code "true"} asks for the roster and its changes. */
    String PRESENCE = "presence";

    /** Header of a subscription: {@code "true"} asks to be told {@code hub.subscribed} and the like. */
    String NOTICES = "notices";

    /** The stock client's sign of life; answered with a pong. */
    record Ping() implements ClientFrame {}

    /**
     * Subscribe to an address.
     *
     * @param address where to listen
     * @param headers how to listen; unknown ones are ignored
     */
    record Register(Address address, Map<String, String> headers) implements ClientFrame {
        /** Copies the headers. */
        public Register {
            headers = Map.copyOf(headers);
        }
    }

    /** End a subscription. */
    record Unregister(Address address) implements ClientFrame {}

    /**
     * Send to a service, or publish and be answered.
     *
     * @param address to whom
     * @param replyAddress where the client waits for the answer; empty when it wants none
     * @param headers the client's headers
     * @param body any JSON value as Vert.x decodes it
     */
    record Send(
            Address address,
            Optional<String> replyAddress,
            Map<String, String> headers,
            @Nullable Object body) implements ClientFrame {
        /** Copies the headers. */
        public Send {
            headers = Map.copyOf(headers);
        }
    }

    /**
     * Publish an event without being answered.
     *
     * @param address where
     * @param headers the client's headers
     * @param body any JSON value as Vert.x decodes it
     */
    record Publish(
            Address address,
            Map<String, String> headers,
            @Nullable Object body) implements ClientFrame {
        /** Copies the headers. */
        public Publish {
            headers = Map.copyOf(headers);
        }
    }
}
