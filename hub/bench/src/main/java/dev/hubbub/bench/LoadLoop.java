package dev.hubbub.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * One thread, one selector, thousands of clients that come, go and read as slowly as they are told.
 *
 * <p>Unlike {@link ClientLoop} it takes a connection that ends for an event, not for a failure. Everything happens on
 * the thread that calls.
 */
final class LoadLoop implements AutoCloseable {
    private static final int SCRATCH_BYTES = 1 << 20;
    private static final long LONGEST_WAIT_MILLIS = 20;

    private final Selector selector;
    private final InetSocketAddress server;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final List<LoadClient> clients = new ArrayList<>();
    private final long epoch = System.nanoTime();

    LoadLoop(InetSocketAddress server) throws IOException {
        this.selector = Selector.open();
        this.server = server;
    }

    private record Timer(long atNanos, Runnable action) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            return Long.compare(atNanos, other.atNanos);
        }
    }

    /** Begins to connect; the listener is told what becomes of it. */
    LoadClient connect(LoadClient.Kind kind, LoadClient.Listener listener) throws IOException {
        return connect(server, kind, listener);
    }

    /** The same with another server. */
    LoadClient connect(InetSocketAddress other, LoadClient.Kind kind, LoadClient.Listener listener) throws IOException {
        LoadClient client = LoadClient.connect(other, selector, kind, listener);
        clients.add(client);
        return client;
    }

    /** Nanoseconds since the loop was made. */
    long now() {
        return System.nanoTime() - epoch;
    }

    void after(long millis, Runnable action) {
        at(now() + millis * 1_000_000, action);
    }

    void at(long nanos, Runnable action) {
        timers.add(new Timer(nanos, action));
    }

    /** Handles traffic and timers until the condition holds; false when the time is over first. */
    boolean runUntil(BooleanSupplier condition, long maxMillis) throws IOException {
        long deadline = now() + maxMillis * 1_000_000;
        while (!condition.getAsBoolean()) {
            if (now() >= deadline) {
                return false;
            }
            poll();
        }
        return true;
    }

    void run(long millis) throws IOException {
        boolean never = runUntil(() -> false, millis);
        assert !never;
    }

    /** Handles what is there, and waits for nothing. */
    void pollNow() throws IOException {
        selector.selectNow(this::ready);
    }

    private void poll() throws IOException {
        long now = now();
        while (!timers.isEmpty() && timers.peek().atNanos <= now) {
            timers.remove().action.run();
        }
        long wait = timers.isEmpty() ? LONGEST_WAIT_MILLIS : (timers.peek().atNanos - now) / 1_000_000;
        if (wait > 0) {
            selector.select(this::ready, Math.min(LONGEST_WAIT_MILLIS, wait));
        } else {
            selector.selectNow(this::ready);
        }
    }

    private void ready(SelectionKey key) {
        ((LoadClient) key.attachment()).ready(scratch);
    }

    /** Reads a little from a client that is not read from otherwise. */
    void readSome(LoadClient client, int bytes) {
        client.readSome(scratch, bytes);
    }

    @Override
    public void close() throws IOException {
        try (selector) {
            clients.forEach(LoadClient::cut);
        }
    }
}
