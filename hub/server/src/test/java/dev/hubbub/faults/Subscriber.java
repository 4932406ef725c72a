package dev.hubbub.faults;

import dev.hubbub.history.Recorder;
import dev.hubbub.protocol.Position;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client that hears some addresses, and comes back with its positions whenever it is cut off. */
final class Subscriber {
    private static final Logger log = LoggerFactory.getLogger(Subscriber.class);
    private static final long RETRY_MILLIS = 200;
    private static final long SILENCE_MILLIS = 4_000;

    private final Vertx vertx;
    private final WebSocketClient client;
    private final ClusterPlan plan;
    private final String token;
    private final Map<String, Recorder.Seen> seen = new LinkedHashMap<>();
    private final List<Long> wholeAgainMillis = new ArrayList<>();
    private final List<Return> returns = new ArrayList<>();
    private int node;
    private WebSocket socket;
    private boolean stopped;
    private boolean stays;
    private long cutAtNanos;
    private long heardAtNanos;
    private boolean away;
    private int subscribed;

    Subscriber(Vertx vertx, WebSocketClient client, ClusterPlan plan, String token, int node) {
        this.vertx = vertx;
        this.client = client;
        this.plan = plan;
        this.token = token;
        this.node = node;
        vertx.setPeriodic(1_000, timer -> lookForLife());
    }

    /** Never goes to another node. */
    Subscriber staying() {
        stays = true;
        return this;
    }

    boolean isStaying() {
        return stays;
    }

    void hear(Recorder.Seen address) {
        seen.put(address.address(), address);
    }

    void connect() {
        ClusterPlan.Place place = plan.nodes().get(node);
        WebSocketConnectOptions to = new WebSocketConnectOptions()
                .setHost(place.publicHost())
                .setPort(place.http())
                .setURI("/eventbus/websocket?access_token=" + token)
                .setTimeout(2_000);
        subscribed = 0;
        client.connect(to).onComplete(done -> {
            if (done.succeeded()) {
                opened(done.result());
            } else {
                later(RETRY_MILLIS);
            }
        });
    }

    private void opened(WebSocket opened) {
        socket = opened;
        heardAtNanos = System.nanoTime();
        if (away) {
            away = false;
            returns.add(new Return(cutAtNanos, heardAtNanos));
        }
        opened.textMessageHandler(text -> {
            if (socket == opened) {
                heardAtNanos = System.nanoTime();
                take(new JsonObject(text));
            }
        });
        opened.exceptionHandler(failure -> end(opened));
        opened.closeHandler(closed -> {
            if (socket == opened) {
                gone(waitOf(opened));
            }
        });
        seen.values().forEach(address -> {
            JsonObject headers = new JsonObject().put("notices", "true");
            address.at().ifPresent(position -> headers.put("position", position.toString()));
            opened.writeTextMessage(new JsonObject()
                            .put("type", "register")
                            .put("address", address.address())
                            .put("headers", headers)
                            .encode())
                    .onFailure(failure -> end(opened));
        });
    }

    private static void end(WebSocket socket) {
        socket.close().onFailure(failure -> log.debug("closed already", failure));
    }

    /** A node that goes tells when to come back. */
    private static long waitOf(WebSocket closed) {
        String reason = closed.closeReason();
        return reason != null && reason.matches("reconnect in \\d+ ms")
                ? Math.max(1, Long.parseLong(reason.replaceAll("\\D", "")))
                : RETRY_MILLIS;
    }

    private void gone(long waitMillis) {
        socket = null;
        away = true;
        later(waitMillis);
    }

    private void later(long waitMillis) {
        if (stopped) {
            return;
        }
        if (cutAtNanos == 0) {
            cutAtNanos = System.nanoTime();
        }
        if (!stays) {
            node = (node + 1) % plan.nodes().size();
        }
        vertx.setTimer(waitMillis, timer -> connect());
    }

    /** A node that was stopped in its tracks, or cut off, closes nothing: a ping that nobody answers tells. */
    private void lookForLife() {
        WebSocket open = socket;
        if (open == null || stopped || stays) {
            return;
        }
        if ((System.nanoTime() - heardAtNanos) / 1_000_000 > SILENCE_MILLIS) {
            socket = null;
            end(open);
            gone(RETRY_MILLIS);
        } else {
            open.writeTextMessage("{\"type\":\"ping\"}").onFailure(failure -> end(open));
        }
    }

    private void take(JsonObject frame) {
        if (frame.containsKey("event")) {
            notice(frame.getString("event"), frame.getJsonObject("message"));
            return;
        }
        Recorder.Seen address = seen.get(frame.getString("address", ""));
        if (address == null) {
            return;
        }
        if (frame.getString("type").equals("rec")) {
            Position position = Position.parse(frame.getJsonObject("headers").getString("position"))
                    .orElseThrow();
            address.event(position, frame.getJsonObject("body").getString("id"));
        } else if (frame.getString("type").equals("err")) {
            error(address, frame);
        }
    }

    private void error(Recorder.Seen address, JsonObject frame) {
        if (!frame.getString("failureType").equals("POSITION_LOST")) {
            throw new AssertionError("refused: " + frame);
        }
        JsonObject details = frame.getJsonObject("details");
        address.lost(
                details.getString("reason"),
                Position.parse(details.getString("position")).orElseThrow());
    }

    private void notice(String name, JsonObject message) {
        Recorder.Seen address = seen.get(message.getString("address", ""));
        if (address == null) {
            return;
        }
        if (name.equals("hub.subscribed")) {
            address.begun(Position.parse(message.getString("position")).orElseThrow());
            subscribed++;
            if (subscribed == seen.size() && cutAtNanos != 0) {
                wholeAgainMillis.add((System.nanoTime() - cutAtNanos) / 1_000_000);
                cutAtNanos = 0;
            }
        } else if (name.equals("hub.degraded")) {
            address.degraded();
        }
    }

    /** Takes what is known of cuts until now for forgotten. */
    void forgetReturns() {
        returns.clear();
        wholeAgainMillis.clear();
    }

    List<Return> returns() {
        return returns;
    }

    /** A connection that was lost, and the next one that was open. */
    record Return(long cutNanos, long openNanos) {
        long awayMillis() {
            return (openNanos - cutNanos) / 1_000_000;
        }
    }

    boolean isWhole() {
        return socket != null && subscribed >= seen.size();
    }

    boolean isConnected() {
        return socket != null;
    }

    long longestCutMillis() {
        return wholeAgainMillis.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    Iterable<Recorder.Seen> seen() {
        return seen.values();
    }

    void stop() {
        stopped = true;
        if (socket != null) {
            end(socket);
        }
    }
}
