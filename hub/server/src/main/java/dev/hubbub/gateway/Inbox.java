package dev.hubbub.gateway;

import dev.hubbub.config.LimitsConfig;
import dev.hubbub.config.LimitsConfig.Rate;
import dev.hubbub.protocol.ClientFrame;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Decoded;
import dev.hubbub.protocol.ErrFrame;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.PongFrame;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes a client's messages in order: waits for a login, holds the rate, refuses what is no frame.
 *
 * <p>Confined to its loop.
 */
final class Inbox {

    /** Address of frames that log in. */
    static final String AUTH = "hub.auth";

    /** So many messages that are no frames, and the client is not one of this protocol. */
    static final int MOST_BAD_FRAMES = 100;

    private final GatewayLoop loop;
    private final Session session;
    private final Login login;
    private final Verbs verbs;
    private final Deque<Decoded> waiting = new ArrayDeque<>(0);
    private @Nullable RateLimit rate;
    private @Nullable RateLimit registrations;
    private int badFrames;

    Inbox(GatewayLoop loop, Session session, Login login, Verbs verbs) {
        this.loop = loop;
        this.session = session;
        this.login = login;
        this.verbs = verbs;
    }

    void add(Decoded message) {
        if (!login.isBusy() && waiting.isEmpty()) {
            take(message);
        } else if (waiting.size() < Math.max(limits().rate().burst(), limits().subscriptions())) {
            waiting.add(message);
        } else {
            session.refuseAndClose(
                    new ErrFrame(about(message), limited("too many messages while the login is under way", 1_000)),
                    CloseCode.TOO_FAST);
        }
    }

    /** Takes what has waited, until the next login begins. */
    void drain() {
        while (!session.isOver() && !login.isBusy() && !waiting.isEmpty()) {
            take(waiting.poll());
        }
    }

    void clear() {
        waiting.clear();
    }

    /** Forgets half of the bad frames; called every now and then. */
    void calm() {
        badFrames /= 2;
    }

    private void take(Decoded message) {
        if (login.isExpired(loop.hub().clock().millis())) {
            // The wheel looks once a second; what comes in between is not done in an expired name.
            session.expire();
        } else if (message instanceof Decoded.Refused refused) {
            refuse(refused);
        } else if (!rateOf(message).allow()) {
            tooFast(message);
        } else {
            take(((Decoded.Frame) message).frame());
        }
    }

    private void take(ClientFrame frame) {
        if (frame instanceof ClientFrame.Ping) {
            session.send(new PongFrame());
        } else if (frame instanceof ClientFrame.Send send
                && send.address().value().equals(AUTH)) {
            authenticate(send);
        } else if (!login.isDone()) {
            session.refuse(new ErrFrame(
                    Verbs.about(frame),
                    new HubException(ErrorCode.NOT_LOGGED_IN, "log in first: send a token to " + AUTH)));
        } else {
            verbs.act(frame);
        }
    }

    private void authenticate(ClientFrame.Send send) {
        if (send.body() instanceof JsonObject body
                && body.getValue("token") instanceof String token
                && !token.isEmpty()) {
            login.verify(token, Verbs.about(send), send.replyAddress().isPresent());
        } else {
            session.send(new ErrFrame(
                    Verbs.about(send), new HubException(ErrorCode.BAD_FRAME, "the body is {\"token\":\"…\"}")));
        }
    }

    private void refuse(Decoded.Refused refused) {
        ErrFrame frame = new ErrFrame(refused.about(), refused.why());
        loop.hub().connections().refused(refused.why().code());
        if (refused.why().code() == ErrorCode.TOO_LARGE) {
            session.refuseAndClose(frame, CloseCode.FRAME_TOO_LARGE);
            return;
        }
        if (++badFrames >= MOST_BAD_FRAMES) {
            session.refuseAndClose(frame, CloseCode.FORBIDDEN);
        } else {
            session.send(frame);
        }
    }

    private void tooFast(Decoded message) {
        RateLimit exceeded = rateOf(message);
        loop.hub().connections().refused(ErrorCode.RATE_LIMITED);
        ErrFrame frame = new ErrFrame(
                about(message), limited("more messages than the limit allows", exceeded.retryAfterMillis()));
        if (exceeded.forgive()) {
            session.send(frame);
        } else {
            session.refuseAndClose(frame, CloseCode.TOO_FAST);
        }
    }

    private static HubException limited(String message, long retryAfterMillis) {
        return new HubException(
                ErrorCode.RATE_LIMITED, message, new JsonObject().put("retryAfterMillis", retryAfterMillis));
    }

    private static Optional<String> about(Decoded message) {
        return message instanceof Decoded.Refused refused
                ? refused.about()
                : Verbs.about(((Decoded.Frame) message).frame());
    }

    /** A client that comes back registers at once for all that it had: as much as it may have. */
    private RateLimit rateOf(Decoded message) {
        Rate inForce = limits().rate();
        boolean registers = message instanceof Decoded.Frame frame
                && (frame.frame() instanceof ClientFrame.Register || frame.frame() instanceof ClientFrame.Unregister);
        if (!registers) {
            rate = inForce(rate, inForce);
            return rate;
        }
        int burst = Math.max(inForce.burst(), limits().subscriptions());
        registrations = inForce(registrations, new Rate(inForce.messages(), inForce.per(), burst));
        return registrations;
    }

    private RateLimit inForce(@Nullable RateLimit known, Rate wanted) {
        return known != null && known.holds(wanted)
                ? known
                : new RateLimit(wanted, loop.hub().clock());
    }

    private LimitsConfig limits() {
        return loop.hub().config().get().limits();
    }
}
