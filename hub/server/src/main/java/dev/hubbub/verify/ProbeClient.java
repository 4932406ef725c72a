package dev.hubbub.verify;

import dev.hubbub.history.Recorder.Seen;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket that hears all addresses, and comes back through the next node, with its positions, whenever it is cut off
 * or cuts itself. Confined to the verification's event loop.
 */
final class ProbeClient {
    private static final Logger log = LoggerFactory.getLogger(ProbeClient.class);
    private static final long RETRY_MILLIS = 200;
    private static final int CONNECT_MILLIS = 5_000;

    private final ProbeWorld world;
    private final Consumer<String> refused;
    private final Map<String, Seen> seen = new LinkedHashMap<>();
    private final List<Long> backMillis = new ArrayList<>();
    private final int[] resumes;
    private int node;
    private int subscribed;
    private long cutNanos;
    private boolean stopped;

    @Nullable
    private WebSocket socket;

    /** Creates a client; {@code refused} hears what the hub refuses for good. */
    ProbeClient(ProbeWorld world, int number, Consumer<String> refused) {
        this.world = world;
        this.refused = refused;
        this.node = number % world.plan().nodes().size();
        this.resumes = new int[world.plan().nodes().size()];
        for (String address : world.plan().addresses()) {
            seen.put(address, world.recorder().client("client-" + number, address));
        }
    }

    void connect() {
        subscribed = 0;
        URI at = world.plan().nodes().get(node);
        WebSocketConnectOptions to = new WebSocketConnectOptions()
                .setAbsoluteURI(
                        at.resolve("/eventbus/websocket?batch=true").toString().replaceFirst("^http", "ws"))
                .setTimeout(CONNECT_MILLIS)
                .putHeader("Authorization", "Bearer " + world.plan().token());
        world.sockets().connect(to).onComplete(this::opened, failure -> {
            log.debug("not connected node={} reason={}", at, failure.getMessage());
            later();
        });
    }

    private void opened(WebSocket opened) {
        if (stopped) {
            end(opened);
            return;
        }
        socket = opened;
        opened.textMessageHandler(text -> {
            if (socket == opened) {
                take(text);
            }
        });
        opened.exceptionHandler(failure -> end(opened));
        opened.closeHandler(closed -> gone(opened));
        seen.values().forEach(address -> {
            JsonObject headers = new JsonObject().put("notices", "true");
            address.at().ifPresent(position -> headers.put("position", position.toString()));
            JsonObject frame = new JsonObject()
                    .put("type", "register")
                    .put("address", address.address())
                    .put("headers", headers);
            opened.writeTextMessage(frame.encode()).onFailure(failure -> end(opened));
        });
    }

    private static void end(WebSocket socket) {
        socket.close().onFailure(failure -> log.debug("closed already reason={}", failure.getMessage()));
    }

    private void gone(WebSocket closed) {
        if (socket == closed) {
            socket = null;
            if (isForGood(closed)) {
                stopped = true;
                refused.accept("a socket was closed with " + closed.closeStatusCode() + " " + closed.closeReason());
            }
            later();
        }
    }

    private static boolean isForGood(WebSocket closed) {
        Short code = closed.closeStatusCode();
        return code != null && (code == 4401 || code == 4403 || code == 4409);
    }

    /** Cuts itself off, as a network does: the connection just ends, without a close frame. */
    @SuppressWarnings("FutureReturnValueIgnored") // however that ends, this client has left the socket
    void cut() {
        WebSocket open = socket;
        if (open != null) {
            socket = null;
            ((WebSocketInternal) open).channelHandlerContext().close();
            later();
        }
    }

    private void later() {
        if (stopped) {
            return;
        }
        if (cutNanos == 0) {
            cutNanos = System.nanoTime();
        }
        node = (node + 1) % world.plan().nodes().size();
        world.vertx().setTimer(RETRY_MILLIS, timer -> connect());
    }

    private void take(String text) {
        if (text.startsWith("[")) {
            new JsonArray(text).forEach(frame -> take((JsonObject) frame));
        } else {
            take(new JsonObject(text));
        }
    }

    private void take(JsonObject frame) {
        if (frame.containsKey("event")) {
            notice(frame.getString("event"), frame.getJsonObject("message"));
            return;
        }
        Seen address = seen.get(frame.getString("address", ""));
        if ("err".equals(frame.getString("type"))) {
            error(frame, address);
        } else if (address != null && "rec".equals(frame.getString("type"))) {
            address.event(
                    HubCalls.position(frame.getJsonObject("headers").getString("position")),
                    frame.getJsonObject("body").getString("id"));
        }
    }

    private void error(JsonObject frame, @Nullable Seen address) {
        if (address != null && "POSITION_LOST".equals(frame.getString("failureType"))) {
            JsonObject details = frame.getJsonObject("details");
            address.lost(details.getString("reason"), HubCalls.position(details.getString("position")));
        } else if (!"UNAVAILABLE".equals(frame.getString("failureType"))) {
            stopped = true;
            refused.accept("a socket was refused: " + frame.getString("failureType") + " " + frame.getString("message")
                    + " (" + frame.getString("address", "") + ")");
        }
    }

    private void notice(String name, JsonObject message) {
        Seen address = seen.get(message.getString("address", ""));
        if (address == null) {
            return;
        }
        if (name.equals("hub.subscribed")) {
            address.begun(HubCalls.position(message.getString("position")));
            subscribed++;
            if (isWhole() && cutNanos != 0) {
                backMillis.add((System.nanoTime() - cutNanos) / 1_000_000);
                cutNanos = 0;
                resumes[node]++;
            }
        } else if (name.equals("hub.degraded")) {
            address.degraded();
        }
    }

    boolean isWhole() {
        return socket != null && subscribed >= seen.size();
    }

    Iterable<Seen> seen() {
        return seen.values();
    }

    /** Returns how long it took each time to be back everywhere. */
    List<Long> backMillis() {
        return backMillis;
    }

    /** Counts how often it came back through a node. */
    int resumes(int through) {
        return resumes[through];
    }

    void stop() {
        stopped = true;
        WebSocket open = socket;
        if (open != null) {
            socket = null;
            end(open);
        }
    }
}
