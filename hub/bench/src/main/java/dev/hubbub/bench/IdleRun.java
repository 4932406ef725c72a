package dev.hubbub.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Opens many connections with one subscription each and leaves them alone; one run.
 *
 * <p>Every subscription is proved by one event before anything is measured, and again at the end. One thread.
 */
final class IdleRun implements AutoCloseable, ClientLoop.Listener {
    private static final long SUBSCRIBE_MILLIS = 120_000;
    private static final long PROBE_MILLIS = 5_000;
    private static final int POLL_EVERY = 100;
    private static final int MOST_PUBLISHERS = 100;

    private final Target target;
    private final int addresses;
    private final ClientLoop loop;
    private final List<ClientConnection> subscribers = new ArrayList<>();
    private final List<ClientConnection> publishers = new ArrayList<>();
    private final boolean[] heard;
    private long nothingHeard;
    private long round;

    /** Made for a number of connections, spread over a number of addresses. */
    IdleRun(Target target, int connections, int addresses) throws IOException {
        this.target = target;
        // Where each address takes a publisher of its own, those must not be what a process has too few sockets for.
        int most = target.dialect().publishesAnywhere() ? connections : MOST_PUBLISHERS;
        this.addresses = Math.min(addresses, Math.min(most, connections));
        this.loop = new ClientLoop(target.dialect(), this, false);
        this.heard = new boolean[connections];
    }

    /** Connects, subscribes and proves every subscription. */
    void open() throws IOException {
        Dialect dialect = target.dialect();
        for (int i = 0; i < heard.length; i++) {
            subscribers.add(loop.open(target.server(i), dialect.subscriberPath(address(i))));
            if (i % POLL_EVERY == 0) {
                loop.poll(0);
            }
        }
        int connections = dialect.publishesAnywhere() ? 1 : addresses;
        for (int i = 0; i < connections; i++) {
            publishers.add(loop.open(target.server(i), dialect.publisherPath(address(i))));
        }
        loop.awaitReady(SUBSCRIBE_MILLIS);
        for (int i = 0; i < heard.length; i++) {
            Optional<byte[]> subscribe = dialect.subscribe(address(i));
            if (subscribe.isPresent()) {
                subscribers.get(i).send(subscribe.get());
            }
            if (i % POLL_EVERY == 0) {
                loop.poll(0);
            }
        }
        prove();
    }

    /**
     * Publishes to every address until each subscriber has heard something.
     *
     * @throws BenchException if somebody hears nothing for too long
     */
    void prove() throws IOException {
        round++;
        Arrays.fill(heard, false);
        nothingHeard = heard.length;
        long deadline = System.nanoTime() + SUBSCRIBE_MILLIS * 1_000_000;
        boolean all = false;
        while (!all) {
            if (System.nanoTime() > deadline) {
                throw new BenchException(
                        nothingHeard + " subscribers heard nothing within " + SUBSCRIBE_MILLIS + " ms");
            }
            boolean[] needed = new boolean[addresses];
            for (int i = 0; i < heard.length; i++) {
                needed[i % addresses] |= !heard[i];
            }
            for (int i = 0; i < addresses; i++) {
                if (needed[i]) {
                    byte[] event = EventBody.render(0, round, 0);
                    publishers.get(i % publishers.size()).send(target.dialect().publish(address(i), event));
                    loop.poll(0);
                }
            }
            all = loop.pollUntil(() -> nothingHeard == 0, PROBE_MILLIS);
        }
    }

    /** Lets time pass, answering what the server asks. */
    void rest(long millis) throws IOException {
        boolean never = loop.pollUntil(() -> false, millis);
        assert !never;
    }

    private String address(int i) {
        return "bench:i" + i % addresses;
    }

    @Override
    public void events(int connection, ByteBuffer message, int from, int at, int to) {
        if (!heard[connection] && EventBody.sequence(message, at) == round) {
            heard[connection] = true;
            nothingHeard--;
        }
    }

    @Override
    public void close() throws IOException {
        loop.close();
    }
}
