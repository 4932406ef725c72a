package dev.hubbub.messaging;

import dev.hubbub.protocol.ConnectionId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The wish to publish one event.
 *
 * @param address as the client wrote it; validated by the publisher
 * @param event the event's JSON value as Vert.x decodes it ({@code JsonObject}, {@code JsonArray}, {@code String},
 *     {@code Number}, {@code Boolean} or null); an object with {@code type} and {@code payload} unless the rule says
 *     {@code body: any}
 * @param idempotencyKey makes a retry safe when the event has no id of its own
 * @param notBackTo the connection that does not want to hear its own event
 * @param from the connection that publishes; tells senders without a name apart
 * @param traceparent what led to it, as W3C trace context writes it; empty where the publisher does not trace
 */
public record PublishCommand(
        String address,
        @Nullable Object event,
        Optional<String> idempotencyKey,
        Optional<ConnectionId> notBackTo,
        Optional<ConnectionId> from,
        String traceparent) {

    /** The wish of a publisher that does not trace. */
    public PublishCommand(
            String address,
            @Nullable Object event,
            Optional<String> idempotencyKey,
            Optional<ConnectionId> notBackTo,
            Optional<ConnectionId> from) {
        this(address, event, idempotencyKey, notBackTo, from, "");
    }

    /** The wish of a publisher that has no connection. */
    public PublishCommand(
            String address, @Nullable Object event, Optional<String> idempotencyKey, Optional<ConnectionId> notBackTo) {
        this(address, event, idempotencyKey, notBackTo, Optional.empty());
    }
}
