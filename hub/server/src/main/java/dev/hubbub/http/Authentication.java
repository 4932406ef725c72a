package dev.hubbub.http;

import dev.hubbub.auth.ApiKeys;
import dev.hubbub.auth.Caller;
import dev.hubbub.auth.Caller.ConnectionInfo;
import dev.hubbub.auth.ClientAddress;
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
import java.util.function.Function;

/**
 * Finds out who sends a request: a service by its key, a user by a token, or nobody where the config lets nobody in.
 *
 * <p>A key wins over a token. A key or token that is shown and is not good is refused, whatever else is allowed.
 */
final class Authentication {
    private static final String API_KEY = "X-API-Key";
    private static final String BEARER = "bearer ";

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

    /**
     * Identifies a service or a user; fails with {@code NOT_LOGGED_IN}, and with {@code RATE_LIMITED} for a user who
     * asks too often and for an address from which too much came that was not good.
     */
    Future<Caller> caller(HttpServerRequest request) {
        String key = request.getHeader(API_KEY);
        return key == null ? user(request).map(user -> user) : watched(request, from -> service(key));
    }

    private Future<Caller> service(String key) {
        return keys.find(key)
                .<Future<Caller>>map(Future::succeededFuture)
                .orElseGet(() -> notLoggedIn("the API key is not known to this hub"));
    }

    /** Identifies a user; fails as {@link #caller} does. */
    Future<Caller.User> user(HttpServerRequest request) {
        return watched(request, from -> identify(request, from)).map(user -> {
            connections.countRequest(user);
            return user;
        });
    }

    /** Lets whoever often shows what is not good wait, and counts what is not. */
    private <T> Future<T> watched(HttpServerRequest request, Function<ConnectionInfo, Future<T>> identify) {
        ConnectionInfo from = ClientAddress.infoOf(request, hub.config().get().http());
        try {
            connections.requirePatience(from);
        } catch (HubException tooMany) {
            return refused(from, tooMany);
        }
        return identify.apply(from).recover(failure -> refused(from, failure));
    }

    private <T> Future<T> refused(ConnectionInfo from, Throwable failure) {
        if (failure instanceof HubException why) {
            connections.refused(new Caller.User(Identity.anonymous(), from), why);
        }
        return Future.failedFuture(failure);
    }

    private Future<Caller.User> identify(HttpServerRequest request, ConnectionInfo from) {
        Optional<String> token;
        try {
            token = token(request);
        } catch (HubException refused) {
            return Future.failedFuture(refused);
        }
        if (token.isEmpty()) {
            return hub.config().get().auth().anonymous()
                    ? Future.succeededFuture(new Caller.User(Identity.anonymous(), from))
                    : notLoggedIn("send a token as Authorization: Bearer, or a service's key as X-API-Key");
        }
        return verify(token.get()).map(identity -> new Caller.User(identity, from));
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

    private static <T> Future<T> notLoggedIn(String message) {
        return Future.failedFuture(new HubException(ErrorCode.NOT_LOGGED_IN, message));
    }
}
