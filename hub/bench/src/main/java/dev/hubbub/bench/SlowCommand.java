package dev.hubbub.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures what clients that hardly read cost the others. */
@Command(
        name = "slow",
        description = "One address, many subscribers, of which some read slowly and some not at all.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:memory and the others' latency stayed within their bounds, and everybody became complete",
            "1:something did not",
            "2:wrong usage",
            "3:the hub could not be measured"
        })
final class SlowCommand implements Callable<Integer> {
    private static final String ADDRESS = "log:slow";
    private static final long MIB = 1024L * 1024;
    private static final long CONNECT_MILLIS = 60_000;
    private static final long COMPLETE_MILLIS = 90_000;
    private static final int TRICKLE_MILLIS = 250;
    private static final int SLOW_RECEIVE_BYTES = 4_096;
    private static final double LATENCY_FACTOR = 1.5;
    private static final double NANOS_PER_MILLI = 1_000_000;

    private final PrintWriter out;
    private final PrintWriter err;

    @Mixin
    private final LoadOptions options = new LoadOptions();

    @Option(names = "--sockets", defaultValue = "1000", description = "subscribers (default: 1000)")
    private int sockets;

    @Option(names = "--slow", defaultValue = "50", description = "how many read 1 KiB/s (default: 50)")
    private int slow;

    @Option(names = "--deaf", defaultValue = "10", description = "how many read nothing (default: 10)")
    private int deaf;

    @Option(names = "--rate", defaultValue = "100", description = "events a second (default: 100)")
    private int rate;

    @Option(
            names = "--padding",
            defaultValue = "1000",
            description = "bytes of an event beside its 200 (default: 1000)")
    private int padding;

    @Option(names = "--warm-up", defaultValue = "15", description = "seconds that do not count (default: 15)")
    private int warmUpSeconds;

    @Option(names = "--base", defaultValue = "20", description = "seconds in which all read (default: 20)")
    private int baseSeconds;

    @Option(names = "--measure", defaultValue = "60", description = "seconds in which some do not (default: 60)")
    private int seconds;

    @Option(names = "--pending", defaultValue = "1", description = "limits.pending of the hub's config, in MiB")
    private int pendingMib;

    private final Histogram latencies = new Histogram(3_600_000_000_000L, 3);
    private final LoadPublisher.Counter counter = new LoadPublisher.Counter();
    private boolean measuring;

    SlowCommand(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (ServerProcess server = options.start();
                LoadLoop loop = new LoadLoop(server.address())) {
            return measure(loop, server);
        }
    }

    private int measure(LoadLoop loop, ServerProcess server) throws IOException, InterruptedException {
        List<Follower> slowOnes = new ArrayList<>();
        List<Follower> others = new ArrayList<>();
        LoadClient.Kind narrow = new LoadClient.Kind(LoadClient.Kind.PLAIN.path(), SLOW_RECEIVE_BYTES);
        for (int i = 0; i < sockets; i++) {
            if (i < slow + deaf) {
                slowOnes.add(new Follower(loop, ADDRESS, narrow, age -> {}));
            } else {
                others.add(new Follower(loop, ADDRESS, LoadClient.Kind.PLAIN, this::took));
            }
        }
        LoadPublisher publisher = new LoadPublisher(loop, padding);
        List<Follower> all = new ArrayList<>(slowOnes);
        all.addAll(others);
        if (!loop.runUntil(() -> publisher.isOpen() && all.stream().allMatch(Follower::isRegistered), CONNECT_MILLIS)) {
            throw new BenchException("not everybody is subscribed within " + CONNECT_MILLIS + " ms");
        }
        Phase warm = phase(loop, server, publisher, others, warmUpSeconds);
        err.println("warm-up: " + warm);
        Phase base = phase(loop, server, publisher, others, baseSeconds);
        err.println("all read: " + base);

        slowOnes.forEach(one -> one.client().deaf(true));
        slowOnes.subList(0, slow).forEach(one -> trickle(loop, one, loop.now() + (seconds + 5) * 1_000_000_000L));
        Phase hard = phase(loop, server, publisher, others, seconds);
        err.println("some do not: " + hard);

        slowOnes.forEach(one -> one.client().deaf(false));
        long begin = loop.now();
        boolean complete =
                loop.runUntil(() -> all.stream().allMatch(one -> one.seen() == counter.sent()), COMPLETE_MILLIS);
        double completeSeconds = (loop.now() - begin) / NANOS_PER_MILLI / 1_000;
        JsonObject figures = figures(base, hard, slowOnes, others)
                .put("complete", complete)
                .put("completeAfterSeconds", completeSeconds)
                .put("logReads", server.metrics().sum("hubbub_replay_reads_total"));
        out.println(figures.encodePrettily());
        options.report(figures, out);
        return figures.getBoolean("held") && complete && figures.getLong("faults") == 0 ? 0 : 1;
    }

