package dev.hubbub.gateway;

import dev.hubbub.messaging.EventBatch;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.ServerFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.json.Json;
import io.vertx.core.shareddata.Shareable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends over SockJS without WebSocket: into the one poll or stream that the client keeps open.
 *
 * <p>Confined to its loop, the one that got the client's first request. Later requests may come on any loop of the
 * node; theirs hands them over. What is said while no request is open waits for the next one.
 */
final class SockJsHttpTransport implements SocketTransport, Shareable, FlushList.Dirty {

    /** How long a client may stay without an open request. */
    static final long ABSENCE_MILLIS = 5_000;

    /** How long the close frame waits for requests that come late. */
    static final long GOODBYE_MILLIS = 10_000;

    private static final String OPEN = "o\n";
    private static final String HEARTBEAT = "h\n";
    private static final String BUSY = "c[2010,\"Another connection still open\"]\n";
    private static final String INTERRUPTED = "c[1002,\"Connection interrupted\"]\n";

    private static final Logger LOG = LoggerFactory.getLogger(SockJsHttpTransport.class);

    private final GatewayLoop loop;
    private final byte[] beginner;
    private final Runnable forget;
    private final List<ServerFrame> waiting = new ArrayList<>();
    private @Nullable Session owner;
    private @Nullable SockJsHttpAnswer answer;
    private @Nullable String goodbye;
    private long waitingBytes;
    private long leaving;
    private long left;
    private long requests;
    private boolean opened;
    private boolean dirty;

    /**
     * Creates the transport of a new session.
     *
     * @param beginner who made the first request; every later one must be of the same
     * @param forget takes the session out of what the node knows
     */
    SockJsHttpTransport(GatewayLoop loop, String beginner, Runnable forget) {
        this.loop = loop;
        this.beginner = beginner.getBytes(StandardCharsets.UTF_8);
        this.forget = forget;
    }

    /** Begins to send for a session. */
    void begin(Session session) {
        owner = session;
    }

    /** Returns the loop that everything else must be called on. */
    GatewayLoop loop() {
        return loop;
    }

    /** Tells whether a request belongs to the one who began the session; may be asked on any loop. */
    boolean isOf(String who) {
        return MessageDigest.isEqual(beginner, who.getBytes(StandardCharsets.UTF_8));
    }

    // ---- what the client's requests tell

    /** Takes a poll or stream to answer into. */
    void serve(SockJsHttpAnswer next) {
        session().heard();
        if (answer != null) {
            next.say(Buffer.buffer(BUSY), true)
                    .onFailure(gone -> LOG.debug("second request gone cause={}", gone.getMessage()));
            return;
        }
        answer = next;
        requests++;
        flush();
    }

    /** Takes the frames of one {@code xhr_send}; what comes after the goodbye is dropped. */
    void hear(String text, int frameBytes) {
        Session session = session();
        session.heard();
        loop.traffic().received(text.length());
        if (goodbye == null) {
            session.received(Framing.SOCKJS.decode(text, frameBytes), text.length());
        }
    }

    /** Learns that the client went away while a request was open. */
    void lost(SockJsHttpAnswer broken) {
        if (answer == broken) {
            answer = null;
            end(INTERRUPTED);
        }
    }

    // ---- what the session says

    @Override
    public String name() {
        return "sockjs-http";
    }

    @Override
    public void send(ServerFrame frame) {
        if (goodbye == null) {
            waiting.add(frame);
            waitingBytes += frame.text().length();
            flushLater();
        }
    }

    @Override
    public void send(EventBatch batch) {
        send(batch.events());
    }

    @Override
    public void send(List<EventFrame> events) {
        events.forEach(this::send);
    }

    @Override
    public long unsentBytes() {
        return waitingBytes + leaving;
    }

    @Override
    public long leftBytes() {
        return left;
    }

    @Override
    public boolean ping() {
        SockJsHttpAnswer open = answer;
        if (open != null && waiting.isEmpty()) {
            use(open, Buffer.buffer(HEARTBEAT), false);
        }
        // A client that does not come back for its next answer is noticed by its absence.
        return false;
    }

    @Override
    public void close(CloseCode code, String reason) {
        if (goodbye == null) {
            goodbye = "c[" + code.number() + "," + Json.encode(reason) + "]\n";
            loop.after(GOODBYE_MILLIS, forget);
            flushLater();
        }
    }

    @Override
    public void abort() {
        end(INTERRUPTED);
    }

    /** Ends without the client's knowing; should it come back, it is told that its session is over. */
    private void end(String lastWords) {
        if (goodbye == null) {
            goodbye = lastWords;
            waiting.clear();
            waitingBytes = 0;
            loop.after(GOODBYE_MILLIS, forget);
            session().gone();
            flushLater();
        }
    }

    private Session session() {
        return Objects.requireNonNull(owner, "the transport has begun");
    }

    // ---- answering

    private void flushLater() {
        if (!dirty) {
            dirty = true;
            loop.flushes().add(this);
        }
    }

    /** Says what there is to say, as far as the open request takes it. */
    @Override
    public void flush() {
        dirty = false;
        SockJsHttpAnswer open = answer;
        if (open != null && !opened) {
            opened = true;
            use(open, Buffer.buffer(OPEN), false);
        }
        if (answer != null && !waiting.isEmpty()) {
            use(answer, take(), false);
        }
        if (answer != null && goodbye != null) {
            use(answer, Buffer.buffer(goodbye), true);
        }
    }

    private Buffer take() {
        ByteBuf out = Framing.writeSockJs(waiting, Unpooled.buffer((int) Math.min(waitingBytes * 5 / 4, 1 << 20) + 16));
        waiting.clear();
        waitingBytes = 0;
        return BufferInternal.buffer(out.writeByte('\n'));
    }

    private void use(SockJsHttpAnswer open, Buffer text, boolean last) {
        say(open, text, last);
        if (open.isOver()) {
            answer = null;
            watchAbsence();
        }
    }

    private void say(SockJsHttpAnswer open, Buffer text, boolean last) {
        int length = text.length();
        loop.traffic().sent(length);
        leaving += length;
        open.say(text, last)
                .onComplete(said -> loop.onLoop(() -> {
                    leaving -= length;
                    if (said.succeeded()) {
                        left += length;
                        session().drained();
                    } else {
                        lost(open);
                    }
                }));
    }

    private void watchAbsence() {
        long seen = requests;
        loop.after(ABSENCE_MILLIS, () -> {
            if (requests == seen && answer == null) {
                end(INTERRUPTED);
            }
        });
    }
}
