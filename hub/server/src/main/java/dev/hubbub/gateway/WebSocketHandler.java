package dev.hubbub.gateway;

import dev.hubbub.auth.Caller.ConnectionInfo;
import dev.hubbub.messaging.Connections.Ending;
import dev.hubbub.protocol.Decoded;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.FrameCodec;
import dev.hubbub.protocol.HubException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.net.impl.ShutdownEvent;
import io.vertx.core.net.impl.VertxHandler;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears one WebSocket, in the place of Vert.x's own handler.
 *
 * <p>Taking the socket over after the upgrade does three things: what the handshake left behind (the request, its
 * headers, queues; 14 KB of heap) can go; every write has one way and one order; and messages that are too large, empty
 * fragments and binary messages have one defined answer. Confined to its loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write comes back through exceptionCaught.
final class WebSocketHandler extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(WebSocketHandler.class);
    private static final String NAME = "hubbub";

    private final GatewayLoop loop;
    private final WebSocketTransport transport;
    private final Session session;
    private final int frameBytes;
    private @Nullable ByteBuf partial;
    private boolean binary;

    private WebSocketHandler(GatewayLoop loop, WebSocketTransport transport, ConnectionInfo info) {
        this.loop = loop;
        this.transport = transport;
        this.session = new Session(loop, transport, info);
        this.frameBytes = loop.hub().config().get().limits().frameBytes();
    }

    /** Puts a session behind an upgraded socket. */
    static WebSocketHandler takeOver(GatewayLoop loop, Channel channel, Framing framing, ConnectionInfo info) {
        ChannelPipeline pipeline = channel.pipeline();
        int pending = loop.hub().config().get().limits().pendingBytes();
        // Netty then says by itself when a slow client has caught up to half.
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(pending / 2, pending));
        // The encoder has nothing to do, chunked writing would hide unsent bytes, and liveness is the wheel's work.
        for (Map.Entry<String, ChannelHandler> entry : pipeline.toMap().entrySet()) {
            ChannelHandler handler = entry.getValue();
            if (handler instanceof WebSocketFrameEncoder
                    || handler instanceof ChunkedWriteHandler
                    || handler instanceof IdleStateHandler) {
                pipeline.remove(handler);
            }
        }
        WebSocketTransport transport = new WebSocketTransport(loop, framing);
        WebSocketHandler taken = new WebSocketHandler(loop, transport, info);
        pipeline.replace(VertxHandler.class, NAME, taken);
        transport.begin(pipeline.context(taken), () -> {
            if (taken.session.isBehind()) {
                loop.later(taken.session::drained);
            }
        });
        return taken;
    }

    Session session() {
        return session;
    }

    @Override
    public void channelRead(ChannelHandlerContext netty, Object message) {
        try {
            if (message instanceof WebSocketFrame frame) {
                loop.dispatch(() -> hear(frame), session::fail);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void hear(WebSocketFrame frame) {
        if (frame instanceof CloseWebSocketFrame close) {
            int code = close.statusCode();
            transport.close(code < 0 ? WebSocketCloseStatus.NORMAL_CLOSURE.code() : code, "");
            transport.finish();
            session.gone(Ending.CLIENT);
            return;
        }
        session.heard();
        if (transport.isClosing()) {
            return;
        }
        if (frame instanceof PingWebSocketFrame) {
            transport.pong(frame.content());
        } else if (frame instanceof TextWebSocketFrame || frame instanceof ContinuationWebSocketFrame) {
            fragment(frame);
        } else if (frame instanceof BinaryWebSocketFrame) {
            binary = true;
            fragment(frame);
        }
    }

    private void fragment(WebSocketFrame frame) {
        ByteBuf content = frame.content();
        ByteBuf before = partial;
        int size = content.readableBytes() + (before == null ? 0 : before.readableBytes());
        if (size > transport.framing().largestMessage(frameBytes)) {
            forget();
            session.received(FrameCodec.tooLarge(frameBytes));
            return;
        }
        if (frame.isFinalFragment() && before == null) {
            message(content);
            return;
        }
        if (before == null) {
            before = content.alloc().buffer(content.readableBytes());
            partial = before;
        }
        before.writeBytes(content);
        if (frame.isFinalFragment()) {
            message(before);
            forget();
        }
    }

    private void message(ByteBuf content) {
        if (binary) {
            binary = false;
            session.received(new Decoded.Refused(
                    Optional.empty(),
                    new HubException(
                            ErrorCode.BAD_FRAME,
                            "binary messages are not taken: send JSON text, with bytes in base64")));
            return;
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(content.nioBuffer())
                    .toString();
        } catch (CharacterCodingException e) {
            transport.close(WebSocketCloseStatus.INVALID_PAYLOAD_DATA.code(), "text that is not UTF-8");
            session.gone(Ending.INVALID);
            return;
        }
        loop.traffic().received(content.readableBytes());
        session.received(transport.framing().decode(text, frameBytes), text.length());
    }

    private void forget() {
        ByteBuf before = partial;
        if (before != null) {
            partial = null;
            before.release();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext netty) {
        if (netty.channel().isWritable()) {
            loop.later(session::drained);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext netty) {
        forget();
        loop.dispatch(session::gone, () -> {});
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext netty, Object event) {
        if (event instanceof ShutdownEvent) {
            loop.dispatch(() -> session.goAway(0), session::fail);
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext netty, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException corrupted) {
            loop.dispatch(() -> corrupted(corrupted.closeStatus()), session::fail);
        } else if (cause instanceof IOException) {
            // The client or the network went away; writes that were under way fail like this, too.
            netty.close();
        } else {
            log.error("socket failed", cause);
            netty.close();
        }
    }

    private void corrupted(WebSocketCloseStatus status) {
        if (status.equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)) {
            session.received(FrameCodec.tooLarge(frameBytes));
        } else {
            transport.close(status.code(), "not a WebSocket frame");
            session.gone(Ending.INVALID);
        }
    }
}
