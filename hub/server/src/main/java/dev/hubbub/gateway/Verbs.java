package dev.hubbub.gateway;

import dev.hubbub.config.LimitsConfig;
import dev.hubbub.messaging.Outcome;
import dev.hubbub.messaging.PublishCommand;
import dev.hubbub.messaging.SubscribeOptions;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ClientFrame;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.ErrFrame;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.ReplyFrame;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a logged-in client's frames into calls to messaging, and its answers into frames; confined to its loop. */
final class Verbs {
    private static final Logger log = LoggerFactory.getLogger(Verbs.class);
    /** Address of frames that say something of the connection in a roster. */
    static final String PRESENCE = "hub.presence";

    private final GatewayLoop loop;
    private final Session session;
    private Set<Address> subscribed = Set.of();

    Verbs(GatewayLoop loop, Session session) {
        this.loop = loop;
        this.session = session;
    }

    /** Returns what an error about a frame is about: where the client waits for the answer, else the address. */
    static Optional<String> about(ClientFrame frame) {
        if (frame instanceof ClientFrame.Send send) {
            return Optional.of(send.replyAddress().orElse(send.address().value()));
        }
        if (frame instanceof ClientFrame.Register register) {
            return Optional.of(register.address().value());
        }
        if (frame instanceof ClientFrame.Unregister unregister) {
            return Optional.of(unregister.address().value());
        }
        if (frame instanceof ClientFrame.Publish publish) {
            return Optional.of(publish.address().value());
        }
        return Optional.empty();
    }

    /** Does what a frame asks for; a failure that nobody expected refuses this frame and leaves the others alone. */
    void act(ClientFrame frame) {
        try {
            actOn(frame);
        } catch (RuntimeException unexpected) {
            session.send(new ErrFrame(about(frame), expected(unexpected)));
        }
    }

    private void actOn(ClientFrame frame) {
        if (frame instanceof ClientFrame.Register register) {
            register(register);
        } else if (frame instanceof ClientFrame.Unregister unregister) {
            ended(unregister.address());
            loop.hub().subscriber().unsubscribe(session, unregister.address());
        } else if (frame instanceof ClientFrame.Publish publish) {
            publish(publish);
        } else if (frame instanceof ClientFrame.Send send) {
            send(send);
        }
    }

    /** Forgets a subscription that is over, so that another may take its place. */
    void ended(Address address) {
        if (!subscribed.isEmpty()) {
            subscribed.remove(address);
        }
    }

    private void register(ClientFrame.Register frame) {
        Address address = frame.address();
        SubscribeOptions options;
        try {
            options = options(frame.headers());
        } catch (HubException e) {
            session.refuse(ErrFrame.about(address.value(), e));
            return;
        }
        // Counted here and at once: the count in messaging may lag behind frames that come in one packet.
        if (!subscribed.contains(address)) {
            if (subscribed.size() >= limits().subscriptions()) {
                session.refuse(ErrFrame.about(
                        address.value(),
                        new HubException(
                                ErrorCode.LIMIT_REACHED,
                                "a connection has at most " + limits().subscriptions() + " subscriptions")));
                return;
            }
            if (subscribed.isEmpty()) {
                subscribed = new HashSet<>(4);
            }
            subscribed.add(address);
        }
        loop.hub().subscriber().subscribe(session, address.value(), options);
    }

    private static SubscribeOptions options(Map<String, String> headers) {
        return new SubscribeOptions(
                Optional.ofNullable(headers.get(ClientFrame.POSITION)),
                recent(headers.get(ClientFrame.RECENT)),
                "true".equals(headers.get(ClientFrame.PRESENCE)),
                "true".equals(headers.get(ClientFrame.NOTICES)));
    }

    private static OptionalInt recent(@Nullable String text) {
        if (text == null) {
            return OptionalInt.empty();
        }
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new HubException(
                    ErrorCode.BAD_FRAME, "recent is a whole number from 1 to " + SubscribeOptions.MAX_RECENT);
        }
        return OptionalInt.of(Integer.parseInt(text));
    }

    private void publish(ClientFrame.Publish frame) {
        String address = frame.address().value();
        Optional<ConnectionId> notBackTo = "false".equals(frame.headers().get(ClientFrame.ECHO))
                ? Optional.of(session.connection())
                : Optional.empty();
        PublishCommand command = new PublishCommand(
                address, frame.body(), Optional.empty(), notBackTo, Optional.of(session.connection()));
        loop.hub()
                .publisher()
                .publish(session.caller(), List.of(command))
                .onComplete(done -> loop.onLoop(() -> {
                    if (done.failed()) {
                        session.send(ErrFrame.about(address, expected(done.cause())));
                    } else if (done.result().get(0) instanceof Outcome.Refused refused) {
                        session.send(ErrFrame.about(address, refused.why()));
                    }
                }));
    }

    private void send(ClientFrame.Send frame) {
        if (frame.address().value().equals(PRESENCE)) {
            setState(frame);
            return;
        }
        loop.hub()
                .requests()
                .send(session.caller(), session.connection(), frame.address().value(), frame.body(), frame.headers())
                .onComplete(done -> loop.onLoop(() -> {
                    if (done.failed()) {
                        session.send(new ErrFrame(about(frame), expected(done.cause())));
                    } else {
                        frame.replyAddress().ifPresent(reply -> session.send(new ReplyFrame(reply, done.result())));
                    }
                }));
    }

    private void setState(ClientFrame.Send frame) {
        loop.hub()
                .subscriber()
                .setState(session, frame.body())
                .onComplete(done -> loop.onLoop(() -> {
                    if (done.failed()) {
                        session.send(new ErrFrame(about(frame), expected(done.cause())));
                    } else {
                        frame.replyAddress().ifPresent(reply -> session.send(new ReplyFrame(reply, new JsonObject())));
                    }
                }));
    }

    private HubException expected(Throwable cause) {
        if (cause instanceof HubException expected) {
            return expected;
        }
        log.error("request failed", cause);
        return new HubException(ErrorCode.UNAVAILABLE, "the hub cannot do this now; try again in a moment");
    }

    private LimitsConfig limits() {
        return loop.hub().config().get().limits();
    }
}
