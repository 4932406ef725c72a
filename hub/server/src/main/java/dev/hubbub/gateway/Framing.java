package dev.hubbub.gateway;

import dev.hubbub.protocol.Decoded;
import dev.hubbub.protocol.FrameCodec;
import dev.hubbub.protocol.ServerFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How frames of the protocol lie in WebSocket messages. */
enum Framing {
    /** One frame in one text message. */
    PLAIN {
        @Override
        ByteBuf encode(List<? extends ServerFrame> frames, ByteBufAllocator allocator) {
            int total = 0;
            for (ServerFrame frame : frames) {
                int length = frame.text().length();
                total += WebSocketBytes.headerLength(length) + length;
            }
            ByteBuf out = allocator.directBuffer(total);
            for (ServerFrame frame : frames) {
                ByteBuf text = bytes(frame);
                WebSocketBytes.writeTextHeader(out, text.readableBytes());
                out.writeBytes(text);
            }
            return out;
        }

        @Override
        List<Decoded> decode(String text, int limit) {
            return List.of(FrameCodec.decodeInner(text, limit));
        }
    },

    /** One frame, or several in a JSON array, in one text message. */
    BATCH {
        @Override
        ByteBuf encode(List<? extends ServerFrame> frames, ByteBufAllocator allocator) {
            if (frames.size() == 1) {
                return PLAIN.encode(frames, allocator);
            }
            ByteBuf out = withRoomForHeader(allocator, frames);
            char separator = '[';
            for (ServerFrame frame : frames) {
                out.writeByte(separator).writeBytes(bytes(frame));
                separator = ',';
            }
            return withHeader(out.writeByte(']'));
        }

        @Override
        List<Decoded> decode(String text, int limit) {
            return FrameCodec.decodeBatch(text, limit);
        }
    },

    /** SockJS: {@code a["…","…"]} to the client; a JSON string or an array of strings from it. */
    SOCKJS {
        @Override
        ByteBuf encode(List<? extends ServerFrame> frames, ByteBufAllocator allocator) {
            return withHeader(writeSockJs(frames, withRoomForHeader(allocator, frames)));
        }

        @Override
        List<Decoded> decode(String text, int limit) {
            // An empty message means nothing in SockJS.
            return text.isEmpty() ? List.of() : FrameCodec.decodeSockJs(text, limit);
        }
    };

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** Builds ready WebSocket bytes in a direct buffer that the caller owns. */
    abstract ByteBuf encode(List<? extends ServerFrame> frames, ByteBufAllocator allocator);

    /**
     * Reads the frames of one text message.
     *
     * @param limit the largest frame, in bytes
     */
    abstract List<Decoded> decode(String text, int limit);

    /** Returns the largest message that may come in, in bytes. */
    int largestMessage(int frameBytes) {
        return this == PLAIN ? frameBytes : GatewayServerOptions.largestMessage(frameBytes);
    }

    /** Writes {@code a["…","…"]}, which is what SockJS sends over HTTP too. */
    static ByteBuf writeSockJs(List<? extends ServerFrame> frames, ByteBuf out) {
        out.writeByte('a');
        char separator = '[';
        for (ServerFrame frame : frames) {
            out.writeByte(separator).writeByte('"');
            writeEscaped(bytes(frame), out);
            out.writeByte('"');
            separator = ',';
        }
        return out.writeByte(']');
    }

    private static ByteBuf bytes(ServerFrame frame) {
        return ((BufferInternal) frame.text()).getByteBuf();
    }

    private static ByteBuf withRoomForHeader(ByteBufAllocator allocator, List<? extends ServerFrame> frames) {
        int guess = WebSocketBytes.MAX_HEADER + 8;
        for (ServerFrame frame : frames) {
            int length = frame.text().length();
            guess += length + length / 4 + 8;
        }
        return allocator.directBuffer(guess).writeZero(WebSocketBytes.MAX_HEADER);
    }

    /** Puts the header right before the payload that starts at {@link WebSocketBytes#MAX_HEADER}. */
    private static ByteBuf withHeader(ByteBuf out) {
        int end = out.writerIndex();
        int length = end - WebSocketBytes.MAX_HEADER;
        int start = WebSocketBytes.MAX_HEADER - WebSocketBytes.headerLength(length);
        out.writerIndex(start);
        WebSocketBytes.writeTextHeader(out, length);
        return out.setIndex(start, end);
    }

    /** Writes UTF-8 JSON as the inside of a JSON string; bytes above ASCII pass as they are. */
    private static void writeEscaped(ByteBuf json, ByteBuf out) {
        int end = json.writerIndex();
        int from = json.readerIndex();
        for (int i = from; i < end; i++) {
            byte b = json.getByte(i);
            if (b == '"' || b == '\\') {
                out.writeBytes(json, from, i - from).writeByte('\\').writeByte(b);
                from = i + 1;
            } else if (b >= 0 && b < 0x20) {
                out.writeBytes(json, from, i - from)
                        .writeBytes(new byte[] {'\\', 'u', '0', '0', HEX[b >> 4], HEX[b & 0xF]});
                from = i + 1;
            }
        }
        out.writeBytes(json, from, end - from);
    }
}
