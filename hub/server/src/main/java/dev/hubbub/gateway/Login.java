package dev.hubbub.gateway;

import dev.hubbub.auth.Identity;
import dev.hubbub.config.AuthConfig;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.ErrFrame;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.ReplyFrame;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a connection comes to speak for somebody, and for how long.
 *
 * <p>The token comes with the handshake or in a {@code hub.auth} frame, which also refreshes it. One attempt is under
 * way at a time; other frames wait for it. Confined to its loop.
 */
final class Login {
    private static final Logger log = LoggerFactory.getLogger(Login.class);

    /** How long a connection may stay without a valid token, and an attempt without an answer. */
    static final long DEADLINE_MILLIS = 10_000;

    private final GatewayLoop loop;
    private final Session session;
    private boolean busy;
    private boolean done;
    private long deadlineMillis;
    private long expiresAtMillis = Long.MAX_VALUE;

    Login(GatewayLoop loop, Session session) {
        this.loop = loop;
        this.session = session;
    }

    /** Counts the connection in, then logs in. */
    void open(Optional<String> token) {
        begin();
        loop.hub()
                .connections()
                .open(session)
                .onComplete(opened -> loop.onLoop(() -> opened(opened, token), session::fail));
    }

    private void opened(AsyncResult<Void> opened, Optional<String> token) {
        busy = false;
        if (session.isOver()) {
            return;
        }
        if (opened.failed()) {
            turnAway(expected(opened.cause()));
        } else if (token.isPresent()) {
            verify(token.get(), Optional.empty(), false);
        } else {
            done = loop.hub().config().get().auth().anonymous();
            session.resume();
        }
    }

    /** Where a wait is told, it stands in the reason too: not every client sees the frame before the close. */
    private void turnAway(HubException why) {
        ErrFrame frame = new ErrFrame(Optional.empty(), why);
        if (why.details().getValue("retryAfterMillis") instanceof Number wait) {
            session.refuse(frame);
            session.goAway(wait.longValue());
        } else {
            session.refuseAndClose(frame, CloseCode.TOO_MANY_CONNECTIONS);
        }
    }

    /**
     * Logs in, or refreshes.
     *
     * @param about the address of frames that say what came of it; empty for the token of the handshake
     * @param answers whether the client waits for an answer there
     */
    void verify(String token, Optional<String> about, boolean answers) {
        begin();
        Future.succeededFuture(token)
                .compose(text -> loop.hub().tokens().verify(text))
                .compose(this::admit)
                .onComplete(admitted -> loop.onLoop(() -> verified(admitted, about, answers), session::fail));
    }

    private void verified(AsyncResult<Identity> admitted, Optional<String> about, boolean answers) {
        busy = false;
        if (session.isOver()) {
            return;
        }
        if (admitted.succeeded()) {
            succeeded(admitted.result(), about.filter(address -> answers));
        } else {
            failed(expected(admitted.cause()), about);
        }
        session.resume();
    }

    private void begin() {
        busy = true;
        deadlineMillis = loop.hub().clock().millis() + DEADLINE_MILLIS;
    }

    private Future<Identity> admit(Identity identity) {
        Optional<String> before = session.caller().identity().subject();
        if (before.isPresent() && !before.equals(identity.subject())) {
            return Future.failedFuture(new HubException(
                    ErrorCode.ACCESS_DENIED, "the token is of another user; a connection keeps its user"));
        }
        return loop.hub().connections().identified(session, identity).map(identity);
    }

    private void succeeded(Identity identity, Optional<String> replyAddress) {
        boolean again = done;
        done = true;
        expiresAtMillis = expiry(identity);
        session.become(identity, again);
        replyAddress.ifPresent(reply -> {
            JsonObject body = new JsonObject().put("user", identity.subject().orElse(null));
            body.put("expiresAt", identity.expiresAtMillis() == Long.MAX_VALUE ? null : identity.expiresAtMillis());
            session.send(new ReplyFrame(reply, body));
        });
    }

    private long expiry(Identity identity) {
        long leeway = loop.hub()
                .config()
                .get()
                .auth()
                .jwt()
                .map(AuthConfig.Jwt::leeway)
                .orElse(Duration.ZERO)
                .toMillis();
        long expires = identity.expiresAtMillis();
        return expires > Long.MAX_VALUE - leeway ? Long.MAX_VALUE : expires + leeway;
    }

    private void failed(HubException why, Optional<String> about) {
        ErrFrame frame = new ErrFrame(about, why);
        switch (why.code()) {
            case ACCESS_DENIED -> session.refuseAndClose(frame, CloseCode.FORBIDDEN);
            case LIMIT_REACHED -> session.refuseAndClose(frame, CloseCode.TOO_MANY_CONNECTIONS);
            case NOT_LOGGED_IN -> {
                if (done) {
                    // The token from before still holds, until it expires.
                    session.refuse(frame);
                } else {
                    session.refuseAndClose(frame, CloseCode.UNAUTHENTICATED);
                }
            }
            default -> session.refuse(frame);
        }
    }

    private HubException expected(Throwable cause) {
        if (cause instanceof HubException expected) {
            return expected;
        }
        log.error("login failed", cause);
        return new HubException(ErrorCode.UNAVAILABLE, "the token cannot be checked now; send it again in a moment");
    }

    /** Tells whether other frames must wait. */
    boolean isBusy() {
        return busy;
    }

    /** Tells whether the connection may be served. */
    boolean isDone() {
        return done;
    }

    /** Tells whether the token's time is over, leeway included. */
    boolean isExpired(long nowMillis) {
        return nowMillis >= expiresAtMillis;
    }

    /** Tells whether the time for a login is over. */
    boolean isTooLate(long nowMillis) {
        return (busy || !done) && nowMillis >= deadlineMillis;
    }

    /** Returns when time will matter next, in milliseconds since 1970. */
    long nextMillis() {
        return busy || !done ? Math.min(deadlineMillis, expiresAtMillis) : expiresAtMillis;
    }
}
