package dev.hubbub.gateway;

import dev.hubbub.messaging.EventBatch;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.ServerFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.Socket;
import io.vertx.core.Vertx;
import io.vertx.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sends to a WebSocket with bytes that are ready for the wire, below every encoder.
 *
 * <p>Everything that this socket is ever sent, pings and the close frame included, goes through {@link #write}, so the
 * order is the order of the calls. Unsent bytes are what Netty itself counts. Where the socket allows it, the one
 * buffer of a turn is held back from Netty's queue and written at the end of the turn without it. Confined to its loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write comes back through exceptionCaught.
final class WebSocketTransport implements SocketTransport, FlushList.Dirty {

    /** How long a client has to answer a close frame before the connection is cut. */
    private static final long CLOSING_MILLIS = 3_000;

    private final GatewayLoop loop;
    private final Framing framing;
    private final GatheredMessages gathered = new GatheredMessages();
    private Runnable emptied = () -> {};
    private @Nullable ChannelHandlerContext context;
    private @Nullable ChannelOutboundBuffer queue;
    private @Nullable Socket direct;
    private @Nullable ByteBuf held;
    private long written;
    private boolean dirty;
    private boolean closing;

    WebSocketTransport(GatewayLoop loop, Framing framing) {
        this.loop = loop;
        this.framing = framing;
    }

    /**
     * Begins to send, from this place of the pipeline down.
     *
     * @param left runs when bytes have left for the network without Netty's queue having been full, which is when Netty
     *     itself says nothing
     */
    void begin(ChannelHandlerContext place, Runnable left) {
        context = place;
        emptied = left;
        queue = place.channel().unsafe().outboundBuffer();
        direct = DirectSocket.of(place.channel());
        if (framing == Framing.SOCKJS) {
            writeText("o");
        }
    }

    /** Returns the transport's place in Netty's pipeline. */
    ChannelHandlerContext netty() {
        return Objects.requireNonNull(context, "the transport has begun");
    }

    @Override
    public String name() {
        return framing == Framing.SOCKJS ? "sockjs-websocket" : "websocket";
    }

    Framing framing() {
        return framing;
    }

    boolean isClosing() {
        return closing;
    }

    @Override
    public void send(ServerFrame frame) {
        if (!closing) {
            put(framing.encode(List.of(frame), netty().alloc()), 1);
        }
    }

    @Override
    public void sendShared(ServerFrame frame) {
        if (!closing) {
            put(loop.shared().of(frame, framing, netty().alloc()).retainedDuplicate(), 1);
        }
    }

    @Override
    public void send(EventBatch batch) {
        if (!closing) {
            ByteBuf shared = loop.shared().of(batch, framing, netty().alloc());
            if (framing == Framing.BATCH) {
                put(shared.retainedDuplicate(), batch.events().size());
            } else {
                write(shared.retain());
            }
        }
    }

    @Override
    public void send(List<EventFrame> events) {
        if (!closing) {
            put(framing.encode(events, netty().alloc()), events.size());
        }
    }

    /** Takes a message with frames; in batch mode what comes in one turn leaves in one array. */
    private void put(ByteBuf message, int frames) {
        if (framing != Framing.BATCH) {
            write(message);
            return;
        }
        if (!gathered.fits(message, frames)) {
            seal();
        }
        gathered.add(message, frames);
        flushLater();
    }

    /** Writes what was gathered, before anything that comes after it. */
    private void seal() {
        if (gathered.isEmpty()) {
            return;
        }
        ByteBuf message = gathered.take(netty().alloc());
        if (netty().channel().isOpen()) {
            writeNow(message);
        } else {
            // The connection ended within the turn.
            message.release();
        }
    }

    /** Writes bytes that are ready for the wire and may be shared; they leave at the end of the turn. */
    private void write(ByteBuf bytes) {
        seal();
        writeNow(bytes);
        flushLater();
    }

    private void writeNow(ByteBuf bytes) {
        int length = bytes.readableBytes();
        if (direct != null && held == null && queuedBytes() == 0 && bytes.hasMemoryAddress()) {
            held = bytes;
        } else {
            queueHeld();
            netty().write(bytes.duplicate(), netty().voidPromise());
        }
        written += length;
        loop.traffic().sent(length);
    }

    /** Gives what is held back to Netty's queue, before anything that comes after it. */
    private void queueHeld() {
        ByteBuf first = held;
        if (first != null) {
            held = null;
            netty().write(first.duplicate(), netty().voidPromise());
        }
    }

    private void flushLater() {
        if (!dirty) {
            dirty = true;
            loop.flushes().add(this);
        }
    }

    @Override
    public void flush() {
        seal();
        dirty = false;
        ByteBuf only = held;
        if (only == null || direct == null) {
            netty().flush();
            return;
        }
        held = null;
        try {
            int left = DirectSocket.write(direct, only);
            if (left == 0) {
                only.release();
                emptied.run();
            } else {
                netty().writeAndFlush(only.duplicate().skipBytes(only.readableBytes() - left))
                        .addListener(done -> {
                            if (done.isSuccess()) { // else the connection is over, and nothing more is delivered to it
                                emptied.run();
                            }
                        });
            }
        } catch (IOException gone) {
            only.release();
            netty().close();
        }
    }

    private void writeText(String text) {
        ByteBuf out = netty().alloc().directBuffer(WebSocketBytes.MAX_HEADER + text.length());
        ByteBuf payload = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        WebSocketBytes.writeTextHeader(out, payload.readableBytes());
        write(out.writeBytes(payload));
    }

    @Override
    public long unsentBytes() {
        return writtenAndUnsent() + gathered.bytes();
    }

    private long writtenAndUnsent() {
        ByteBuf first = held;
        return queuedBytes() + (first == null ? 0 : first.readableBytes());
    }

    /** Asked of the queue itself and not by way of the channel: it is asked before every delivery. */
    private long queuedBytes() {
        ChannelOutboundBuffer known = queue;
        return known == null ? 0 : known.totalPendingWriteBytes();
    }

    @Override
    public long leftBytes() {
        return written - writtenAndUnsent();
    }

    @Override
    public boolean ping() {
        if (closing) {
            return false;
        }
        if (framing == Framing.SOCKJS) {
            writeText("h");
        }
        write(WebSocketBytes.ping());
        return true;
    }

    /**
     * Answers a client's ping, unless the client does not read: it could otherwise make the hub keep an answer to every
     * ping that it ever sends.
     */
    void pong(ByteBuf payload) {
        if (!closing && unsentBytes() <= netty().channel().config().getWriteBufferHighWaterMark()) {
            write(WebSocketBytes.pong(netty().alloc(), payload));
        }
    }

    @Override
    public void close(CloseCode code, String reason) {
        if (!closing && framing == Framing.SOCKJS) {
            writeText("c[" + code.number() + "," + Json.encode(reason) + "]");
        }
        close(code.number(), reason);
    }

    /** Closes with any WebSocket close code; the client's answer, or three seconds, ends the connection. */
    void close(int code, String reason) {
        if (closing) {
            return;
        }
        write(WebSocketBytes.close(netty().alloc(), code, reason));
        closing = true;
        Channel channel = netty().channel();
        // Reading goes on meanwhile: unread bytes would turn the close into a reset that loses the close frame.
        Vertx vertx = loop.hub().vertx();
        long timer = vertx.setTimer(CLOSING_MILLIS, late -> channel.close());
        channel.closeFuture().addListener(closed -> vertx.cancelTimer(timer));
    }

    /** Ends the connection as soon as what was written has left: the client has said its close frame. */
    void finish() {
        seal();
        queueHeld();
        netty().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> netty().close());
    }

    @Override
    public void abort() {
        closing = true;
        netty().close();
    }
}
