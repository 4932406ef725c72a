package dev.hubbub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client that stands in rosters, and keeps what it is told of them; confined to the clients' loop. */
final class Visitor {
    private static final Logger log = LoggerFactory.getLogger(Visitor.class);

    private final String user;
    private final Map<String, Map<String, JsonObject>> rosters = new HashMap<>();
    private final Map<String, Long> seqs = new HashMap<>();
    private final List<Heard> heard = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final Map<Long, Integer> framesOfSecond = new LinkedHashMap<>();
    private WebSocket socket;
    private int users;
    private int subscribed;

    /** A change that it was told of, and when. */
    record Heard(long atNanos, String address, String type, String user, int devices, Object state) {}

    private Visitor(String user) {
        this.user = user;
    }

    static Future<Visitor> connect(WebSocketClient client, ClusterPlan.Place place, String user) {
        Visitor visitor = new Visitor(user);
        WebSocketConnectOptions to = new WebSocketConnectOptions()
                .setHost(place.publicHost())
                .setPort(place.http())
                .setURI("/eventbus/websocket?access_token=" + Tokens.of(user))
                .setTimeout(10_000);
        return client.connect(to).map(opened -> {
            visitor.socket = opened;
            opened.textMessageHandler(text -> visitor.take(new JsonObject(text)));
            opened.exceptionHandler(broken -> log.debug("cut off user={}", user, broken));
            return visitor;
        });
    }

    private void say(JsonObject frame) {
        socket.writeTextMessage(frame.encode()).onFailure(gone -> log.debug("not said user={}", user, gone));
    }

    void enter(String address, boolean looks) {
        say(new JsonObject()
                .put("type", "register")
                .put("address", address)
                .put("headers", new JsonObject().put("notices", "true").put("presence", looks ? "true" : "false")));
    }

    void set(String address, Object state, String expires) {
        say(new JsonObject()
                .put("type", "send")
                .put("address", "hub.presence")
                .put("replyAddress", "r")
                .put(
                        "body",
                        new JsonObject()
                                .put("address", address)
                                .put("state", state)
                                .put("expires", expires)));
    }

    void hangUp() {
        socket.close().onFailure(gone -> log.debug("closed already user={}", user, gone));
    }

    private void take(JsonObject frame) {
        if ("hub.presence".equals(frame.getString("event"))) {
            presence(frame.getJsonObject("message"));
        } else if ("hub.subscribed".equals(frame.getString("event"))) {
            subscribed++;
        } else if ("err".equals(frame.getString("type"))) {
            faults.add(frame.encode());
        }
    }

    private void presence(JsonObject message) {
        long now = System.nanoTime();
        framesOfSecond.merge(now / 1_000_000_000L, 1, Integer::sum);
        String address = message.getString("address");
        Map<String, JsonObject> roster = rosters.computeIfAbsent(address, a -> new TreeMap<>());
        long seq = message.getLong("seq");
        users = message.getInteger("users");
        if (message.containsKey("roster")) {
            roster.clear();
            each(message.getJsonArray("roster")).forEach(one -> roster.put(one.getString("user"), one));
        } else {
            if (seq != seqs.getOrDefault(address, -1L) + 1) {
                faults.add(address + " went from " + seqs.get(address) + " to " + seq);
            }
            each(message.getJsonArray("changes")).forEach(change -> apply(now, address, roster, change));
        }
        seqs.put(address, seq);
    }

    private void apply(long now, String address, Map<String, JsonObject> roster, JsonObject change) {
        String type = change.getString("type");
        String who = change.getString("user");
        int devices = change.getJsonArray("devices").size();
        heard.add(new Heard(now, address, type, who, devices, change.getValue("state")));
        if (type.equals("leave")) {
            roster.remove(who);
        } else {
            roster.put(who, change);
        }
    }

    private static Stream<JsonObject> each(JsonArray array) {
        return array.stream().map(JsonObject.class::cast);
    }

    boolean isIn(int addresses) {
        return subscribed >= addresses;
    }

    boolean hasRosters(int addresses) {
        return rosters.size() >= addresses;
    }

    /** Returns how many devices it believes that a user has at an address. */
    int devicesOf(String address, String other) {
        JsonObject seen = rosters.getOrDefault(address, Map.of()).get(other);
        return seen == null ? 0 : seen.getJsonArray("devices").size();
    }

    Object stateOf(String address, String other) {
        JsonObject seen = rosters.getOrDefault(address, Map.of()).get(other);
        return seen == null ? null : seen.getValue("state");
    }

    /** Returns what it was told of a user. */
    List<Heard> heardOf(String other) {
        return heard.stream().filter(one -> one.user().equals(other)).toList();
    }

    int users() {
        return users;
    }

    int mostFramesInASecond() {
        return framesOfSecond.values().stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
    }

    int frames() {
        return framesOfSecond.values().stream().mapToInt(Integer::intValue).sum();
    }

    void assertNothingWrong() {
        assertThat(faults).isEmpty();
    }
}
