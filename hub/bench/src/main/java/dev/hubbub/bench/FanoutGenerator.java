package dev.hubbub.bench;

import dev.hubbub.bench.DeliveryLedger.Faults;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Publishes to one address over some connections, receives on many, and accounts for every delivery.
 *
 * <p>Without a schedule each slot is a closed loop: its next event leaves when every subscriber has its last one. That
 * needs no acknowledgement, so it is the same for every server of the bridge protocol. With a schedule events leave
 * when they are due, whatever the server does, and latency counts from then, so a server that stalls cannot hide it (no
 * coordinated omission). One thread does everything; a run ends in bounded time whatever the server does.
 */
final class FanoutGenerator implements Generator, ClientLoop.Listener {

    /** The one address everybody listens to. */
    static final String ADDRESS = "bench:fanout";

    private static final int PROBE = 255;
    private static final int COMPARE_EVERY = 4_099;
    private static final long SUBSCRIBE_MILLIS = 30_000;
    private static final long PROBE_MILLIS = 100;

    private final Target target;
    private final Scenario scenario;
    private final Duration patience;
    private final ClientLoop loop;
    private final DeliveryLedger ledger;
    private final MeasuredWindow window;
    private final List<ClientConnection> publishers = new ArrayList<>();
    private final int[] awaited;
    private final long[] probed;
    private final long epoch = System.nanoTime();
    private long probes;
    private boolean sending;
    private long damaged;
    private long untilCompare = COMPARE_EVERY;

    /**
     * Made for one run.
     *
     * @param patience how long nothing, or the rest, may take to come before it counts as lost
     */
    FanoutGenerator(Target target, Scenario scenario, Duration patience) throws IOException {
        this.target = target;
        this.scenario = scenario;
        this.patience = patience;
        this.loop = new ClientLoop(target.dialect(), this, scenario.polls());
        this.ledger = new DeliveryLedger(scenario.subscribers(), scenario.slots());
        this.window = new MeasuredWindow(target.probe(), scenario.openLoop());
        this.awaited = new int[scenario.slots()];
        this.probed = new long[scenario.subscribers()];
    }

    /**
     * Connects, warms up, measures and drains.
     *
     * @throws BenchException if the server refuses or cuts a connection, or does not deliver to every subscriber at all
     */
    @Override
    public Measurement run() throws IOException {
        subscribe();
        long begin = now() + scenario.warmUp().toNanos();
        long end = begin + scenario.measure().toNanos();
        window.place(begin, end);
        sending = true;
        if (scenario.openLoop()) {
            followSchedule(begin, end);
        } else {
            keepInFlight(begin, end);
        }
        sending = false;
        long drainBegin = now();
        drain();
        long drainMillis = (now() - drainBegin) / 1_000_000;
        double offered = (double) scenario.eventsPerSecond() * scenario.subscribers();
        Faults faults = ledger.faults().withDamaged(damaged);
        return window.measurement(offered, drainMillis, faults);
    }

    /** Opens everything and sends probes until every subscriber hears: the stock bridge does not confirm a register. */
    private void subscribe() throws IOException {
        Dialect dialect = target.dialect();
        List<ClientConnection> subscribers = new ArrayList<>();
        for (int i = 0; i < scenario.subscribers(); i++) {
            subscribers.add(loop.open(target.server(i), dialect.subscriberPath(ADDRESS)));
        }
        for (int i = 0; i < scenario.slots(); i++) {
            publishers.add(loop.open(target.server(i), dialect.publisherPath(ADDRESS)));
        }
        loop.awaitReady(SUBSCRIBE_MILLIS);
        Optional<byte[]> subscribe = dialect.subscribe(ADDRESS);
        if (subscribe.isPresent()) {
            for (ClientConnection subscriber : subscribers) {
                subscriber.send(subscribe.get());
            }
        }
        long deadline = now() + SUBSCRIBE_MILLIS * 1_000_000;
        boolean all = false;
        while (!all) {
            if (now() > deadline) {
                throw new BenchException(deaf(1) + " subscribers got nothing within " + SUBSCRIBE_MILLIS + " ms");
            }
            publish(0, PROBE, ++probes, now());
            all = loop.pollUntil(() -> deaf(1) == 0, PROBE_MILLIS);
        }
        if (!loop.pollUntil(() -> deaf(probes) == 0, SUBSCRIBE_MILLIS)) {
            throw new BenchException(deaf(probes) + " subscribers did not get the last probe");
        }
    }

