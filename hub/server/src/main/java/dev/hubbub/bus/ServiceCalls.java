package dev.hubbub.bus;

import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests to service verticles: ordinary consumers on the event bus, on any node.
 *
 * <p>Bodies and replies are plain JSON values as Vert.x has them: {@code JsonObject}, {@code JsonArray}, text, number,
 * boolean or null. What an address may be asked is decided before, by permission.
 *
 * <p>Safe to use from any thread.
 */
public final class ServiceCalls {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceCalls.class);

    private final EventBus eventBus;

    /** Creates the door to the services of this event bus. */
    public ServiceCalls(Vertx vertx) {
        this.eventBus = vertx.eventBus();
    }

    /**
     * Asks the service at an address.
     *
     * <p>The future fails with {@code UNAVAILABLE} if nobody listens there, {@code TIMEOUT} if no reply came in time,
     * {@code RECIPIENT_FAILURE} if the service failed the message (its own message and, as
     * {@link HubException#failureCode()}, its own code) or replied with something that is no JSON value,
     * {@code BAD_FRAME} if the body cannot be sent, and {@code ACCESS_DENIED} for the hub's own inboxes.
     *
     * @param deadline at least 1 ms
     */
    public Future<@Nullable Object> request(
            String address, @Nullable Object jsonBody, Map<String, String> headers, Duration deadline) {
        if (address.startsWith(Address.RESERVED_PREFIX)) {
            return Future.failedFuture(new HubException(
                    ErrorCode.ACCESS_DENIED, "addresses that start with hub. belong to the hub and are no services"));
        }
        Object body = sendable(jsonBody);
        if (!isJson(body)) {
            return Future.failedFuture(
                    new HubException(ErrorCode.BAD_FRAME, "the body holds a value that cannot be sent to a service"));
        }
        DeliveryOptions options = new DeliveryOptions().setSendTimeout(deadline.toMillis());
        headers.forEach(options::addHeader);
        return eventBus.<Object>request(address, body, options)
                .transform(done -> done.succeeded()
                        ? replied(address, done.result().body())
                        : Future.failedFuture(failure(address, deadline, done.cause())));
    }

    private static @Nullable Object sendable(@Nullable Object body) {
        if (body instanceof Map<?, ?> map) {
            JsonObject object = new JsonObject();
            map.forEach((key, value) -> object.put(String.valueOf(key), value));
            return object;
        }
        if (body instanceof List<?> list) {
            return new JsonArray(list);
        }
        return body instanceof CharSequence text ? text.toString() : body;
    }

    /** Tells whether the event bus has a codec of its own for the value; big numbers have none. */
    private static boolean isJson(@Nullable Object value) {
        return value == null
                || value instanceof JsonObject
                || value instanceof JsonArray
                || value instanceof String
                || value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Short
                || value instanceof Byte
                || value instanceof Double
                || value instanceof Float;
    }

    private static Future<@Nullable Object> replied(String address, @Nullable Object body) {
        if (isJson(body)) {
            return Future.succeededFuture(body);
        }
        LOG.warn("service_reply_refused address={} reason=not_json", address);
        return Future.failedFuture(new HubException(
                ErrorCode.RECIPIENT_FAILURE, "the service at " + address + " replied with something that is not JSON"));
    }

    private static Throwable failure(String address, Duration deadline, Throwable cause) {
        if (!(cause instanceof ReplyException reply)) {
            return unexpected(address, cause);
        }
        return switch (reply.failureType()) {
            case NO_HANDLERS ->
                new HubException(ErrorCode.UNAVAILABLE, "no service is listening at " + address + "; try again later");
            case TIMEOUT ->
                new HubException(
                        ErrorCode.TIMEOUT,
                        "the service at " + address + " did not reply within " + deadline.toMillis() + " ms");
            case RECIPIENT_FAILURE ->
                HubException.ofRecipient(
                        reply.failureCode(),
                        reply.getMessage() == null ? "the service refused the request" : reply.getMessage());
            case ERROR -> unexpected(address, cause);
        };
    }

    private static HubException unexpected(String address, Throwable cause) {
        LOG.warn("service_call_failed address={}", address, cause);
        return new HubException(
                ErrorCode.UNAVAILABLE, "the service at " + address + " could not be reached; try again");
    }
}