    private void took(long ageNanos) {
        if (measuring) {
            latencies.recordValue(Math.max(0, ageNanos));
        }
    }

    private void trickle(LoadLoop loop, Follower one, long untilNanos) {
        if (loop.now() < untilNanos) {
            loop.readSome(one.client(), 1_024 * TRICKLE_MILLIS / 1_000);
            loop.after(TRICKLE_MILLIS, () -> trickle(loop, one, untilNanos));
        }
    }

    /** Publishes for a time, and looks at the hub when those who read have everything. */
    private Phase phase(
            LoadLoop loop, ServerProcess server, LoadPublisher publisher, List<Follower> others, int forSeconds)
            throws IOException, InterruptedException {
        latencies.reset();
        measuring = true;
        AtomicBoolean publishing = new AtomicBoolean(true); // one for each phase: another would wake the last one's
        long cpu = server.probe().micros();
        long core = server.probe().coreMicros();
        publisher.follow(ADDRESS, counter, rate, publishing::get);
        loop.run(forSeconds * 1_000L);
        publishing.set(false);
        boolean all =
                loop.runUntil(() -> others.stream().allMatch(one -> one.seen() == counter.sent()), CONNECT_MILLIS);
        measuring = false;
        long used = server.probe().micros() - cpu;
        long foreign = server.probe().coreMicros() - core - used;
        HubMetrics metrics = server.metrics();
        return new Phase(
                latencies.getValueAtPercentile(50) / NANOS_PER_MILLI,
                latencies.getValueAtPercentile(99) / NANOS_PER_MILLI,
                latencies.getMaxValue() / NANOS_PER_MILLI,
                (double) used / forSeconds / 10_000,
                (double) Math.max(0, foreign) / forSeconds / 10_000,
                metrics.sum("hubbub_memory_held_bytes{use=\"unsent\"}"),
                metrics.heapBytes(),
                server.probe().residentKib() * 1_024,
                all);
    }

    private JsonObject figures(Phase base, Phase hard, List<Follower> slowOnes, List<Follower> others) {
        long bound = (long) (slow + deaf) * pendingMib * MIB + 64 * MIB;
        long heap = hard.heapBytes - base.heapBytes;
        long resident = hard.residentBytes - base.residentBytes;
        double ratio = hard.p99 / base.p99;
        return new JsonObject()
                .put("sockets", sockets)
                .put("slow", slow)
                .put("deaf", deaf)
                .put("events", counter.sent())
                .put("p99BaseMillis", base.p99)
                .put("p99Millis", hard.p99)
                .put("p99Ratio", ratio)
                .put("coreBasePercent", base.core)
                .put("corePercent", hard.core)
                .put("foreignBasePercent", base.foreign)
                .put("foreignPercent", hard.foreign)
                .put("heapGrowthMiB", heap / MIB)
                .put("residentGrowthMiB", resident / MIB)
                .put("unsentMiB", Math.round(hard.unsentBytes / MIB))
                .put("boundMiB", bound / MIB)
                .put("othersComplete", base.complete && hard.complete)
                .put("closedTooSlow", sum(slowOnes, Follower::tooSlow))
                .put("closes", sum(slowOnes, Follower::closes) + sum(others, Follower::closes))
                .put("faults", sum(slowOnes, Follower::faults) + sum(others, Follower::faults))
                .put("held", heap + hard.unsentBytes <= bound && ratio <= LATENCY_FACTOR && hard.complete);
    }

    private static long sum(List<Follower> followers, ToLongFunction<Follower> what) {
        return followers.stream().mapToLong(what).sum();
    }

    /**
     * What one phase showed; times in milliseconds, {@code core} and {@code foreign} (what other processes took of it)
     * in percent.
     */
    private record Phase(
            double p50,
            double p99,
            double max,
            double core,
            double foreign,
            double unsentBytes,
            long heapBytes,
            long residentBytes,
            boolean complete) {}
}
