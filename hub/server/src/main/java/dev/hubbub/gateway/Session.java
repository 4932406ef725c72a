package dev.hubbub.gateway;

import dev.hubbub.auth.Caller;
import dev.hubbub.auth.Caller.ConnectionInfo;
import dev.hubbub.auth.Identity;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.config.LimitsConfig;
import dev.hubbub.messaging.Connections;
import dev.hubbub.messaging.Connections.Ending;
import dev.hubbub.messaging.EventBatch;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Decoded;
import dev.hubbub.protocol.ErrFrame;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.NoticeFrame;
import dev.hubbub.protocol.ServerFrame;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One connection of a client, whatever it is connected by.
 *
 * <p>Its life: admitted by {@link Connections}, logged in ({@link Login}), then every frame goes to {@link Verbs} in
 * the order in which it came; frames that arrive while an admission or a login is under way wait. It ends with a close
 * code, or when the client is gone; then every subscription ends. Confined to its loop.
 */
final class Session extends Wheel.Timed implements Connections.Connection {
    private final GatewayLoop loop;
    private final SocketTransport transport;
    private final ConnectionId id;
    private final Login login;
    private final Inbox inbox;
    private final Verbs verbs;
    private final Pulse pulse;
    private Caller.User caller;
    private boolean over;
    private Ending ending = Ending.LOST;
    private boolean behind;
    private String goodbye = "the client left";

    Session(GatewayLoop loop, SocketTransport transport, ConnectionInfo info) {
        GatewayContext hub = loop.hub();
        this.loop = loop;
        this.transport = transport;
        this.id = hub.ids().get();
        this.caller = new Caller.User(Identity.anonymous(), info);
        this.login = new Login(loop, this);
        this.verbs = new Verbs(loop, this);
        this.inbox = new Inbox(loop, this, login, verbs);
        this.pulse = new Pulse(transport, hub.clock().millis(), id.hashCode());
    }

    /** Begins: counts the connection in, then logs it in with the token that came with the handshake. */
    void open(Optional<String> token) {
        loop.sessions().add(this);
        login.open(token);
        loop.wheel().visitAt(this, nextVisit());
    }

    // ---- what the transport tells

    /** Takes one message of the client. */
    void received(Decoded message) {
        received(List.of(message), 0);
    }

    /**
     * Takes the messages of one text.
     *
     * @param length of the text, which bounds what waits for a login
     */
    void received(List<Decoded> messages, int length) {
        int each = length / Math.max(1, messages.size());
        for (Decoded message : messages) {
            if (!over) {
                inbox.add(message, each);
            }
        }
    }

    /** Notes a sign of life. */
    void heard() {
        pulse.heard();
    }

    /** Tells whether it did not take everything that it was given, and waits for bytes to leave. */
    boolean isBehind() {
        return behind;
    }

    /** Goes on with subscriptions that wait, when few enough bytes are unsent. */
    void drained() {
        if (behind && !over && transport.unsentBytes() <= limits().pendingBytes() / 2) {
            behind = false;
            loop.hub().subscriber().drained(this);
        }
    }

    /** Ends what belongs to the connection, whose client was gone without a word. */
    void gone() {
        gone(Ending.LOST);
    }

    /** Ends what belongs to the connection; the transport is closed or closing. */
    void gone(Ending why) {
        if (over) {
            return;
        }
        over = true;
        ending = why;
        loop.sessions().remove(this);
        loop.wheel().forget(this);
        inbox.clear();
        // Not now: messaging may be in the middle of delivering to this very connection.
        loop.later(() -> {
            loop.hub().subscriber().close(this);
            loop.hub().connections().closed(this);
        });
    }

    /** Ends after a failure that nobody expected. */
    void fail() {
        cut(Ending.FAILED);
    }

    private void cut(Ending why) {
        goodbye = "cut off, as it did not answer or failed";
        gone(why); // first, as a transport that is cut may say so itself
        transport.abort();
    }

    /** Sends the client to another node, after a wait that the reason tells. */
    void goAway(long waitMillis) {
        close(CloseCode.GOING_AWAY, "reconnect in " + waitMillis + " ms");
    }

    // ---- what messaging tells

    @Override
    public ConnectionId connection() {
        return id;
    }

    @Override
    public Caller.User caller() {
        return caller;
    }

    @Override
    public String transport() {
        return transport.name();
    }

    @Override
    public boolean deliver(EventBatch batch) {
        SharedBytes shared = loop.shared();
        shared.take(batch);
        if (!mayTake(shared.millis())) {
            return false;
        }
        if (shared.isSelective()) {
            deliverSome(batch);
        } else {
            transport.send(batch);
        }
        return true;
    }

    @Override
    public boolean deliver(ServerFrame presence) {
        if (!mayTake(loop.hub().clock().millis())) {
            return false;
        }
        transport.sendShared(presence);
        return true;
    }

