package dev.hubbub.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * People who come and go on one address by a fixed schedule, and watchers who keep its roster. One thread.
 *
 * <p>Latency counts from when somebody was due to come to when a watcher saw it.
 */
final class PresenceRun implements AutoCloseable {
    private static final String ADDRESS = "room:churn";
    private static final long CONNECT_MILLIS = 60_000;
    private static final long STAY_MILLIS = 5_000;
    private static final long SETTLE_MILLIS = 20_000;
    private static final long LONGEST_MICROS = 600_000_000;
    private static final String REGISTER =
            "{\"type\":\"register\",\"address\":\"" + ADDRESS + "\",\"headers\":{%s\"notices\":\"true\"}}";

    private final LoadLoop loop;
    private final List<Watcher> watchers = new ArrayList<>();
    private final Map<String, Long> due = new HashMap<>();
    private final Set<String> present = new HashSet<>();
    private final List<LoadClient> steady = new ArrayList<>();
    private Histogram latencies = new Histogram(1, LONGEST_MICROS, 3);
    private int registered;
    private long names;

    PresenceRun(InetSocketAddress server) throws IOException {
        this.loop = new LoadLoop(server);
    }

    /** Everyone who watches, and everyone who stays, is there when this returns. */
    void begin(int watcherCount, int steadyCount) throws IOException {
        present.add("watcher");
        for (int i = 0; i < watcherCount; i++) {
            watchers.add(new Watcher());
        }
        for (int i = 0; i < steadyCount; i++) {
            steady.add(join("steady" + i));
        }
        if (!loop.runUntil(() -> registered == watcherCount + steadyCount && agree(), CONNECT_MILLIS)) {
            throw new BenchException("not everybody is in the roster");
        }
    }

    /** People come and go, and those who stay say something of themselves, so often a second each. */
    void churn(int joinsPerSecond, int statesPerSecond, long millis) throws IOException {
        long begin = loop.now();
        long joins = millis * joinsPerSecond / 1_000;
        for (long i = 0; i < joins; i++) {
            long at = begin + i * 1_000_000_000L / joinsPerSecond;
            loop.at(at, () -> visit(at));
        }
        long states = millis * statesPerSecond / 1_000;
        for (long i = 0; i < states; i++) {
            LoadClient who = steady.get((int) (i % steady.size()));
            String frame = "{\"type\":\"send\",\"address\":\"hub.presence\",\"body\":{\"address\":\"" + ADDRESS
                    + "\",\"state\":{\"at\":" + i + "}}}";
            loop.at(begin + i * 1_000_000_000L / statesPerSecond, () -> who.send(bytes(frame)));
        }
        loop.run(millis);
    }

    private void visit(long at) {
        String user = "guest" + ++names;
        due.put(user, at);
        try {
            LoadClient guest = join(user);
            loop.after(STAY_MILLIS, () -> {
                guest.cut();
                present.remove(user);
            });
        } catch (IOException e) {
            throw new BenchException(user + " cannot connect", e);
        }
    }

    private LoadClient join(String user) throws IOException {
        present.add(user);
        return loop.connect(kind(user), new Member(""));
    }

    /** Waits until every watcher sees exactly who is there; false when that takes too long. */
    boolean settles() throws IOException {
        return loop.runUntil(this::agree, SETTLE_MILLIS);
    }

    private boolean agree() {
        return watchers.stream().allMatch(watcher -> watcher.view.users().equals(present));
    }

    /** Forgets what was measured so far. */
    void forget() {
        latencies = new Histogram(1, LONGEST_MICROS, 3);
    }

    /** How long it took until a watcher saw somebody come, in milliseconds. */
    double joinMillis(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1_000.0;
    }

    long frames() {
        return watchers.stream().mapToLong(watcher -> watcher.view.frames()).sum();
    }

    long changes() {
        return watchers.stream().mapToLong(watcher -> watcher.view.changes()).sum();
    }

    long faults() {
        return watchers.stream().mapToLong(watcher -> watcher.view.faults()).sum();
    }

    private static LoadClient.Kind kind(String user) {
        String token = BenchToken.of(user, System.currentTimeMillis() / 1_000);
        return new LoadClient.Kind("/eventbus/websocket?access_token=" + token, 0);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        loop.close();
    }

    /** Somebody in the room. */
    private class Member implements LoadClient.Listener {
        private final String headers;

        Member(String headers) {
            this.headers = headers;
        }

        @Override
        public void opened(LoadClient client) {
            client.send(bytes(REGISTER.formatted(headers)));
        }

        @Override
        public void message(LoadClient client, ByteBuffer buffer, int from, int to) {
            String text = LoadClient.text(buffer, from, to);
            if (text.contains("\"hub.subscribed\"")) {
                registered++;
            } else if (text.contains("\"type\":\"err\"")) {
                throw new BenchException("somebody was told: " + text);
            } else if (text.contains("\"hub.presence\"")) {
                presence(new JsonObject(text).getJsonObject("message"));
            }
        }

        void presence(JsonObject message) {}

        @Override
        public void closed(LoadClient client, int code, String reason) {
            throw new BenchException("somebody was closed: " + code + " " + reason);
        }
    }

    /** Somebody who keeps the roster. */
    private final class Watcher extends Member {
        private final RosterView view = new RosterView(this::saw);

        Watcher() throws IOException {
            super("\"presence\":\"true\",");
            LoadClient client = loop.connect(kind("watcher"), this);
            assert !client.isOver();
        }

        private void saw(String user) {
            Long at = due.get(user);
            if (at != null) {
                latencies.recordValue(Math.min(LONGEST_MICROS, Math.max(1, (loop.now() - at) / 1_000)));
            }
        }

        @Override
        void presence(JsonObject message) {
            view.take(message);
        }
    }
}
