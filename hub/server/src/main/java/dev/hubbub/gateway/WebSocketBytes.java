package dev.hubbub.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of unmasked WebSocket frames, as a server sends them (RFC 6455, section 5.2).
 *
 * <p>Frames are built here and not by Netty's encoder, so that the bytes of a batch are built once for all sockets.
 */
final class WebSocketBytes {
    private static final int FINAL = 0x80;
    private static final int TEXT = FINAL | 0x1;
    private static final int CLOSE = FINAL | 0x8;
    private static final int PING = FINAL | 0x9;
    private static final int PONG = FINAL | 0xA;

    /** Longest header of a frame, in bytes. */
    static final int MAX_HEADER = 10;

    /** Longest payload of a close, ping or pong frame. */
    private static final int MAX_CONTROL = 125;

    private static final ByteBuf EMPTY_PING = Unpooled.unreleasableBuffer(
                    Unpooled.directBuffer(2).writeByte(PING).writeByte(0))
            .asReadOnly();

    private WebSocketBytes() {}

    /** Returns how long the header of a text frame is. */
    static int headerLength(int payloadLength) {
        return payloadLength < 126 ? 2 : payloadLength < 65_536 ? 4 : MAX_HEADER;
    }

    /** Writes the header of a final text frame at the buffer's writer index. */
    static void writeTextHeader(ByteBuf out, int payloadLength) {
        out.writeByte(TEXT);
        if (payloadLength < 126) {
            out.writeByte(payloadLength);
        } else if (payloadLength < 65_536) {
            out.writeByte(126).writeShort(payloadLength);
        } else {
            out.writeByte(127).writeLong(payloadLength);
        }
    }

    /** Returns a ping without payload; shared by everyone. */
    static ByteBuf ping() {
        return EMPTY_PING.duplicate();
    }

    /** Returns the answer to a ping with that payload. */
    static ByteBuf pong(ByteBufAllocator allocator, ByteBuf payload) {
        int length = payload.readableBytes();
        return allocator
                .directBuffer(2 + length)
                .writeByte(PONG)
                .writeByte(length)
                .writeBytes(payload, payload.readerIndex(), length);
    }

    /** Returns a close frame; a reason that is too long is cut at a character. */
    static ByteBuf close(ByteBufAllocator allocator, int code, String reason) {
        String shown = reason;
        while (ByteBufUtil.utf8Bytes(shown) > MAX_CONTROL - 2) {
            shown = shown.substring(0, shown.offsetByCodePoints(shown.length(), -1));
        }
        byte[] text = shown.getBytes(StandardCharsets.UTF_8);
        return allocator
                .directBuffer(4 + text.length)
                .writeByte(CLOSE)
                .writeByte(2 + text.length)
                .writeShort(code)
                .writeBytes(text);
    }
}
