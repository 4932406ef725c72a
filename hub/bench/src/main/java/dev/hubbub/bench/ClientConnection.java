package dev.hubbub.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.concurrent.ThreadLocalRandom;

/** One WebSocket connection of the generator; non-blocking once opened. Owned by the generator's thread. */
final class ClientConnection implements AutoCloseable {

    private static final int HANDSHAKE_TIMEOUT_MILLIS = 10_000;
    private static final int MAX_RESPONSE_BYTES = 16_384;
    private static final int MAX_UNSENT_FRAMES = 100_000;
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final SocketChannel channel;
    private final SelectionKey key;
    private final FrameParser parser = new FrameParser();
    private final FrameParser.Sink sink;
    private final Deque<ByteBuffer> unsent = new ArrayDeque<>();

    private ClientConnection(SocketChannel channel, Selector selector, FrameParser.Sink sink) throws IOException {
        this.channel = channel;
        this.sink = sink;
        channel.configureBlocking(false);
        this.key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /**
     * Connects and upgrades; waits at most 10 s for the answer.
     *
     * @throws IOException if the connection fails
     * @throws BenchException if the server refuses the upgrade
     */
    static ClientConnection open(InetSocketAddress server, Selector selector, String path, FrameParser.Sink sink)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(server, HANDSHAKE_TIMEOUT_MILLIS);
            upgrade(channel, server, path);
            return new ClientConnection(channel, selector, sink);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Sends one text message; what the socket does not take now goes when it is writable. */
    void send(byte[] message) throws IOException {
        write(FrameWriter.text(message));
    }

    /** Answers a ping. */
    void pong(byte[] payload) throws IOException {
        write(FrameWriter.pong(payload));
    }

    /**
     * Reads once, through the generator's shared buffer.
     *
     * @return false at the end of the stream
     */
    boolean read(ByteBuffer scratch) throws IOException {
        return parser.read(channel, scratch, sink) >= 0;
    }

    /** Sends what could not be sent before. */
    void flush() throws IOException {
        for (ByteBuffer next = unsent.peek(); next != null; next = unsent.peek()) {
            channel.write(next);
            if (next.hasRemaining()) {
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
            unsent.remove();
        }
        key.interestOps(SelectionKey.OP_READ);
    }

    private void write(ByteBuffer frame) throws IOException {
        if (unsent.isEmpty()) {
            channel.write(frame);
        }
        if (!frame.hasRemaining()) {
            return;
        }
        if (unsent.size() == MAX_UNSENT_FRAMES) {
            throw new BenchException("the server stopped reading: " + MAX_UNSENT_FRAMES + " frames wait to be sent");
        }
        unsent.add(frame);
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    /** Says goodbye if the socket takes it at once, and closes. */
    @Override
    public void close() throws IOException {
        try (channel) {
            if (channel.isConnected() && unsent.isEmpty()) {
                channel.write(FrameWriter.close());
            }
        }
    }

    private static void upgrade(SocketChannel channel, InetSocketAddress server, String path) throws IOException {
        byte[] nonce = new byte[16];
        ThreadLocalRandom.current().nextBytes(nonce);
        String clientKey = Base64.getEncoder().encodeToString(nonce);
        String host = server.getHostString() + ":" + server.getPort();
        String request = String.join(
                "\r\n",
                "GET " + path + " HTTP/1.1",
                "Host: " + host,
                "Origin: http://" + host,
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: " + clientKey,
                "",
                "");
        ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        String response = response(channel);
        if (!response.startsWith("HTTP/1.1 101 ")) {
            throw new BenchException("no upgrade of " + path + ": "
                    + response.lines().findFirst().orElse("no answer"));
        }
        if (!response.contains(accept(clientKey))) {
            throw new BenchException("the upgrade of " + path + " was answered with a wrong Sec-WebSocket-Accept");
        }
    }

    /** Reads byte by byte up to the empty line, so that no frame behind it is swallowed. */
    private static String response(SocketChannel channel) throws IOException {
        channel.socket().setSoTimeout(HANDSHAKE_TIMEOUT_MILLIS);
        InputStream in = channel.socket().getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.length() < MAX_RESPONSE_BYTES && !endsWithEmptyLine(head)) {
            int next = in.read();
            if (next < 0) {
                throw new BenchException("the server closed the connection during the upgrade");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static boolean endsWithEmptyLine(StringBuilder head) {
        int length = head.length();
        return length >= 4 && head.substring(length - 4).equals("\r\n\r\n");
    }

    /** What a server answers to a client key (RFC 6455, 4.2.2). */
    static String accept(String clientKey) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            byte[] digest = sha1.digest((clientKey + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
