package dev.hubbub.gateway;

import dev.hubbub.messaging.EventBatch;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.Decoded;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.FrameCodec;
import dev.hubbub.protocol.ServerFrame;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends over SockJS without WebSocket: polling or streaming responses of the stock handler.
 *
 * <p>Unsent bytes are counted by the futures of the writes. The stock handler knows one close frame only;
 * {@link SockJsHttpContext} puts the right one in its place. Confined to its loop.
 */
final class SockJsHttpTransport implements SocketTransport {
    private final GatewayLoop loop;
    private final SockJSSocket socket;
    private final Consumer<String> goodbyes;
    private @Nullable Session owner;
    private Future<Void> lastWrite = Future.succeededFuture();
    private long unsent;
    private long left;
    private boolean closing;

    SockJsHttpTransport(GatewayLoop loop, SockJSSocket socket, Consumer<String> goodbyes) {
        this.loop = loop;
        this.socket = socket;
        this.goodbyes = goodbyes;
    }

    /** Begins to hear. */
    void begin(Session session, Runnable onClosed) {
        owner = session;
        int frameBytes = loop.hub().config().get().limits().frameBytes();
        socket.handler(message -> loop.dispatch(() -> hear(message, frameBytes), session::fail));
        socket.exceptionHandler(failure -> loop.faults().failed("sockjs failed", failure));
        socket.closeHandler(v -> {
            closing = true;
            session.gone();
            onClosed.run();
        });
    }

    private void hear(Buffer message, int frameBytes) {
        Session session = session();
        session.heard();
        if (!closing && message.length() > 0) {
            Decoded decoded = FrameCodec.decodeInner(message.toString(), frameBytes);
            session.received(decoded);
        }
    }

    private Session session() {
        return Objects.requireNonNull(owner, "the transport has begun");
    }

    @Override
    public String name() {
        return "sockjs-http";
    }

    @Override
    public void send(ServerFrame frame) {
        if (closing) {
            return;
        }
        Buffer text = frame.text();
        int length = text.length();
        unsent += length;
        lastWrite = socket.write(text)
                .onComplete(done -> loop.onLoop(() -> {
                    unsent -= length;
                    left += length;
                    session().drained();
                }));
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
        return unsent;
    }

    @Override
    public long leftBytes() {
        return left;
    }

    @Override
    public boolean ping() {
        // The stock handler beats by itself, and ends a session whose client does not come back.
        return false;
    }

    @Override
    public void close(CloseCode code, String reason) {
        if (closing) {
            return;
        }
        closing = true;
        goodbyes.accept("c[" + code.number() + "," + Json.encode(reason) + "]");
        // Closing throws away what no poll has fetched yet, the error that says why included.
        lastWrite.onComplete(done -> socket.close());
    }

    @Override
    public void abort() {
        closing = true;
        socket.close();
    }
}
