package dev.hubbub.gateway;

import dev.hubbub.protocol.FrameCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages of one turn for a client that takes arrays, put together into one message at its end.
 *
 * <p>A single message stays as it is. Bytes that are shared by the sockets of a loop stay shared: only what is around
 * them is new. Confined to its loop.
 */
final class GatheredMessages {

    /** From here on, in bytes, what is gathered leaves and another message begins. */
    private static final int MOST_BYTES = 64 * 1024;

    private static final ByteBuf COMMA = constant(",");
    private static final ByteBuf END = constant("]");

    private final List<Message> messages = new ArrayList<>(2);
    private int frames;
    private int bytes;

    /** A text message with its header; with more than one frame it is an array. */
    private record Message(ByteBuf bytes, int frames) {

        /** Returns its frames with commas between them; the reference to the bytes goes with them. */
        ByteBuf inside() {
            int length = bytes.getByte(bytes.readerIndex() + 1) & 0x7f;
            bytes.skipBytes(length < 126 ? 2 : length == 126 ? 4 : WebSocketBytes.MAX_HEADER);
            return frames == 1 ? bytes : bytes.skipBytes(1).writerIndex(bytes.writerIndex() - 1);
        }
    }

    private static ByteBuf constant(String text) {
        ByteBuf direct = Unpooled.directBuffer(text.length()).writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        return Unpooled.unreleasableBuffer(direct).asReadOnly();
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    int bytes() {
        return bytes;
    }

    /** Tells whether a message may still be added to what is here. */
    boolean fits(ByteBuf message, int more) {
        return bytes + message.readableBytes() <= MOST_BYTES && frames + more <= FrameCodec.MAX_BATCH;
    }

    /** Adds a message with its header, and takes over its reference. */
    void add(ByteBuf message, int count) {
        messages.add(new Message(message, count));
        frames += count;
        bytes += message.readableBytes();
    }

    /** Returns everything as one message that the caller owns, and is empty again. */
    ByteBuf take(ByteBufAllocator allocator) {
        ByteBuf whole = messages.size() == 1 ? messages.get(0).bytes() : join(allocator);
        messages.clear();
        frames = 0;
        bytes = 0;
        return whole;
    }

    private ByteBuf join(ByteBufAllocator allocator) {
        CompositeByteBuf parts = allocator.compositeDirectBuffer(2 * messages.size());
        int length = messages.size() + 1;
        for (Message message : messages) {
            if (parts.isReadable()) {
                parts.addComponent(true, COMMA.duplicate());
            }
            ByteBuf inside = message.inside();
            length += inside.readableBytes();
            parts.addComponent(true, inside);
        }
        ByteBuf start = allocator.directBuffer(WebSocketBytes.MAX_HEADER + 1);
        WebSocketBytes.writeTextHeader(start, length);
        CompositeByteBuf whole = allocator.compositeDirectBuffer(parts.numComponents() + 2);
        whole.addComponent(true, start.writeByte('['));
        whole.addFlattenedComponents(true, parts);
        return whole.addComponent(true, END.duplicate());
    }
}
