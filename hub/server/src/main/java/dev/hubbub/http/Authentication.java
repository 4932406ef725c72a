package dev.hubbub.http;

import dev.hubbub.auth.ApiKeys;
import dev.hubbub.auth.Caller;
import dev.hubbub.auth.Identity;
import dev.hubbub.auth.TokenVerifier;
import dev.hubbub.messaging.Connections;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds out who sends a request: a service by its key, a user by a token, or nobody where the config lets nobody in.
 *
 * <p>A key wins over a token. A key or token that is shown and is not good is refused, whatever else is allowed.
 */
final class Authentication {
    private static final String API_KEY = "X-API-Key";
    private static final String BEARER = "bearer ";
    private static final int MAX_AGENT = 256;

    private final TokenVerifier tokens;
    private final ApiKeys keys;
    private final Connections connections;
    private final HttpContext hub;

    Authentication(HttpContext hub) {
        this.hub = hub;
        this.tokens = hub.tokens();
        this.keys = hub.keys();
        this.connections = hub.connections();
    }

    /** Identifies a service or a user; fails with {@code NOT_LOGGED_IN}. */
    Future<Caller> caller(HttpServerRequest request) {
        String key = request.getHeader(API_KEY);
        if (key == null) {
            return user(request).map(user -> user);
        }
        return keys.find(key)
                .<Future<Caller>>map(Future::succeededFuture)
                .orElseGet(() -> notLoggedIn("the API key is not known to this hub"));
    }

    /** Identifies a user; fails with {@code NOT_LOGGED_IN}. */
    Future<Caller.User> user(HttpServerRequest request) {
        Optional<String> token;
        try {
            token = token(request);
        } catch (HubException refused) {
            return Future.failedFuture(refused);
        }
        if (token.isEmpty()) {
            return hub.config().get().auth().anonymous()
                    ? Future.succeededFuture(new Caller.User(Identity.anonymous(), connection(request)))
                    : notLoggedIn("send a token as Authorization: Bearer, or a service's key as X-API-Key");
        }
        return verify(token.get()).map(identity -> new Caller.User(identity, connection(request)));
    }

    /** Verifies a token and that it was not revoked. */
    Future<Identity> verify(String token) {
        return tokens.verify(token).map(identity -> {
            connections.requireNotRevoked(identity);
            return identity;
        });
    }

    private static Optional<String> token(HttpServerRequest request) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization == null) {
            return RequestValues.query(request, "access_token").filter(token -> !token.isEmpty());
        }
        if (!authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            throw new HubException(
                    ErrorCode.NOT_LOGGED_IN, "the Authorization header starts with Bearer, then a token");
        }
        return Optional.of(authorization.substring(BEARER.length()).trim());
    }

    private static Caller.ConnectionInfo connection(HttpServerRequest request) {
        String agent =
                Optional.ofNullable(request.getHeader(HttpHeaders.USER_AGENT)).orElse("");
        return new Caller.ConnectionInfo(
                request.remoteAddress().hostAddress(), agent.substring(0, Math.min(agent.length(), MAX_AGENT)));
    }

    private static <T> Future<T> notLoggedIn(String message) {
        return Future.failedFuture(new HubException(ErrorCode.NOT_LOGGED_IN, message));
    }
}
