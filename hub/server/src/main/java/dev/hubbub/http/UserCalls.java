package dev.hubbub.http;

import dev.hubbub.messaging.Connections;
import dev.hubbub.messaging.Connections.Revocation;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Users' connections and tokens over HTTP: list, cut, revoke. */
final class UserCalls {
    // Seconds stay below this until the year 5138, and milliseconds have been above it since 1973.
    private static final long SECONDS_BELOW = 100_000_000_000L;

    private final Connections connections;
    private final Clock clock;

    UserCalls(HttpContext hub) {
        this.connections = hub.connections();
        this.clock = hub.clock();
    }

    /** Lists a user's connections. */
    Future<?> list(ApiRequest request) {
        return connections
                .of(request.caller(), request.required("user"))
                .map(entries -> new JsonObject()
                        .put(
                                "connections",
                                new JsonArray(
                                        entries.stream().map(UserCalls::json).toList())));
    }

    /** Closes a user's connections. */
    Future<?> disconnect(ApiRequest request) {
        return connections
                .disconnect(request.caller(), request.required("user"))
                .map(closed -> new JsonObject().put("disconnected", closed));
    }

    /** Refuses tokens from now on. */
    Future<?> revoke(ApiRequest request) {
        return connections
                .revoke(request.caller(), revocation(request.object()))
                .map(closed -> new JsonObject().put("closed", closed));
    }

    private Revocation revocation(JsonObject body) {
        String jti = body.getString("jti");
        String sub = body.getString("sub");
        if ((jti == null) == (sub == null)) {
            throw new HubException(ErrorCode.BAD_REQUEST, "name the tokens by one of jti and sub");
        }
        return jti != null
                ? new Revocation.Token(jti)
                : new Revocation.User(String.valueOf(sub), beforeMillis(body.getValue("before")));
    }

    private long beforeMillis(@Nullable Object before) {
        if (before == null) {
            return clock.millis();
        }
        if (before instanceof Number number) {
            long value = number.longValue();
            return value < SECONDS_BELOW ? value * 1_000 : value;
        }
        try {
            return OffsetDateTime.parse(before.toString()).toInstant().toEpochMilli();
        } catch (DateTimeException unreadable) {
            throw new HubException(
                    ErrorCode.BAD_REQUEST, "before: a time such as 2026-01-31T12:00:00Z, or seconds since 1970");
        }
    }

    private static JsonObject json(Connections.Entry entry) {
        return new JsonObject()
                .put("id", entry.id().value())
                .put("user", entry.user())
                .put("ip", entry.ip())
                .put("transport", entry.transport())
                .put("since", Instant.ofEpochMilli(entry.sinceMillis()).toString())
                .put("node", entry.node());
    }
}
