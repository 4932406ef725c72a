package dev.hubbub.http;

import dev.hubbub.auth.Caller;
import dev.hubbub.config.HubConfig;
import dev.hubbub.messaging.Connections;
import dev.hubbub.messaging.Connections.Ending;
import dev.hubbub.messaging.EventBatch;
import dev.hubbub.messaging.SubscribeOptions;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import dev.hubbub.protocol.ServerFrame;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open stream of Server-Sent Events.
 *
 * <p>Confined to the event loop of its request. Unsent bytes are counted from the write futures, because
 * {@code writeQueueFull} counts messages. Above {@code limits.pending} it takes no more events until half of them are
 * out; after {@link SseTiming#stuckMillis} in which nothing at all went out it ends.
 */
final class SseStream implements Connections.Connection {
    private static final Logger LOG = LoggerFactory.getLogger(SseStream.class);
    /** Timers cannot wait for ever: the end of a token that is good for years is looked at once a day. */
    private static final long LONGEST_TIMER_MILLIS = 86_400_000;

    private final HttpContext hub;
    private final SseTiming timing;
    private final Vertx vertx;
    private final HttpServerResponse response;
    private final ConnectionId id;
    private final Caller.User caller;
    private final Map<Address, SubscribeOptions> wanted;
    private final boolean tellsStart;
    private final SseCursor cursor = new SseCursor();
    private final Set<Address> live = new LinkedHashSet<>();
    private final Set<Long> timers = new LinkedHashSet<>();

    private long unsentBytes;
    private long stuckTimer = -1;
    private boolean full;
    private boolean closed;
    private String goodbye = "the client left";
    private Ending ending = Ending.LOST;

    SseStream(
            HttpContext hub,
            SseTiming timing,
            HttpServerResponse response,
            Caller.User caller,
            Map<Address, SubscribeOptions> wanted,
            boolean tellsStart) {
        this.hub = hub;
        this.timing = timing;
        this.vertx = hub.vertx();
        this.response = response;
        this.id = hub.connectionIds().get();
        this.caller = caller;
        this.wanted = Map.copyOf(wanted);
        this.tellsStart = tellsStart;
    }

    /** Sends the head and subscribes to every address; the connection has been counted in. */
    void start() {
        if (closed) {
            // It left while it was being counted in: what was counted after its leave is taken back.
            hub.connections().closed(this);
            return;
        }
        head();
        response.exceptionHandler(broken -> LOG.debug("stream broke connection={}", id));
        write(SseFrames.retry(timing.retryMillis()));
        timers.add(vertx.setPeriodic(timing.heartbeatMillis(), timer -> heartbeat()));
        watchToken();
        wanted.forEach((address, options) -> {
            live.add(address);
            options.position().ifPresent(position -> cursor.resume(address, position));
        });
        wanted.forEach((address, options) -> hub.subscriber().subscribe(this, address.value(), options));
    }

    private void head() {
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store, no-transform")
                .putHeader("X-Accel-Buffering", "no");
    }

    /** Forgets everything, once; called when the client is gone or the hub has ended the stream. */
    void closed() {
        if (closed) {
            return;
        }
        closed = true;
        timers.forEach(vertx::cancelTimer);
        vertx.cancelTimer(stuckTimer);
        hub.subscriber().close(this);
        hub.connections().closed(this);
    }

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
        return "sse";
    }

    @Override
    public Ending ending() {
        return ending;
    }

    @Override
    public long unsentBytes() {
        return unsentBytes;
    }

    @Override
    public boolean deliver(EventBatch batch) {
        if (closed) {
            return false;
        }
        if (unsentBytes >= limits()) {
            fill();
            return false;
        }
        Buffer out = Buffer.buffer();
        for (EventFrame event : batch.events()) {
            event.position().ifPresent(position -> cursor.moveTo(batch.address(), position));
            SseFrames.message(out, event.position().flatMap(position -> cursor.text()), event.text());
        }
        write(out);
        return true;
    }

    @Override
    public boolean deliver(ServerFrame presence) {
        return true; // a stream does not ask for rosters
    }

    @Override
    public void notice(Notice notice) {
        if (notice instanceof Notice.Revoked revoked) {
            end(revoked.address(), new HubException(ErrorCode.ACCESS_REVOKED, revoked.reason()));
        } else if (notice instanceof Notice.Subscribed subscribed) {
            // Without an event yet: a client that is cut off now still comes back with a place to go on from.
            if (wantsOnlyLive(subscribed.address())) {
                cursor.moveTo(subscribed.address(), subscribed.position());
                cursor.text().ifPresent(text -> write(SseFrames.cursor(text)));
            }
            if (tellsStart) {
                write(SseFrames.named(notice.name(), cursor.text(), SseFrames.notice(notice)));
            }
        } else {
            write(SseFrames.named(notice.name(), Optional.empty(), SseFrames.notice(notice)));
        }
    }

    private boolean wantsOnlyLive(Address address) {
        return Optional.ofNullable(wanted.get(address))
                .filter(options ->
                        options.position().isEmpty() && options.recent().isEmpty())
                .isPresent();
    }

    @Override
    public void refuse(Address address, HubException why) {
        if (why.code() != ErrorCode.POSITION_LOST) {
            end(address, why);
            return;
        }
        Optional.ofNullable(why.details().getString("position"))
                .flatMap(Position::parse)
                .ifPresent(position -> cursor.moveTo(address, position));
        write(SseFrames.named("err", cursor.text(), SseFrames.err(address, why)));
    }

    private void end(Address address, HubException why) {
        // A revocation may be told twice, as a notice and as a refusal; the client hears it once.
        if (live.remove(address)) {
            cursor.forget(address);
            write(SseFrames.named("err", cursor.text(), SseFrames.err(address, why)));
        }
    }

    @Override
    public String goodbye() {
        return goodbye;
    }

    @Override
    public void draining(long reconnectInMillis) {
        // The close event that follows says it all, as a stream has no other last words.
    }

    @Override
    public void close(CloseCode code, String reason) {
        if (closed) {
            return;
        }
        goodbye = "closed with " + code.number() + ": " + reason;
        hub.connections().cut(this, code);
        ending = Ending.of(code);
        closed();
        if (code == CloseCode.TOO_SLOW) {
            // A client that does not read sees no last words: the bytes in front of them would stay for ever.
            response.reset().onFailure(gone -> LOG.debug("stream was gone already connection={}", id));
            return;
        }
        if (!response.headWritten()) {
            head(); // it is closed while it is being counted in
        }
        Buffer out = Buffer.buffer();
        failure(code, reason)
                .ifPresent(why -> live.forEach(address ->
                        out.appendBuffer(SseFrames.named("err", Optional.empty(), SseFrames.err(address, why)))));
        response.end(out.appendBuffer(SseFrames.close(code, reason)))
                .onFailure(gone -> LOG.debug("stream was gone already connection={}", id));
    }

    private static Optional<HubException> failure(CloseCode code, String reason) {
        return switch (code) {
            case UNAUTHENTICATED -> Optional.of(new HubException(ErrorCode.NOT_LOGGED_IN, reason));
            case FORBIDDEN -> Optional.of(new HubException(ErrorCode.ACCESS_REVOKED, reason));
            default -> Optional.empty();
        };
    }

    private void heartbeat() {
        if (unsentBytes < limits()) {
            write(SseFrames.HEARTBEAT);
        }
    }

    private void watchToken() {
        long expiresAt = caller.identity().expiresAtMillis();
        if (expiresAt == Long.MAX_VALUE) {
            return;
        }
        HubConfig config = hub.config().get();
        long leeway = config.auth().jwt().map(jwt -> jwt.leeway().toMillis()).orElse(0L);
        long wait = expiresAt + leeway - hub.clock().millis();
        if (wait <= 0) {
            close(CloseCode.UNAUTHENTICATED, "the token has expired: get a new one and come back");
        } else {
            timers.add(vertx.setTimer(Math.min(wait, LONGEST_TIMER_MILLIS), timer -> watchToken()));
        }
    }

    private int limits() {
        return hub.config().get().limits().pendingBytes();
    }

    private void write(Buffer bytes) {
        if (closed) {
            return;
        }
        int length = bytes.length();
        unsentBytes += length;
        response.write(bytes).onComplete(sent -> sent(length));
    }

    private void sent(int length) {
        unsentBytes -= length;
        if (!full || closed) {
            return;
        }
        if (unsentBytes > limits() / 2) {
            watchStuck();
            return;
        }
        full = false;
        vertx.cancelTimer(stuckTimer);
        hub.subscriber().drained(this);
    }

    private void fill() {
        if (!full) {
            full = true;
            watchStuck();
        }
    }

    private void watchStuck() {
        vertx.cancelTimer(stuckTimer);
        stuckTimer = vertx.setTimer(timing.stuckMillis(), timer -> close(CloseCode.TOO_SLOW, "not read for too long"));
    }
}
