package dev.hubbub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.attack.Attack;
import dev.hubbub.attack.AttackLog;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A right that is taken away while somebody listens, on three nodes in processes of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PermissionLostTest {
    private static final int NODES = 3;
    private static final long PROMISED_MILLIS = 1_000;
    private static final String AGENT = ",\"role\":\"agent\"";

    private ClusterUnderTest cluster;
    private WebSocketClient sockets;

    @BeforeAll
    void start() throws Exception {
        ClusterPlan plan = ClusterPlan.onLoopback(NODES, 1, 2, "store: hazelcast")
                .with("  - { match: \"role:{id}\", subscribe: 'claims.role == \"agent\"', publish: true }")
                .with("  - { match: \"lead:{id}\", subscribe: 'claims.role == \"agent\"', publish: true }")
                .with("drain: { within: 0s, limit: 10s }");
        cluster = ClusterUnderTest.start(plan);
        sockets = cluster.vertx().createWebSocketClient();
        cluster.awaitSafe();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    /** Somebody who listens to one address at one node, and when what came. */
    private final class Listener {
        private final List<JsonObject> frames = new CopyOnWriteArrayList<>();
        private final WebSocket socket;
        private volatile long lastEventNanos;
        private volatile int closed;

        private Listener(int node, String token) {
            ClusterPlan.Place place = cluster.plan().nodes().get(node);
            socket = ClusterUnderTest.get(sockets.connect(new WebSocketConnectOptions()
                            .setHost(place.publicHost())
                            .setPort(place.http())
                            .setURI("/eventbus/websocket?access_token=" + token))
                    .onSuccess(opened -> {
                        opened.textMessageHandler(text -> take(new JsonObject(text)));
                        opened.closeHandler(gone -> closed = opened.closeStatusCode());
                    }));
        }

        private void take(JsonObject frame) {
            frames.add(frame);
            if (isEvent(frame)) {
                lastEventNanos = System.nanoTime();
            }
        }

        private void say(JsonObject frame) {
            assertThat(ClusterUnderTest.get(
                            socket.writeTextMessage(frame.encode()).map(true)))
                    .isTrue();
        }

        private Listener register(String address, String position) {
            say(registration(address, position));
            return this;
        }

        /** Registers where the hub may close the socket before the frame has gone. */
        private Listener tryToRegister(String address, String position) {
            Future<String> sent = socket.writeTextMessage(
                            registration(address, position).encode())
                    .map("sent")
                    .otherwise(Throwable::getMessage);
            assertThat(ClusterUnderTest.get(sent)).isIn("sent", "WebSocket is closed");
            return this;
        }

        private long events() {
            return frames.stream().filter(PermissionLostTest::isEvent).count();
        }

        private String position() {
            return frames.stream()
                    .filter(PermissionLostTest::isEvent)
                    .reduce((first, second) -> second)
                    .orElseThrow()
                    .getJsonObject("headers")
                    .getString("position");
        }

        private boolean got(String failureType) {
            return frames.stream().anyMatch(frame -> failureType.equals(frame.getString("failureType")));
        }
    }

    private static JsonObject registration(String address, String position) {
        JsonObject headers = new JsonObject().put("notices", "true");
        if (!position.isEmpty()) {
            headers.put("position", position);
        }
        return new JsonObject().put("type", "register").put("address", address).put("headers", headers);
    }

    private static boolean isEvent(JsonObject frame) {
        return "rec".equals(frame.getString("type")) && frame.containsKey("headers");
    }

    private Future<JsonObject> post(int node, boolean ops, String path, String body) {
        ClusterPlan.Place place = cluster.plan().nodes().get(node);
        return cluster.http()
                .request(HttpMethod.POST, ops ? place.ops() : place.http(), place.publicHost(), path)
                .map(request -> request.putHeader("X-API-Key", ClusterPlan.API_KEY))
                .map(request -> request.putHeader("Content-Type", "application/json"))
                .compose((HttpClientRequest request) -> request.send(body))
                .compose(response -> response.body())
                .map(JsonObject::new);
    }

    private List<Listener> listen(String user, String more, String address) {
        List<Listener> all = IntStream.range(0, NODES)
                .mapToObj(node -> new Listener(node, Tokens.of(user, more)).register(address, ""))
                .toList();
        cluster.await("all listen and hear", 20_000, () -> all.stream().allMatch(one -> one.events() > 5));
        return all;
    }

    /** Publishes fifty events a second until it is stopped. */
    private long publish(String address) {
        String body = new JsonObject()
                .put("address", address)
                .put("event", new JsonObject().put("type", "said").put("payload", 1))
                .encode();
        return cluster.onLoop(() -> cluster.vertx()
                .setPeriodic(
                        20,
                        timer -> post(0, false, "/api/v1/publish", body)
                                .onFailure(failure -> System.err.println("not published: " + failure))));
    }

    private void stopPublishing(long timer) {
        cluster.doOnLoop(() -> assertThat(cluster.vertx().cancelTimer(timer)).isTrue());
    }

    /** Judges when the last event came, a while after the right was taken away. */
    private void assertSilentSince(String number, String what, long begin, List<Listener> listeners) {
        List<Long> counts = listeners.stream().map(Listener::events).toList();
        ClusterUnderTest.pause(1_500);
        long last = listeners.stream()
                .mapToLong(listener -> (listener.lastEventNanos - begin) / 1_000_000)
                .max()
                .orElseThrow();
        assertThat(listeners.stream().map(Listener::events).toList()).isEqualTo(counts);
        assertThat(last).as(what + ": last event after").isLessThanOrEqualTo(PROMISED_MILLIS);
        System.out.println(
                what + ": last event on " + listeners.size() + " nodes at most " + Math.max(0, last) + " ms later");
        AttackLog.got(number, what, "last event " + Math.max(0, last) + " ms later at most, on " + NODES + " nodes");
    }

    private void assertDenied(String what, String token, String address, String position, String code) {
        for (int node = 0; node < NODES; node++) {
            Listener back = new Listener(node, token).tryToRegister(address, position);
            cluster.await(what + " is refused", 10_000, () -> back.got(code));
            ClusterUnderTest.pause(100);
            assertThat(back.events()).as(what + " brings nothing back").isZero();
        }
        AttackLog.got("S27", what + ", a resume with an old position", code + " on every node, no event");
    }

    @Test
    @Attack({"S25", "S27"})
    void aRevokedUserAndARevokedTokenAreCutOnEveryNodeAndOnOneThatJoinsLater() throws Exception {
        long timer = publish("role:1");
        List<Listener> alice = listen("alice", AGENT + ",\"iat\":1700000000", "role:1");
        List<Listener> bob = listen("bob", AGENT + ",\"jti\":\"bobs-token\"", "role:1");
        String position = alice.get(0).position();

        long begin = System.nanoTime();
        JsonObject cut = ClusterUnderTest.get(post(1, false, "/api/v1/tokens/revoke", "{\"sub\":\"alice\"}"));
        assertThat(cut.getInteger("closed")).isEqualTo(NODES);
        cluster.await("closed", 5_000, () -> alice.stream().allMatch(one -> one.closed == 4401));
        assertSilentSince("S25", "a user's tokens revoked", begin, alice);

        long second = System.nanoTime();
        assertThat(ClusterUnderTest.get(post(2, false, "/api/v1/tokens/revoke", "{\"jti\":\"bobs-token\"}"))
                        .getInteger("closed"))
                .isEqualTo(NODES);
        cluster.await("closed", 5_000, () -> bob.stream().allMatch(one -> one.closed == 4401));
        assertSilentSince("S25", "a jti revoked", second, bob);
        stopPublishing(timer);

        String aliceToken = Tokens.of("alice", AGENT + ",\"iat\":1700000000");
        String bobToken = Tokens.of("bob", AGENT + ",\"jti\":\"bobs-token\"");
        assertDenied("a revoked user", aliceToken, "role:1", position, "NOT_LOGGED_IN");
        cluster.node(2).terminate();
        cluster.node(2).restart();
        cluster.awaitReady();
        for (String token : List.of(aliceToken, bobToken)) {
            Listener late = new Listener(2, token).tryToRegister("role:1", position);
            cluster.await("refused by the node that joined later", 10_000, () -> late.closed == 4401);
            assertThat(late.events()).isZero();
        }
        AttackLog.got("S25", "both at a node that joined later", "NOT_LOGGED_IN, 4401");
    }

    @Test
    @Attack("S27")
    void aRoleThatARefreshTakesAwayEndsTheSubscription() {
        long timer = publish("role:2");
        List<Listener> carol = listen("carol", AGENT, "role:2");
        String position = carol.get(0).position();
        String guest = Tokens.of("carol", ",\"role\":\"guest\"");

        long begin = System.nanoTime();
        carol.forEach(one -> one.say(new JsonObject()
                .put("type", "send")
                .put("address", "hub.auth")
                .put("replyAddress", "r1")
                .put("body", new JsonObject().put("token", guest))));
        cluster.await("revoked", 5_000, () -> carol.stream().allMatch(one -> one.got("ACCESS_REVOKED")));
        assertSilentSince("S27", "a role taken away by refresh", begin, carol);
        assertDenied("a role lost by refresh", guest, "role:2", position, "ACCESS_DENIED");
        stopPublishing(timer);
    }

    @Test
    @Attack("S27")
    void aRoleThatAReloadTakesAwayIsNamedByADryRunAndThenEnds() throws Exception {
        long timer = publish("lead:1");
        List<Listener> dan = listen("dan", AGENT, "lead:1");
        String position = dan.get(0).position();
        Path config = cluster.plan().config();
        FileTime before = Files.getLastModifiedTime(config);
        edit(
                config,
                before,
                "lead:{id}\", subscribe: 'claims.role == \"agent\"",
                "lead:{id}\", subscribe: 'claims.role == \"chief\"");

        JsonObject preview = ClusterUnderTest.get(post(1, true, "/ops/v1/reload?dryRun=true", ""));
        assertThat(preview.getJsonObject("nodes"))
                .isEqualTo(new JsonObject().put("asked", NODES).put("unanswered", 0));
        JsonArray cut = preview.getJsonArray("cut");
        assertThat(cut).hasSize(NODES).allMatch(one -> {
            JsonObject named = (JsonObject) one;
            return named.getString("user").equals("dan")
                    && named.getString("address").equals("lead:1")
                    && named.getString("rule").equals("lead:{id}");
        });
        assertThat(cut.stream().map(one -> ((JsonObject) one).getString("node")).distinct())
                .hasSize(NODES);
        long heard = dan.stream().mapToLong(Listener::events).sum();
        cluster.await(
                "all still hear",
                5_000,
                () -> dan.stream().mapToLong(Listener::events).sum() > heard + 30);
        assertThat(dan).noneMatch(one -> one.got("ACCESS_REVOKED"));

        long begin = System.nanoTime();
        Files.setLastModifiedTime(config, FileTime.fromMillis(before.toMillis() + 5_000));
        cluster.await("revoked", 5_000, () -> dan.stream().allMatch(one -> one.got("ACCESS_REVOKED")));
        assertSilentSince("S27", "a role taken away by reload", begin, dan);
        assertDenied("a role lost by reload", Tokens.of("dan", AGENT), "lead:1", position, "ACCESS_DENIED");
        stopPublishing(timer);
    }

    @Test
    @Attack("S9")
    void aUserHasTheNumberOfConnectionsOnAllNodesTogether() throws Exception {
        Path config = cluster.plan().config();
        edit(config, FileTime.fromMillis(1_000), "connectionsPerUser: 100000", "connectionsPerUser: 4");
        for (int node = 0; node < NODES; node++) {
            assertThat(ClusterUnderTest.get(post(node, true, "/ops/v1/reload", ""))
                            .getBoolean("reloaded"))
                    .isTrue();
        }
        List<Listener> four = IntStream.range(0, 4)
                .mapToObj(i -> {
                    Listener one = new Listener(i % NODES, Tokens.of("eve", AGENT)).register("role:9", "");
                    cluster.await("subscribed", 10_000, () -> !one.frames.isEmpty());
                    return one;
                })
                .toList();
        Listener fifth = new Listener(2, Tokens.of("eve", AGENT));
        cluster.await("one too many is closed", 10_000, () -> fifth.closed == 4409);
        assertThat(fifth.got("LIMIT_REACHED")).isTrue();
        assertThat(four).allMatch(one -> one.closed == 0);
        AttackLog.got("S9", "a fifth socket of a user with four on three nodes", "LIMIT_REACHED, 4409");
        edit(config, FileTime.fromMillis(2_000), "connectionsPerUser: 4", "connectionsPerUser: 100000");
        for (int node = 0; node < NODES; node++) {
            assertThat(ClusterUnderTest.get(post(node, true, "/ops/v1/reload", ""))
                            .getBoolean("reloaded"))
                    .isTrue();
        }
    }

    /** Edits the file as a whole, with a time of its own, so that the watch sees the edit when the time changes. */
    private static void edit(Path config, FileTime time, String from, String to) throws IOException {
        String text = Files.readString(config);
        assertThat(text).contains(from);
        Path aside = Files.writeString(config.resolveSibling("edited.yaml"), text.replace(from, to));
        Files.setLastModifiedTime(aside, time);
        Files.move(aside, config, StandardCopyOption.ATOMIC_MOVE);
    }
}