    /** How many subscribers have not had this probe yet. */
    private long deaf(long probe) {
        return Arrays.stream(probed).filter(last -> last < probe).count();
    }

    private void keepInFlight(long begin, long end) throws IOException {
        for (int slot = 0; slot < scenario.slots(); slot++) {
            sendNext(slot, now());
        }
        long progress = now();
        long before = 0;
        boolean began = false;
        for (long now = now(); now < end; now = now()) {
            if (!began && now >= begin) {
                began = true;
                window.begin(now);
            }
            if (ledger.received() != before) {
                before = ledger.received();
                progress = now;
            } else if (now - progress > patience.toNanos()) {
                break;
            }
            loop.poll(1);
        }
        if (!began) {
            window.begin(now());
        }
        window.end(now());
    }

    private void followSchedule(long begin, long end) throws IOException {
        long first = begin - scenario.warmUp().toNanos();
        long count = (end - first) * scenario.eventsPerSecond() / 1_000_000_000;
        boolean began = false;
        for (long i = 0; i < count; i++) {
            long due = first + i * 1_000_000_000 / scenario.eventsPerSecond();
            if (!began && due >= begin) {
                began = true;
                window.begin(now());
            }
            for (long wait = due - now(); wait > 0; wait = due - now()) {
                loop.poll(wait / 1_000_000);
            }
            sendNext((int) (i % scenario.slots()), due);
            loop.poll(0);
        }
        for (long wait = end - now(); wait > 0; wait = end - now()) {
            loop.poll(wait / 1_000_000);
        }
        window.end(now());
    }

    /** Waits while deliveries still come, and at most ten times the patience. */
    private void drain() throws IOException {
        long deadline = now() + 10 * patience.toNanos();
        boolean progress = true;
        while (progress && !ledger.settled() && now() < deadline) {
            long before = ledger.received();
            progress = loop.pollUntil(() -> ledger.received() != before, patience.toMillis());
        }
    }

    private void sendNext(int slot, long due) throws IOException {
        awaited[slot] = scenario.subscribers();
        window.sent(due, now());
        publish(slot, slot, ledger.send(slot), due);
    }

    private void publish(int publisher, int slot, long sequence, long due) throws IOException {
        publishers.get(publisher).send(target.dialect().publish(ADDRESS, EventBody.render(slot, sequence, due)));
    }

    @Override
    public void events(int connection, ByteBuffer message, int from, int first, int to) {
        long now = now();
        for (int at = first; at >= 0; at = EventBody.find(message, at, to)) {
            int slot = EventBody.slot(message, at);
            long sequence = EventBody.sequence(message, at);
            long due = EventBody.nanos(message, at);
            if (slot == PROBE) {
                probed[connection] = sequence;
                continue;
            }
            if (!ledger.receive(connection, slot, sequence)) {
                continue;
            }
            window.received(due, now);
            if (--untilCompare == 0) {
                untilCompare = COMPARE_EVERY;
                if (!EventBody.carriedWhole(message, from, to, EventBody.render(slot, sequence, due))) {
                    damaged++;
                }
            }
            if (--awaited[slot] == 0 && sending && !scenario.openLoop()) {
                completed(slot);
            }
        }
    }

    private void completed(int slot) {
        try {
            sendNext(slot, now());
        } catch (IOException e) {
            throw new BenchException("publisher " + slot + " failed", e);
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