    private boolean mayTake(long nowMillis) {
        if (over || !login.isDone()) {
            return false;
        }
        if (login.isExpired(nowMillis)) {
            expire();
            return false;
        }
        if (transport.unsentBytes() > limits().pendingBytes()) {
            fallBehind();
            return false;
        }
        return true;
    }

    private void deliverSome(EventBatch batch) {
        List<EventFrame> wanted = new ArrayList<>(batch.events().size());
        for (EventFrame event : batch.events()) {
            if (!event.notBackTo().filter(id::equals).isPresent()) {
                wanted.add(event);
            }
        }
        if (wanted.size() == batch.events().size()) {
            transport.send(batch);
        } else if (!wanted.isEmpty()) {
            transport.send(wanted);
        }
    }

    private void fallBehind() {
        if (!behind) {
            behind = true;
            loop.wheel().visitAt(this, pulse.watch(loop.hub().clock().millis()));
        }
    }

    @Override
    public void notice(Notice notice) {
        JsonObject message = new JsonObject().put("address", notice.address().value());
        if (notice instanceof Notice.Subscribed subscribed) {
            message.put("position", subscribed.position().toString());
            if (subscribed.delivery() != DeliveryKind.LOG) {
                message.put("delivery", subscribed.delivery().configName());
            }
        } else if (notice instanceof Notice.Recovered recovered) {
            message.put("position", recovered.position().toString()).put("events", recovered.events());
        } else if (notice instanceof Notice.Revoked revoked) {
            message.put("reason", revoked.reason());
        }
        send(new NoticeFrame(notice.name(), message));
    }

    @Override
    public void refuse(Address address, HubException why) {
        if (why.code() != ErrorCode.POSITION_LOST) {
            verbs.ended(address);
        }
        send(ErrFrame.about(address.value(), why));
    }

    @Override
    public void draining(long reconnectInMillis) {
        send(new NoticeFrame("hub.draining", new JsonObject().put("reconnectInMillis", reconnectInMillis)));
    }

    // ---- sending and ending

    /** Sends a frame that is not an event; a client that lets twice its share pile up is cut. */
    void send(ServerFrame frame) {
        if (over) {
            return;
        }
        if (transport.unsentBytes() > 2L * limits().pendingBytes()) {
            close(CloseCode.TOO_SLOW, "the client does not read");
        } else {
            transport.send(frame);
        }
    }

    /** Refuses something that messaging knows nothing of. */
    void refuse(ErrFrame frame) {
        loop.hub().connections().refused(caller, frame.why());
        send(frame);
    }

    /** Says why in a frame, then closes. */
    void refuseAndClose(ErrFrame frame, CloseCode code) {
        refuse(frame);
        close(code, String.valueOf(frame.why().getMessage()));
    }

    @Override
    public void close(CloseCode code, String reason) {
        if (!over) {
            goodbye = "closed with " + code.number() + ": " + reason;
            loop.hub().connections().cut(this, code);
            transport.close(code, reason);
            gone(Ending.of(code));
        }
    }

    @Override
    public String goodbye() {
        return goodbye;
    }

    SocketTransport socket() {
        return transport;
    }

    @Override
    public Ending ending() {
        return ending;
    }

    @Override
    public long unsentBytes() {
        return transport.unsentBytes();
    }

    boolean isOver() {
        return over;
    }

    ConnectionInfo info() {
        return caller.connection();
    }

    /** Takes the identity of a verified token; subscriptions are judged again when there was one before. */
    void become(Identity identity, boolean again) {
        caller = new Caller.User(identity, caller.connection());
        if (again) {
            loop.hub().subscriber().judgeAgain(this);
        }
        loop.wheel().visitAt(this, nextVisit());
    }

    /** Goes on with the frames that waited. */
    void resume() {
        inbox.drain();
    }

    /** Ends because the token's time is over. */
    void expire() {
        refuseAndClose(
                new ErrFrame(Optional.empty(), new HubException(ErrorCode.NOT_LOGGED_IN, "the token has expired")),
                CloseCode.UNAUTHENTICATED);
    }

    // ---- time

    @Override
    long visit(long nowMillis) {
        if (over) {
            return Long.MAX_VALUE;
        }
        if (login.isExpired(nowMillis)) {
            expire();
        } else if (login.isTooLate(nowMillis)) {
            close(CloseCode.UNAUTHENTICATED, "no valid token came within 10 s");
        } else {
            look(nowMillis);
        }
        return over ? Long.MAX_VALUE : nextVisit();
    }

    private void look(long nowMillis) {
        switch (pulse.look(nowMillis)) {
            case DEAD -> cut(Ending.SILENT);
            case STUCK -> close(CloseCode.TOO_SLOW, "the client has not read for 30 s");
            case ALIVE -> {
                inbox.calm();
                drained();
            }
        }
    }

    private long nextVisit() {
        return Math.min(pulse.nextMillis(), login.nextMillis());
    }

    private LimitsConfig limits() {
        return loop.hub().config().get().limits();
    }
}
