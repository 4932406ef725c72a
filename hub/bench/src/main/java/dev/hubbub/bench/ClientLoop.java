package dev.hubbub.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** One thread, one selector, thousands of WebSocket connections. Everything happens on the thread that calls. */
final class ClientLoop implements AutoCloseable {

    /** What the connections hear; the buffer is only valid during the call. */
    interface Listener {

        /**
         * A message that carries events.
         *
         * @param connection which connection, in the order of opening
         * @param at where the digits of its first event begin
         * @param to where the message ends
         */
        void events(int connection, ByteBuffer message, int from, int at, int to);
    }

    private static final int SCRATCH_BYTES = 1 << 18;
    private static final int MAX_SHOWN = 300;

    private final Selector selector;
    private final Dialect dialect;
    private final Listener listener;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    private final List<ClientConnection> connections = new ArrayList<>();
    private final boolean polls;
    private int ready;

    /**
     * Opens no connection yet.
     *
     * @param polls whether it never sleeps
     */
    ClientLoop(Dialect dialect, Listener listener, boolean polls) throws IOException {
        this.selector = Selector.open();
        this.dialect = dialect;
        this.listener = listener;
        this.polls = polls;
    }

    /** Opens one more connection, gives it the next number and says the greeting. */
    ClientConnection open(InetSocketAddress server, String path) throws IOException {
        int number = connections.size();
        ClientConnection connection = ClientConnection.open(server, selector, path, new Inbound(number));
        connections.add(connection);
        Optional<byte[]> greeting = dialect.greeting();
        if (greeting.isPresent()) {
            connection.send(greeting.get());
        }
        return connection;
    }

    /** Waits until every connection may be used, where the server has to say so. */
    void awaitReady(long maxMillis) throws IOException {
        if (dialect.waitsForReady() && !pollUntil(() -> ready == connections.size(), maxMillis)) {
            throw new BenchException(
                    (connections.size() - ready) + " connections may not be used after " + maxMillis + " ms");
        }
    }

    /** Waits for traffic, at most so many milliseconds (0: not at all), and handles what came. */
    void poll(long maxMillis) throws IOException {
        if (maxMillis > 0 && !polls) {
            selector.select(this::ready, maxMillis);
        } else {
            selector.selectNow(this::ready);
        }
    }

    /** Handles traffic until the condition holds; false when the time is over first. */
    boolean pollUntil(BooleanSupplier condition, long maxMillis) throws IOException {
        long deadline = System.nanoTime() + maxMillis * 1_000_000;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() >= deadline) {
                return false;
            }
            poll(1);
        }
        return true;
    }

    private void ready(SelectionKey key) {
        ClientConnection connection = (ClientConnection) key.attachment();
        try {
            if (key.isReadable() && !connection.read(scratch)) {
                throw new BenchException("the server closed connection " + connections.indexOf(connection));
            }
            if (key.isWritable()) {
                connection.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("connection " + connections.indexOf(connection) + " failed", e);
        }
    }

    /** Closes every connection; all of them, even when one fails. */
    @Override
    public void close() throws IOException {
        try (selector) {
            for (ClientConnection connection : connections) {
                connection.close();
            }
        }
    }

    /** What one connection hears, with its number. */
    private final class Inbound implements FrameParser.Sink {

        private final int number;

        Inbound(int number) {
            this.number = number;
        }

        @Override
        public void message(ByteBuffer buffer, int from, int to) {
            int at = EventBody.find(buffer, from, to);
            if (at >= 0) {
                listener.events(number, buffer, from, at, to);
                return;
            }
            byte[] bytes = new byte[to - from];
            buffer.get(from, bytes);
            String text = new String(bytes, StandardCharsets.UTF_8);
            Dialect.Heard heard = dialect.hear(text);
            if (heard.refused()) {
                String shown = text.substring(0, Math.min(MAX_SHOWN, text.length()));
                throw new BenchException("connection " + number + " was told: " + shown);
            }
            ready += heard.ready() ? 1 : 0;
            heard.answer().ifPresent(this::answer);
        }

        private void answer(byte[] message) {
            try {
                connections.get(number).send(message);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void ping(byte[] payload) {
            try {
                connections.get(number).pong(payload);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void closed(int code, String reason) {
            throw new BenchException("the server closed connection " + number + ": " + code + " " + reason);
        }
    }
}
