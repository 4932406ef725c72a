package dev.hubbub.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Publishers that wait for the answer "it is safe": each has its own address, and the answers' positions are checked.
 *
 * <p>First as many events as answers allow, one under way for each client; then a fixed schedule that waits for nobody,
 * with latency from when an event was due. Owned by the thread that calls.
 */
final class AckClients implements AutoCloseable, LoadClient.Listener {
    private static final long CONNECT_MILLIS = 60_000;
    private static final long DRAIN_MILLIS = 30_000;
    private static final long LONGEST_MICROS = 600_000_000;
    private static final String POSITION = "\"position\":\"";

    private final LoadLoop loop;
    private final List<One> clients = new ArrayList<>();
    private final Map<LoadClient, One> byClient = new HashMap<>();
    private Histogram latencies = new Histogram(1, LONGEST_MICROS, 3);
    private int open;
    private boolean closedLoop;
    private long answered;
    private long faults;

    private static final class One {
        private final LoadClient client;
        private final String address;
        private final Map<Long, Long> due = new HashMap<>();
        private long sent;

        One(LoadClient client, String address) {
            this.client = client;
            this.address = address;
        }
    }

    /** What a phase gave: answers a second, and how late they were, in milliseconds. */
    record Phase(double perSecond, double p50, double p99, double p999, double max) {}

    AckClients(List<InetSocketAddress> servers, int count) throws IOException {
        loop = new LoadLoop(servers.get(0));
        for (int i = 0; i < count; i++) {
            LoadClient client = loop.connect(servers.get(i % servers.size()), LoadClient.Kind.PLAIN, this);
            One one = new One(client, "ack:" + i);
            clients.add(one);
            byClient.put(client, one);
        }
        if (!loop.runUntil(() -> open == count, CONNECT_MILLIS)) {
            throw new BenchException("only " + open + " of " + count + " publishers are connected");
        }
    }

    /** As many as answers allow, for a time after a warm-up. */
    Phase saturate(long warmUpMillis, long millis) throws IOException {
        closedLoop = true;
        for (One one : clients) {
            send(one, loop.now());
        }
        loop.run(warmUpMillis);
        forget();
        long begin = loop.now();
        loop.run(millis);
        Phase phase = phase(loop.now() - begin);
        closedLoop = false;
        drain();
        return phase;
    }

    /** A fixed number a second, for a time. */
    Phase follow(int perSecond, long millis) throws IOException {
        forget();
        long begin = loop.now();
        long count = millis * perSecond / 1_000;
        for (long i = 0; i < count; i++) {
            long due = begin + i * 1_000_000_000L / perSecond;
            if (due > loop.now()) {
                boolean early = loop.runUntil(() -> loop.now() >= due, DRAIN_MILLIS);
                assert early;
            }
            send(clients.get((int) (i % clients.size())), due);
            loop.pollNow();
        }
        drain();
        return phase(millis * 1_000_000);
    }

    private void forget() {
        latencies = new Histogram(1, LONGEST_MICROS, 3);
        answered = 0;
    }

    private void drain() throws IOException {
        if (!loop.runUntil(() -> clients.stream().allMatch(one -> one.due.isEmpty()), DRAIN_MILLIS)) {
            faults += clients.stream().mapToLong(one -> one.due.size()).sum();
            clients.forEach(one -> one.due.clear());
        }
    }

    private Phase phase(long nanos) {
        return new Phase(answered / (nanos / 1e9), millis(50), millis(99), millis(99.9), millis(100));
    }

    private double millis(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1_000.0;
    }

    private void send(One one, long due) {
        long number = ++one.sent;
        one.due.put(number, due);
        String body = new String(EventBody.render(0, number, due), StandardCharsets.US_ASCII);
        String frame = "{\"type\":\"send\",\"address\":\"" + one.address + "\",\"replyAddress\":\"r" + number
                + "\",\"headers\":{},\"body\":{\"e\":" + body + "}}";
        one.client.send(frame.getBytes(StandardCharsets.US_ASCII));
    }

    /** Answers that were missing, refusals, and events that are not in the log in the order in which they were sent. */
    long faults() {
        return faults;
    }

    @Override
    public void opened(LoadClient client) {
        open++;
    }

    @Override
    public void message(LoadClient client, ByteBuffer buffer, int from, int to) {
        One one = byClient.get(client);
        String text = LoadClient.text(buffer, from, to);
        int reply = text.indexOf("\"address\":\"r");
        int position = text.indexOf(POSITION);
        if (one == null || reply < 0) {
            return;
        }
        long sent = number(text, reply + "\"address\":\"r".length());
        Long due = one.due.remove(sent);
        if (due == null || position < 0) {
            faults++;
        } else {
            int end = text.indexOf('"', position + POSITION.length());
            long offset = number(text, text.lastIndexOf(':', end) + 1);
            faults += offset == sent ? 0 : 1;
            answered++;
            latencies.recordValue(Math.min(LONGEST_MICROS, Math.max(1, (loop.now() - due) / 1_000)));
        }
        if (closedLoop) {
            send(one, loop.now());
        }
    }

    private static long number(String text, int from) {
        long value = 0;
        for (int i = from; i < text.length() && Character.isDigit(text.charAt(i)); i++) {
            value = 10 * value + text.charAt(i) - '0';
        }
        return value;
    }

    @Override
    public void closed(LoadClient client, int code, String reason) {
        throw new BenchException("a publisher was closed: " + code + " " + reason);
    }

    @Override
    public void close() throws IOException {
        loop.close();
    }
}
