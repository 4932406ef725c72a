package dev.hubbub.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures a storm of new connections, with the limit on handshakes as it comes and out of the way. */
@Command(
        name = "connect",
        description = "Many clients connect and subscribe at once: how long it takes, and what others notice.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ConnectCommand implements Callable<Integer> {
    private static final String HEADER = "%-14s %8s %9s %10s %12s %8s %14s %14s %8s";
    private static final String ROW = "%-14s %8d %9.2f %,10.0f %12.0f %,8.0f %14.1f %14.1f %7.0f%%";
    private static final long QUIET_MILLIS = 3_000;
    private static final long MOST_MILLIS = 120_000;
    private static final int WARM_SOCKETS = 1_000;

    private final PrintWriter out;
    private final PrintWriter err;

    @Mixin
    private final HubOptions options = new HubOptions();

    @Option(names = "--sockets", defaultValue = "5000", description = "how many (default: 5000)")
    private int sockets;

    @Option(names = "--addresses", defaultValue = "100", description = "addresses that they share (default: 100)")
    private int addresses;

    ConnectCommand(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        out.println(options.heading());
        out.println(HEADER.formatted(
                "handshakes",
                "sockets",
                "seconds",
                "sockets/s",
                "cpu us/socket",
                "waits",
                "live p99 before",
                "live p99 then",
                "foreign"));
        JsonArray runs = new JsonArray();
        for (String limit : List.of("1000/s", "100000/s")) {
            err.println("measuring " + limit);
            runs.add(measure(limit));
        }
        options.report(new JsonObject().put("scenario", "connect").put("runs", runs), out);
        return 0;
    }

    private JsonObject measure(String limit) throws IOException, InterruptedException {
        String config = HubConfigs.loads().replace("limits:\n", "limits:\n  handshakes: " + limit + "\n");
        try (HubNodes nodes = HubNodes.start(options.setup(config), 1, HubNodes.Store.MEMORY);
                LoadLoop loop = new LoadLoop(nodes.target().server(0));
                LiveClients live = new LiveClients(nodes.target().server(0))) {
            for (Follower warm : connect(loop, WARM_SOCKETS)) {
                warm.client().cut();
            }
            loop.run(QUIET_MILLIS / 2);
            live.quiet();
            loop.run(QUIET_MILLIS);
            double waitsBefore = nodes.node(0).metrics().sum("hubbub_connections_deferred_total");
            live.happening();
            Usage.Watch watch = Usage.begin(nodes.target().probe());
            List<Follower> all = connect(loop, sockets);
            Usage usage = watch.end();
            live.end();
            double waits = nodes.node(0).metrics().sum("hubbub_connections_deferred_total") - waitsBefore;
            all.forEach(one -> one.client().cut());
            return told(limit, usage, live, waits);
        }
    }

    private List<Follower> connect(LoadLoop loop, int count) throws IOException {
        List<Follower> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new Follower(loop, "log:" + i % addresses, LoadClient.Kind.PLAIN, age -> {}));
            if (i % 50 == 0) {
                loop.pollNow();
            }
        }
        int[] done = new int[1];
        boolean complete = loop.runUntil(
                () -> {
                    while (done[0] < count && all.get(done[0]).isRegistered()) {
                        done[0]++;
                    }
                    return done[0] == count;
                },
                MOST_MILLIS);
        if (!complete) {
            throw new BenchException("not everybody is subscribed after " + MOST_MILLIS + " ms");
        }
        return all;
    }

    private JsonObject told(String limit, Usage usage, LiveClients live, double waits) {
        double each = (double) usage.micros() / sockets;
        out.println(ROW.formatted(
                limit,
                sockets,
                usage.seconds(),
                sockets / usage.seconds(),
                each,
                waits,
                live.p99Before(),
                live.p99During(),
                100 * usage.foreign()));
        return new JsonObject()
                .put("handshakes", limit)
                .put("sockets", sockets)
                .put("seconds", usage.seconds())
                .put("socketsPerSecond", sockets / usage.seconds())
                .put("serverMicrosPerSocket", each)
                .put("toldToWait", waits)
                .put("liveP99BeforeMillis", live.p99Before())
                .put("liveP99Millis", live.p99During())
                .put("serverCoreShare", usage.core())
                .put("foreignCoreShare", usage.foreign())
                .put("faults", live.faults());
    }
}
