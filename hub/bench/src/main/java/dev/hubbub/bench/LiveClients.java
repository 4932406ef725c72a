package dev.hubbub.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Clients that live on quietly while something happens to others: on a thread of their own, so that what the generator
 * has to do for those is not taken for the server's latency.
 */
final class LiveClients implements AutoCloseable {
    private static final String ADDRESS = "log:live";
    private static final int CLIENTS = 20;
    private static final int PER_SECOND = 20;
    private static final long STEP_MILLIS = 20;
    private static final long CONNECT_MILLIS = 30_000;
    private static final double NANOS_PER_MILLI = 1_000_000;

    private final InetSocketAddress server;
    private final Thread thread = new Thread(this::live, "live");
    private final Histogram before = new Histogram(3_600_000_000_000L, 3);
    private final Histogram during = new Histogram(3_600_000_000_000L, 3);
    private volatile Phase phase = Phase.CONNECTING;
    private volatile long faults;
    private volatile String failure = "";

    private enum Phase {
        CONNECTING,
        BEFORE,
        DURING,
        OVER
    }

    LiveClients(InetSocketAddress server) {
        this.server = server;
        thread.setUncaughtExceptionHandler((failed, why) -> failure = String.valueOf(why));
        thread.start();
    }

    private void live() {
        try (LoadLoop loop = new LoadLoop(server)) {
            List<Follower> all = new ArrayList<>();
            LoadPublisher publisher = new LoadPublisher(loop, 0);
            for (int i = 0; i < CLIENTS; i++) {
                all.add(new Follower(loop, ADDRESS, LoadClient.Kind.PLAIN, this::took));
            }
            if (!loop.runUntil(
                    () -> publisher.isOpen() && all.stream().allMatch(Follower::isRegistered), CONNECT_MILLIS)) {
                throw new BenchException("the live clients are not subscribed");
            }
            publisher.follow(ADDRESS, new LoadPublisher.Counter(), PER_SECOND, () -> phase != Phase.OVER);
            while (phase != Phase.OVER) {
                loop.run(STEP_MILLIS);
            }
            faults = all.stream().mapToLong(Follower::faults).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void took(long ageNanos) {
        Phase now = phase;
        if (now == Phase.BEFORE) {
            before.recordValue(Math.max(0, ageNanos));
        } else if (now == Phase.DURING) {
            during.recordValue(Math.max(0, ageNanos));
        }
    }

    /** From now on it is quiet. */
    void quiet() {
        phase = Phase.BEFORE;
    }

    /** From now on something happens to the others. */
    void happening() {
        phase = Phase.DURING;
    }

    /** Ends; the figures are complete then. */
    void end() throws InterruptedException {
        phase = Phase.OVER;
        thread.join();
        if (!failure.isEmpty()) {
            throw new BenchException("the live clients failed: " + failure);
        }
    }

    double p99Before() {
        return before.getValueAtPercentile(99) / NANOS_PER_MILLI;
    }

    double p99During() {
        return during.getValueAtPercentile(99) / NANOS_PER_MILLI;
    }

    double maxDuring() {
        return during.getMaxValue() / NANOS_PER_MILLI;
    }

    long faults() {
        return faults;
    }

    @Override
    public void close() {
        phase = Phase.OVER;
    }
}
