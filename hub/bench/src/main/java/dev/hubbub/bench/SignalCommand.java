package dev.hubbub.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures cursors: many who move in one document, and all of whom see the others. */
@Command(
        name = "signal",
        description = "Senders and receivers on one signal address, without and with thinning.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:nobody got more frames than it should, and everybody the newest value of each sender",
            "1:not so",
            "2:wrong usage",
            "3:the hub could not be measured"
        })
final class SignalCommand implements Callable<Integer> {
    private static final long CONNECT_MILLIS = 30_000;
    private static final long LAST_MILLIS = 2_000;
    private static final double NANOS_PER_MILLI = 1_000_000;
    private static final int MILLIS_PER_SECOND = 1_000;

    private final PrintWriter out;

    @Mixin
    private final LoadOptions options = new LoadOptions();

    @Option(names = "--senders", defaultValue = "52", description = "senders (default: 52, at most 256)")
    private int senders;

    @Option(names = "--receivers", defaultValue = "52", description = "receivers (default: 52)")
    private int receivers;

    @Option(names = "--rate", defaultValue = "20", description = "events a second of each sender (default: 20)")
    private int rate;

    @Option(names = "--measure", defaultValue = "15", description = "seconds for each run (default: 15)")
    private int seconds;

    SignalCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        JsonArray runs = new JsonArray();
        boolean held = true;
        out.printf(
                "%-8s %9s %9s %12s %12s %12s %9s %9s %s%n",
                "every", "frames/s", "most", "max frames/s", "events/s", "cpu us/r/s", "p50 ms", "p99 ms", "newest");
        try (ServerProcess server = options.start()) {
            for (int every : new int[] {0, 50, 100, 200}) {
                Run run = new Run(every);
                try (LoadLoop loop = new LoadLoop(server.address())) {
                    JsonObject figures = run.measure(loop, server);
                    runs.add(figures);
                    held &= figures.getBoolean("held");
                }
            }
        }
        options.report(new JsonObject().put("runs", runs).put("held", held), out);
        return held ? 0 : 1;
    }

    /** One address with one {@code every}, in milliseconds; 0 for none. */
    private final class Run {
        private final int every;
        private final String address;
        private final Histogram latencies = new Histogram(3_600_000_000_000L, 3);
        private final List<Receiver> all = new ArrayList<>();
        private final long[] sent = new long[senders];
        private int ready;
        private boolean measuring;
        private boolean sending = true;

        Run(int every) {
            this.every = every;
            this.address = (every == 0 ? "raw" : "every" + every) + ":doc";
        }

        JsonObject measure(LoadLoop loop, ServerProcess server) throws IOException {
            for (int i = 0; i < receivers; i++) {
                all.add(new Receiver(loop));
            }
            List<LoadClient> clients = new ArrayList<>();
            for (int i = 0; i < senders; i++) {
                clients.add(loop.connect(LoadClient.Kind.PLAIN, new Sender()));
            }
            if (!loop.runUntil(() -> ready == senders + receivers, CONNECT_MILLIS)) {
                throw new BenchException("not everybody is there within " + CONNECT_MILLIS + " ms");
            }
            for (int i = 0; i < senders; i++) {
                int sender = i;
                loop.after(i % MILLIS_PER_SECOND, () -> send(loop, clients.get(sender), sender, loop.now()));
            }
            loop.run(3_000);
            measuring = true;
            long cpu = server.probe().micros();
            loop.run(seconds * (long) MILLIS_PER_SECOND);
            long used = server.probe().micros() - cpu;
            measuring = false;
            sending = false;
            boolean newest = loop.runUntil(() -> all.stream().allMatch(Receiver::hasNewest), LAST_MILLIS);
            return report((double) used / seconds / receivers, newest);
        }

        private void send(LoadLoop loop, LoadClient client, int sender, long dueNanos) {
            if (!sending) {
                return;
            }
            String body = new String(EventBody.render(sender, ++sent[sender], dueNanos), StandardCharsets.US_ASCII);
            String frame = "{\"type\":\"publish\",\"address\":\"" + address
                    + "\",\"headers\":{\"echo\":\"false\"},\"body\":" + body + "}";
            client.send(frame.getBytes(StandardCharsets.US_ASCII));
            long next = dueNanos + 1_000_000_000L / rate;
            loop.at(next, () -> send(loop, client, sender, next));
        }

        private JsonObject report(double cpu, boolean newest) {
            double frames = all.stream().mapToLong(one -> one.frames).average().orElse(0) / seconds;
            double most =
                    (double) all.stream().mapToLong(one -> one.frames).max().orElse(0) / seconds;
            double events = all.stream().mapToLong(one -> one.events).average().orElse(0) / seconds;
            double p50 = latencies.getValueAtPercentile(50) / NANOS_PER_MILLI;
            double p99 = latencies.getValueAtPercentile(99) / NANOS_PER_MILLI;
            double allowed = every == 0 ? Double.MAX_VALUE : (double) MILLIS_PER_SECOND / every;
            boolean held = newest && most <= allowed;
            out.printf(
                    "%-8s %9.1f %9s %12.1f %12.1f %12.0f %9.1f %9.1f %s%n",
                    every == 0 ? "none" : every + " ms",
                    frames,
                    every == 0 ? "-" : "%.0f".formatted(allowed),
                    most,
                    events,
                    cpu,
                    p50,
                    p99,
                    newest ? "all" : "MISSING");
            return new JsonObject()
                    .put("everyMillis", every)
                    .put("framesPerReceiverPerSecond", frames)
                    .put("mostFramesPerReceiverPerSecond", most)
                    .put("eventsPerReceiverPerSecond", events)
                    .put("cpuMicrosPerReceiverPerSecond", cpu)
                    .put("p50Millis", p50)
                    .put("p99Millis", p99)
                    .put("newestOfEverySender", newest)
                    .put("held", held);
        }

        private final class Sender implements LoadClient.Listener {
            @Override
            public void opened(LoadClient client) {
                ready++;
            }

            @Override
            public void message(LoadClient client, ByteBuffer buffer, int from, int to) {
                throw new BenchException("a sender was told: " + LoadClient.text(buffer, from, to));
            }

            @Override
            public void closed(LoadClient client, int code, String reason) {
                throw new BenchException("a sender was closed: " + code + " " + reason);
            }
        }

        private final class Receiver implements LoadClient.Listener {
            private final LoadLoop loop;
            private final LoadClient client;
            private final long[] newest = new long[senders];
            private long frames;
            private long events;

            Receiver(LoadLoop loop) throws IOException {
                this.loop = loop;
                this.client = loop.connect(LoadClient.Kind.BATCH, this);
            }

            @Override
            public void opened(LoadClient client) {
                client.send(
                        ("{\"type\":\"register\",\"address\":\"" + address + "\",\"headers\":{\"notices\":\"true\"}}")
                                .getBytes(StandardCharsets.US_ASCII));
            }

            @Override
            public void message(LoadClient client, ByteBuffer buffer, int from, int to) {
                int at = EventBody.find(buffer, from, to);
                if (at < 0) {
                    ready++;
                    return;
                }
                frames += measuring ? 1 : 0;
                for (; at >= 0; at = EventBody.find(buffer, at, to)) {
                    newest[EventBody.slot(buffer, at)] = EventBody.sequence(buffer, at);
                    if (measuring) {
                        events++;
                        latencies.recordValue(Math.max(0, loop.now() - EventBody.nanos(buffer, at)));
                    }
                }
            }

            @Override
            public void closed(LoadClient client, int code, String reason) {
                throw new BenchException("a receiver was closed: " + code + " " + reason);
            }

            boolean hasNewest() {
                if (client.isOver()) {
                    return false;
                }
                for (int i = 0; i < senders; i++) {
                    if (newest[i] != sent[i]) {
                        return false;
                    }
                }
                return true;
            }
        }
    }
}
