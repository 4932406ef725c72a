package dev.hubbub.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One WebSocket client that never blocks, and may be slow, deaf or gone. Owned by the thread of its loop. */
final class LoadClient {
    /** What is told when a connection ends without a close frame. */
    static final int BROKEN = 1006;

    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final int MAX_UNSENT_FRAMES = 100_000;

    /**
     * How a client is made.
     *
     * @param path where it connects
     * @param receiveBytes the size of its receive buffer; 0 for the system's own
     */
    record Kind(String path, int receiveBytes) {
        /** One JSON text per message. */
        static final Kind PLAIN = new Kind("/eventbus/websocket", 0);

        /** Several frames in one message. */
        static final Kind BATCH = new Kind("/eventbus/websocket?batch=true", 0);
    }

    /** What a client tells of itself. */
    interface Listener {
        /** It may send. */
        void opened(LoadClient client);

        /** A text message came; the buffer is only valid during the call. */
        void message(LoadClient client, ByteBuffer buffer, int from, int to);

        /** It is over. */
        void closed(LoadClient client, int code, String reason);
    }

    private final SocketChannel channel;
    private final SelectionKey key;
    private final Kind kind;
    private final Listener listener;
    private final FrameParser parser = new FrameParser();
    private final FrameParser.Sink sink = new Inbound();
    private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
    private final StringBuilder response = new StringBuilder();
    private boolean open;
    private boolean deaf;
    private boolean over;

    private LoadClient(SocketChannel channel, Selector selector, Kind kind, Listener listener) throws IOException {
        this.channel = channel;
        this.kind = kind;
        this.listener = listener;
        this.key = channel.register(selector, SelectionKey.OP_CONNECT, this);
    }

    static LoadClient connect(InetSocketAddress server, Selector selector, Kind kind, Listener listener)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (kind.receiveBytes() > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, kind.receiveBytes());
        }
        LoadClient client = new LoadClient(channel, selector, kind, listener);
        channel.connect(server);
        return client;
    }

    /** Does what the selector has found. */
    void ready(ByteBuffer scratch) {
        try {
            if (key.isValid() && key.isConnectable()) {
                channel.finishConnect();
                upgrade();
            }
            if (key.isValid() && key.isReadable()) {
                read(channel, scratch);
            }
            if (key.isValid() && key.isWritable()) {
                flush();
            }
        } catch (IOException broken) {
            end(BROKEN, String.valueOf(broken.getMessage()));
        }
    }

    /** Reads at most so many bytes, even from a client that is deaf otherwise. */
    void readSome(ByteBuffer scratch, int bytes) {
        if (over) {
            return;
        }
        try {
            read(new Trickle(channel, bytes), scratch);
        } catch (IOException broken) {
            end(BROKEN, String.valueOf(broken.getMessage()));
        }
    }

    private void read(ReadableByteChannel from, ByteBuffer scratch) throws IOException {
        if (!open) {
            readResponse(scratch);
        } else if (parser.read(from, scratch, sink) < 0) {
            end(BROKEN, "end of stream");
        }
    }

    private void upgrade() {
        String request = String.join(
                "\r\n",
                "GET " + kind.path() + " HTTP/1.1",
                "Host: localhost",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: " + KEY,
                "",
                "");
        write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Reads the answer to the upgrade; frames that came with it are heard at once. */
    private void readResponse(ByteBuffer scratch) throws IOException {
        scratch.clear();
        int count = channel.read(scratch);
        if (count < 0) {
            end(BROKEN, "closed during the upgrade");
            return;
        }
        response.append(new String(bytes(scratch.flip()), StandardCharsets.ISO_8859_1));
        int head = response.indexOf("\r\n\r\n");
        if (head < 0) {
            return;
        }
        if (response.indexOf("HTTP/1.1 101 ") != 0) {
            end(BROKEN, response.toString().lines().findFirst().orElse("no answer"));
            return;
        }
        open = true;
        byte[] rest = response.substring(head + 4).getBytes(StandardCharsets.ISO_8859_1);
        response.setLength(0);
        listener.opened(this);
        if (rest.length > 0 && !over) {
            read(Channels.newChannel(new ByteArrayInputStream(rest)), scratch);
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** Sends one message of the bridge protocol. */
    void send(byte[] json) {
        write(FrameWriter.text(json));
    }

    private void write(ByteBuffer frame) {
        if (over) {
            return;
        }
        if (unsent.size() == MAX_UNSENT_FRAMES) {
            throw new BenchException("the server stopped reading: " + MAX_UNSENT_FRAMES + " frames wait to be sent");
        }
        unsent.add(frame);
        try {
            flush();
        } catch (IOException broken) {
            end(BROKEN, String.valueOf(broken.getMessage()));
        }
    }

    private void flush() throws IOException {
        while (!unsent.isEmpty()) {
            ByteBuffer next = unsent.element();
            channel.write(next);
            if (next.hasRemaining()) {
                break;
            }
            unsent.remove();
        }
        interests();
    }

    /** Stops reading, or begins again. */
    void deaf(boolean yes) {
        deaf = yes;
        if (!over) {
            interests();
        }
    }

    private void interests() {
        key.interestOps((deaf ? 0 : SelectionKey.OP_READ) | (unsent.isEmpty() ? 0 : SelectionKey.OP_WRITE));
    }

    boolean isOver() {
        return over;
    }

    /** Cuts the connection as a broken network does, and tells nobody. */
    void cut() {
        over = true;
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
        } catch (IOException gone) {
            unsent.clear(); // it was cut already
        }
    }

    private void end(int code, String reason) {
        if (!over) {
            cut();
            listener.closed(this, code, reason);
        }
    }

    /** A channel that gives so many bytes at most. */
    private record Trickle(SocketChannel channel, int bytes) implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer into) throws IOException {
            int limit = into.limit();
            into.limit(Math.min(limit, into.position() + bytes));
            try {
                return channel.read(into);
            } finally {
                into.limit(limit);
            }
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private final class Inbound implements FrameParser.Sink {
        @Override
        public void message(ByteBuffer buffer, int from, int to) {
            if (!over) {
                listener.message(LoadClient.this, buffer, from, to);
            }
        }

        @Override
        public void ping(byte[] payload) {
            write(FrameWriter.pong(payload));
        }

        @Override
        public void closed(int code, String reason) {
            end(code, reason);
        }
    }

    /** Returns the text of a message. */
    static String text(ByteBuffer buffer, int from, int to) {
        byte[] bytes = new byte[to - from];
        buffer.get(from, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Returns the wait that a close reason tells, in milliseconds; null when it tells none. */
    static @Nullable Long toldWait(String reason) {
        String digits = reason.replaceAll("(?s).*reconnect in (\\d{1,9}) ms.*", "$1");
        return digits.equals(reason) ? null : Long.valueOf(digits);
    }
}
