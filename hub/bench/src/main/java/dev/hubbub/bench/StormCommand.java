package dev.hubbub.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures a reconnect storm: everybody is cut at once and comes back with a position. */
@Command(
        name = "storm",
        description = "Many subscribers are cut at once and come back at once, each with events to catch up with.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:everybody was current in time, from few reads, and the others hardly noticed",
            "1:not so",
            "2:wrong usage",
            "3:the hub could not be measured"
        })
final class StormCommand implements Callable<Integer> {
    private static final long CONNECT_MILLIS = 120_000;
    private static final long QUIET_MILLIS = 5_000;
    private static final long CURRENT_MILLIS = 120_000;
    private static final double MOST_SECONDS = 60;
    private static final double MOST_LIVE_MILLIS = 2_000;
    private static final double MOST_READS_PER_ADDRESS = 4;
    private static final int CONNECT_AT_ONCE = 200;
    private static final double NANOS_PER_MILLI = 1_000_000;

    private final PrintWriter out;
    private final PrintWriter err;

    @Mixin
    private final LoadOptions options = new LoadOptions();

    @Option(names = "--sockets", defaultValue = "5000", description = "subscribers that are cut (default: 5000)")
    private int sockets;

    @Option(names = "--addresses", defaultValue = "100", description = "addresses that they share (default: 100)")
    private int addresses;

    @Option(names = "--missed", defaultValue = "50", description = "events that each misses (default: 50)")
    private int missed;

    StormCommand(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (ServerProcess server = options.start();
                LoadLoop loop = new LoadLoop(server.address());
                LiveClients live = new LiveClients(server.address())) {
            return measure(loop, server, live);
        }
    }

    private int measure(LoadLoop loop, ServerProcess server, LiveClients live)
            throws IOException, InterruptedException {
        LoadPublisher publisher = new LoadPublisher(loop, 0);
        List<Follower> all = subscribe(loop);
        publishEach(loop, publisher, 1, 1);
        await(loop, all, 1);
        live.quiet();
        loop.run(QUIET_MILLIS);
        err.println("all are subscribed");

        all.forEach(one -> one.client().cut());
        loop.run(1_000);
        publishEach(loop, publisher, 2, missed + 1);
        loop.run(2_000);
        double reads = server.metrics().sum("hubbub_replay_reads_total");
        ServerProbe probe = server.probe();
        long own = probe.micros();
        long core = probe.coreMicros();
        live.happening();
        long begin = loop.now();
        all.forEach(Follower::connect);
        boolean current = loop.runUntil(() -> current(all, missed + 1), CURRENT_MILLIS);
        double seconds = (loop.now() - begin) / NANOS_PER_MILLI / 1_000;
        loop.run(1_000);
        live.end();
        double foreign = Math.max(0, probe.coreMicros() - core - (probe.micros() - own)) / (seconds + 1) / 10_000;
        return report(server, all, live, new Result(current, seconds, reads, foreign));
    }

    private List<Follower> subscribe(LoadLoop loop) throws IOException {
        List<Follower> all = new ArrayList<>();
        for (int i = 0; i < sockets; i++) {
            all.add(new Follower(loop, "log:" + i % addresses, LoadClient.Kind.PLAIN, age -> {}));
            if (i % CONNECT_AT_ONCE == 0) {
                loop.run(50);
            }
        }
        if (!loop.runUntil(() -> all.stream().allMatch(Follower::isRegistered), CONNECT_MILLIS)) {
            throw new BenchException("not everybody is subscribed within " + CONNECT_MILLIS + " ms");
        }
        return all;
    }

    private void publishEach(LoadLoop loop, LoadPublisher publisher, long first, long last) throws IOException {
        for (long number = first; number <= last; number++) {
            for (int address = 0; address < addresses; address++) {
                publisher.publish("log:" + address, number, loop.now());
            }
            loop.run(10);
        }
    }

    private void await(LoadLoop loop, List<Follower> all, long number) throws IOException {
        if (!loop.runUntil(() -> current(all, number), CONNECT_MILLIS)) {
            throw new BenchException("not everybody got the first event");
        }
    }

    private static boolean current(List<Follower> all, long number) {
        return all.stream().allMatch(one -> one.seen() >= number && one.isRegistered());
    }

    private int report(ServerProcess server, List<Follower> all, LiveClients live, Result result)
            throws IOException, InterruptedException {
        HubMetrics metrics = server.metrics();
        double reads = (metrics.sum("hubbub_replay_reads_total") - result.readsBefore) / addresses;
        double p99 = live.p99During();
        long faults = all.stream().mapToLong(Follower::faults).sum() + live.faults();
        boolean held = result.current
                && result.seconds <= MOST_SECONDS
                && p99 <= MOST_LIVE_MILLIS
                && reads <= MOST_READS_PER_ADDRESS
                && faults == 0;
        JsonObject figures = new JsonObject()
                .put("sockets", sockets)
                .put("addresses", addresses)
                .put("missedEach", missed)
                .put("allCurrent", result.current)
                .put("currentAfterSeconds", result.seconds)
                .put("readsPerAddress", reads)
                .put("toldToWait", metrics.sum("hubbub_connections_deferred_total"))
                .put("liveP99BeforeMillis", live.p99Before())
                .put("liveP99Millis", p99)
                .put("liveMaxMillis", live.maxDuring())
                .put("foreignPercent", result.foreign)
                .put("heapMiB", metrics.heapBytes() / (1024 * 1024))
                .put("residentMiB", server.probe().residentKib() / 1024)
                .put("faults", faults)
                .put("held", held);
        out.println(figures.encodePrettily());
        options.report(figures, out);
        return held ? 0 : 1;
    }

    private record Result(boolean current, double seconds, double readsBefore, double foreign) {}
}
