package dev.hubbub.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Publishes to many addresses in turn by a fixed schedule, each with a few subscribers, and accounts for every
 * delivery.
 *
 * <p>Latency counts from when an event was due. Every address has one publishing connection, so its order is known. One
 * thread does everything; a run ends in bounded time whatever the server does.
 */
final class AddressesGenerator implements Generator, ClientLoop.Listener {
    private static final int PROBE = 255;
    private static final int COMPARE_EVERY = 997;
    private static final long SUBSCRIBE_MILLIS = 60_000;
    private static final long PROBE_MILLIS = 2_000;
    private static final int PAUSE_EVERY = 200;

    private final Target target;
    private final Scenario scenario;
    private final Duration patience;
    private final ClientLoop loop;
    private final AddressLedger ledger;
    private final MeasuredWindow window;
    private final List<ClientConnection> publishers = new ArrayList<>();
    private final boolean[] heard;
    private final long epoch = System.nanoTime();
    private long untilCompare = COMPARE_EVERY;

    /**
     * Made for one run.
     *
     * @param patience how long nothing may come before the rest counts as lost
     */
    AddressesGenerator(Target target, Scenario scenario, Duration patience) throws IOException {
        this.target = target;
        this.scenario = scenario;
        this.patience = patience;
        this.loop = new ClientLoop(target.dialect(), this, scenario.polls());
        this.ledger = new AddressLedger(scenario.addresses(), scenario.subscribers());
        this.window = new MeasuredWindow(target.probe(), true);
        this.heard = new boolean[scenario.subscribers()];
    }

    @Override
    public Measurement run() throws IOException {
        subscribe();
        long first = now();
        long begin = first + scenario.warmUp().toNanos();
        long end = begin + scenario.measure().toNanos();
        window.place(begin, end);
        followSchedule(first, begin, end);
        window.end(now());
        long drainBegin = now();
        boolean progress = true;
        while (progress && !ledger.settled()) {
            long before = ledger.received();
            progress = loop.pollUntil(() -> ledger.received() != before, patience.toMillis())
                    && now() - drainBegin < 10 * patience.toNanos();
        }
        double offered = (double) scenario.eventsPerSecond() * scenario.subscribers() / scenario.addresses();
        return window.measurement(offered, (now() - drainBegin) / 1_000_000, ledger.faults());
    }

    private static String address(int number) {
        return "bench:a" + number;
    }

    private void subscribe() throws IOException {
        Dialect dialect = target.dialect();
        List<ClientConnection> subscribers = new ArrayList<>();
        for (int i = 0; i < scenario.subscribers(); i++) {
            subscribers.add(loop.open(target.server(i), dialect.subscriberPath(address(ledger.addressOf(i)))));
            if (i % PAUSE_EVERY == 0) {
                loop.poll(0);
            }
        }
        int connections = dialect.publishesAnywhere() ? scenario.slots() : scenario.addresses();
        for (int i = 0; i < connections; i++) {
            publishers.add(loop.open(target.server(i), dialect.publisherPath(address(i))));
        }
        loop.awaitReady(SUBSCRIBE_MILLIS);
        for (int i = 0; i < subscribers.size(); i++) {
            Optional<byte[]> subscribe = dialect.subscribe(address(ledger.addressOf(i)));
            if (subscribe.isPresent()) {
                subscribers.get(i).send(subscribe.get());
            }
        }
        probe();
    }

    /** Publishes to every address that has a subscriber which has heard nothing, until there is none. */
    private void probe() throws IOException {
        long deadline = now() + SUBSCRIBE_MILLIS * 1_000_000;
        boolean all = false;
        while (!all) {
            if (now() > deadline) {
                throw new BenchException(deaf() + " subscribers got nothing within " + SUBSCRIBE_MILLIS + " ms");
            }
            boolean[] needed = new boolean[scenario.addresses()];
            for (int i = 0; i < heard.length; i++) {
                needed[ledger.addressOf(i)] |= !heard[i];
            }
            for (int address = 0; address < needed.length; address++) {
                if (needed[address]) {
                    publish(address, PROBE, 1);
                    loop.poll(0);
                }
            }
            all = loop.pollUntil(() -> deaf() == 0, PROBE_MILLIS);
        }
    }

    private long deaf() {
        long count = 0;
        for (boolean one : heard) {
            count += one ? 0 : 1;
        }
        return count;
    }

    private void followSchedule(long first, long begin, long end) throws IOException {
        long count = (end - first) * scenario.eventsPerSecond() / 1_000_000_000;
        boolean began = false;
        for (long i = 0; i < count; i++) {
            long due = first + i * 1_000_000_000 / scenario.eventsPerSecond();
            if (!began && due >= begin) {
                began = true;
                window.begin(now());
            }
            waitUntil(due);
            int address = (int) (i % scenario.addresses());
            window.sent(due, now());
            publish(address, slot(address), ledger.send(address), due);
            loop.poll(0);
        }
        waitUntil(end);
    }

    private void waitUntil(long time) throws IOException {
        for (long wait = time - now(); wait > 0; wait = time - now()) {
            loop.poll(wait / 1_000_000);
        }
    }

    private static int slot(int address) {
        return address % PROBE;
    }

    private void publish(int address, int slot, long sequence) throws IOException {
        publish(address, slot, sequence, now());
    }

    private void publish(int address, int slot, long sequence, long due) throws IOException {
        byte[] body = EventBody.render(slot, sequence, due);
        publishers.get(address % publishers.size()).send(target.dialect().publish(address(address), body));
    }

    @Override
    public void events(int connection, ByteBuffer message, int from, int first, int to) {
        long now = now();
        for (int at = first; at >= 0; at = EventBody.find(message, at, to)) {
            int slot = EventBody.slot(message, at);
            if (slot == PROBE) {
                heard[connection] = true;
                continue;
            }
            long sequence = EventBody.sequence(message, at);
            long due = EventBody.nanos(message, at);
            if (slot != slot(ledger.addressOf(connection))) {
                ledger.damaged();
            } else if (ledger.receive(connection, sequence)) {
                window.received(due, now);
                if (--untilCompare == 0) {
                    untilCompare = COMPARE_EVERY;
                    compare(message, from, to, EventBody.render(slot, sequence, due));
                }
            }
        }
    }

    private void compare(ByteBuffer message, int from, int to, byte[] body) {
        if (!EventBody.carriedWhole(message, from, to, body)) {
            ledger.damaged();
        }
    }

    private long now() {
        return System.nanoTime() - epoch;
    }

    @Override
    public void close() throws IOException {
        loop.close();
    }
}
