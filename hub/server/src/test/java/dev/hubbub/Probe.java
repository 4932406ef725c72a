package dev.hubbub;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A well-behaved client that shares a node with the bad ones, and a publisher that never stops.
 *
 * <p>Both live on a Vert.x of their own. What the client heard, and when, is judged at the end.
 */
final class Probe implements AutoCloseable {
    private static final String ADDRESS = "probe:steady";
    private static final long EVERY_MILLIS = 20;

    private final Vertx vertx = Vertx.vertx();
    /** Kept: a client that nobody holds is closed by the garbage collector, with its connections. */
    private final WebSocketClient client = vertx.createWebSocketClient();

    private final ConcurrentLinkedQueue<Heard> heard = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicLong sent = new AtomicLong();
    private final WebSocket listener;
    private final WebSocket speaker;
    private final long timer;
    private volatile boolean subscribed;

    private record Heard(long offset, long lateMillis) {}

    Probe(TestNode node) {
        this(node.port());
    }

    /** Begins on the node that listens on a port of loopback. */
    Probe(int port) {
        listener = connect(port);
        speaker = connect(port);
        listener.textMessageHandler(this::hear);
        listener.closeHandler(v -> faults.add("the listener was closed with " + listener.closeStatusCode()));
        speaker.textMessageHandler(text -> faults.add("the speaker was refused: " + text));
        speaker.closeHandler(v -> faults.add("the speaker was closed with " + speaker.closeStatusCode()));
        say(
                listener,
                new JsonObject()
                        .put("type", "register")
                        .put("address", ADDRESS)
                        .put("headers", new JsonObject().put("notices", "true")));
        TestNode.eventually("the probe hears", () -> subscribed);
        timer = vertx.setPeriodic(EVERY_MILLIS, id -> publish());
    }

    private WebSocket connect(int port) {
        return TestNode.await(client.connect(new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/eventbus/websocket?access_token=" + TestNode.token("probe"))));
    }

    private void publish() {
        JsonObject event = new JsonObject()
                .put("type", "tick")
                .put("payload", new JsonObject().put("nanos", Long.toString(System.nanoTime())));
        sent.incrementAndGet();
        say(
                speaker,
                new JsonObject().put("type", "publish").put("address", ADDRESS).put("body", event));
    }

    private void say(WebSocket socket, JsonObject frame) {
        socket.writeTextMessage(frame.encode()).onFailure(lost -> faults.add("not sent: " + lost));
    }

    private void hear(String text) {
        JsonObject frame = new JsonObject(text);
        if ("hub.subscribed".equals(frame.getString("event"))) {
            subscribed = true;
        } else if ("rec".equals(frame.getString("type"))) {
            String position = frame.getJsonObject("headers").getString("position");
            long nanos = Long.parseLong(
                    frame.getJsonObject("body").getJsonObject("payload").getString("nanos"));
            long late = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
            heard.add(new Heard(Long.parseLong(position.substring(position.indexOf(':') + 1)), late));
        } else {
            faults.add("unexpected: " + text);
        }
    }

    /** Stops publishing, waits for the last event, and returns what was not as promised; empty when all was. */
    List<String> judge(long deadlineMillis) {
        vertx.cancelTimer(timer);
        TestNode.eventually("the probe heard everything", () -> heard.size() >= sent.get() || !faults.isEmpty());
        List<String> all = new ArrayList<>(faults);
        long expected = 1;
        for (Heard event : heard) {
            if (event.offset() != expected) {
                all.add("offset " + event.offset() + " came where " + expected + " was due");
            }
            expected = event.offset() + 1;
            if (event.lateMillis() > deadlineMillis) {
                all.add("offset " + event.offset() + " came after " + event.lateMillis() + " ms");
            }
        }
        return all;
    }

    int heard() {
        return heard.size();
    }

    @Override
    public void close() {
        TestNode.await(listener.close());
        TestNode.await(speaker.close());
        TestNode.await(vertx.close());
    }
}
