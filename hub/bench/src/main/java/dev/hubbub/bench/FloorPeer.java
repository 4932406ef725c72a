package dev.hubbub.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.BiConsumer;

/** One connection of the {@link FloorServer}: upgrade, masked frames in, ready bytes out. */
final class FloorPeer {

    private static final String KEY = "sec-websocket-key:";
    private static final int CLOSE = 8;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer scratch;
    private final BiConsumer<FloorPeer, byte[]> onMessage;
    private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
    private byte[] kept = new byte[0];
    private boolean upgraded;

    FloorPeer(SocketChannel channel, SelectionKey key, ByteBuffer scratch, BiConsumer<FloorPeer, byte[]> onMessage) {
        this.channel = channel;
        this.key = key;
        this.scratch = scratch;
        this.onMessage = onMessage;
    }

    /** Reads and writes what the socket is ready for. */
    void ready() throws IOException {
        if (key.isReadable()) {
            read();
        }
        if (key.isValid() && key.isWritable()) {
            flush();
        }
    }

    /** Whether it has been closed. */
    boolean gone() {
        return !channel.isOpen();
    }

    /** Writes what the socket takes and copies the rest for later. */
    void write(ByteBuffer bytes) throws IOException {
        if (unsent.isEmpty()) {
            channel.write(bytes);
        }
        if (bytes.hasRemaining()) {
            unsent.add(ByteBuffer.allocate(bytes.remaining()).put(bytes).flip());
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    private void flush() throws IOException {
        for (ByteBuffer next = unsent.peek(); next != null; next = unsent.peek()) {
            channel.write(next);
            if (next.hasRemaining()) {
                return;
            }
            unsent.remove();
        }
        key.interestOps(SelectionKey.OP_READ);
    }

    private void read() throws IOException {
        scratch.clear().put(kept);
        if (channel.read(scratch) < 0) {
            channel.close();
            return;
        }
        scratch.flip();
        if (!upgraded) {
            upgrade();
        }
        while (upgraded && channel.isOpen() && frame()) {
            // Every whole frame is taken.
        }
        kept = new byte[scratch.remaining()];
        scratch.get(kept);
    }

    private void upgrade() throws IOException {
        String head = StandardCharsets.ISO_8859_1.decode(scratch.duplicate()).toString();
        int end = head.indexOf("\r\n\r\n");
        if (end < 0) {
            return;
        }
        scratch.position(end + 4);
        int at = head.toLowerCase(Locale.ROOT).indexOf(KEY);
        String answer = at < 0 || at > end
                ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                : "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + ClientConnection.accept(head.substring(at + KEY.length(), head.indexOf("\r\n", at))
                                .trim())
                        + "\r\n\r\n";
        upgraded = at >= 0;
        write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Takes one masked frame; false when it is not whole yet. */
    private boolean frame() throws IOException {
        int start = scratch.position();
        if (scratch.remaining() < 8) {
            return false;
        }
        int opcode = scratch.get() & 0xF;
        int length = scratch.get() & 0x7F;
        if (length == 126) {
            length = scratch.getShort() & 0xFFFF;
        }
        if (scratch.remaining() < length + 4) {
            scratch.position(start);
            return false;
        }
        byte[] mask = new byte[4];
        scratch.get(mask);
        byte[] payload = new byte[length];
        scratch.get(payload);
        for (int i = 0; i < length; i++) {
            payload[i] ^= mask[i & 3];
        }
        if (opcode == CLOSE) {
            channel.close();
        } else {
            onMessage.accept(this, payload);
        }
        return true;
    }
}
