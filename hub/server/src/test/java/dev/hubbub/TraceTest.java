package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.NodeUnderTest.Answer;
import dev.hubbub.NodeUnderTest.Client;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Why somebody did or did not get an event, as the hub itself answers. */
class TraceTest {
    private static final String RULES = """
            limits: { pending: 64KiB }
            addresses:
              - { match: "room:{id}", subscribe: true, publish: true }
              - { match: "vault:{id}", subscribe: 'claims.role == "boss"' }
              - { match: "price:{id}", subscribe: true, delivery: latest, every: 300ms }
              - { match: "cursor:{id}", subscribe: true, publish: true, delivery: signal }
              - { match: "short:{id}", subscribe: true, keep: { events: 2 } }
            """;

    @TempDir
    private Path folder;

    private NodeUnderTest hub;

    @BeforeEach
    void start() throws Exception {
        hub = NodeUnderTest.start(folder, NodeUnderTest.HEAD + RULES);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private static JsonObject event(Object payload) {
        return new JsonObject().put("type", "said").put("payload", payload);
    }

    private String publish(String address, JsonObject event) throws Exception {
        Answer answer = hub.publish(address, event);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().getString("id");
    }

    private Client connect(String user) throws Exception {
        return hub.connect(NodeUnderTest.token(user, Map.of("role", "clerk")));
    }

    private JsonObject trace(String id, String query) throws Exception {
        return trace(hub, id, query);
    }

    static JsonObject trace(NodeUnderTest node, String id, String query) throws Exception {
        Answer answer = node.opsGet("/ops/v1/trace/" + id + query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static void isVerdict(JsonObject answer, String code, String evidence, String... words) {
        JsonObject verdict = answer.getJsonObject("verdict");
        assertThat(verdict.getString("code")).as(answer.encodePrettily()).isEqualTo(code);
        assertThat(verdict.getString("evidence")).as(answer.encodePrettily()).isEqualTo(evidence);
        for (String word : words) {
            assertThat(verdict.getString("text")).contains(word);
        }
    }

    @Test
    void deliveredToWhoWasThere() throws Exception {
        Client alice = connect("alice");
        alice.register("room:1");
        String id = publish("room:1", event("hello"));
        alice.hears(id);

        JsonObject answer = trace(id, "?user=alice");
        isVerdict(answer, "delivered", "recorded", "alice got it at");
        assertThat(answer.getJsonObject("event").getString("address")).isEqualTo("room:1");
        assertThat(answer.getJsonObject("event").getString("by")).isEqualTo("operator");
        assertThat(answer.getJsonObject("event").getString("type")).isEqualTo("said");
        assertThat(answer.getJsonObject("event").getString("acceptedAt")).isNotEmpty();
        assertThat(answer.getJsonObject("nodes").getInteger("asked")).isEqualTo(1);

        JsonObject all = trace(id, "");
        isVerdict(all, "delivered", "recorded", "1 connection");
        assertThat(all.getJsonObject("counts").getLong("delivered")).isEqualTo(1);
        assertThat(all.getJsonArray("users").getJsonObject(0).getString("user")).isEqualTo("alice");
    }

    @Test
    void notSubscribed() throws Exception {
        Client alice = connect("alice");
        alice.register("room:1");
        String id = publish("room:2", event("hello"));

        isVerdict(trace(id, "?user=alice"), "not_subscribed", "recorded", "alice was connected", "room:2");
        isVerdict(trace(id, ""), "not_subscribed", "recorded", "Nobody was subscribed");
        isVerdict(trace(id, "?user=nobody"), "not_connected", "recorded", "nobody was not connected");
    }

    @Test
    void deniedByARule() throws Exception {
        Client alice = connect("alice");
        alice.say(new JsonObject().put("type", "register").put("address", "vault:7"));
        alice.hears("ACCESS_DENIED", "vault:7");
        String id = publish("vault:7", event("gold"));

        JsonObject answer = trace(id, "?user=alice");
        isVerdict(answer, "denied", "recorded", "vault:{id}", "hub.yaml:");
        JsonArray steps = answer.getJsonArray("steps");
        JsonObject details = steps.stream()
                .map(step -> ((JsonObject) step).getJsonObject("details"))
                .filter(found -> found.containsKey("allowed"))
                .findFirst()
                .orElseThrow();
        assertThat(details.getString("expression")).contains("claims.role");
        assertThat(details.getJsonObject("values").encode()).contains("clerk");

        alice.leave();
        NodeUnderTest.eventually("nobody is there", () -> connections() == 0);
        isVerdict(trace(publish("vault:7", event("more")), "?user=alice"), "not_connected", "recorded");
    }

    @Test
    void conflatedByANewerValue() throws Exception {
        Client alice = connect("alice");
        alice.register("price:btc");
        JsonObject first = event(1).put("resourceId", "btc");
        alice.frames.clear();
        String shown = publish("price:btc", first);
        alice.hears(shown);
        String replaced = publish("price:btc", event(2).put("resourceId", "btc"));
        String newest = publish("price:btc", event(3).put("resourceId", "btc"));
        alice.hears(newest);

        isVerdict(trace(shown, "?user=alice"), "delivered", "recorded");
        isVerdict(trace(replaced, "?user=alice"), "conflated", "recorded", newest);
        isVerdict(trace(newest, "?user=alice"), "delivered", "recorded");
        assertThat(trace(replaced, "").getJsonObject("counts").getLong("conflated"))
                .isEqualTo(1);
    }

    @Test
    void droppedAsTheClientDidNotRead() throws Exception {
        int port = URI.create(hub.node().publicUrl()).getPort();
        String token = NodeUnderTest.token("sarah", Map.of());
        Client alice = connect("alice");
        alice.register("cursor:1");
        try (Wire slow = Wire.upgraded(port, "/eventbus/websocket?access_token=" + token)) {
            slow.text("{\"type\":\"register\",\"address\":\"cursor:1\",\"headers\":{\"notices\":\"true\"}}");
            assertThat(slow.readText()).contains("hub.subscribed");
            String id = "";
            long dropped = 0;
            for (int i = 0; i < 500 && dropped == 0; i++) {
                id = publish("cursor:1", event("x".repeat(50_000)));
                dropped = counted("hubbub_events_lost_total{delivery=\"signal\",reason=\"dropped\"}");
            }
            assertThat(dropped).isPositive();

            isVerdict(trace(id, "?user=sarah"), "dropped", "recorded", "sarah did not get it", "does not read");
            isVerdict(trace(id, "?user=alice"), "delivered", "recorded");
        }
    }

    private long counted(String series) throws Exception {
        return AccountsOfNodeTest.counted(hub, series);
    }

    @Test
    void goneOfflineAndResumed() throws Exception {
        Client alice = connect("alice");
        alice.register("room:1");
        String seen = publish("room:1", event("seen"));
        alice.hears(seen);
        String position = alice.frames.stream()
                .filter(frame -> frame.contains(seen))
                .map(frame -> new JsonObject(frame).getJsonObject("headers").getString("position"))
                .findFirst()
                .orElseThrow();
        alice.leave();
        NodeUnderTest.eventually("nobody is there", () -> connections() == 0);
        String missed = publish("room:1", event("missed"));
        isVerdict(trace(missed, "?user=alice"), "not_connected", "recorded", "the last connection ended at");

        Client again = connect("alice");
        again.say(new JsonObject()
                .put("type", "register")
                .put("address", "room:1")
                .put("headers", new JsonObject().put("position", position).put("notices", "true")));
        again.hears("hub.recovered");
        JsonObject answer = trace(missed, "?user=alice");
        isVerdict(answer, "recovered", "recorded", "alice got it", "ms late", "when it caught up");
        assertThat(answer.getJsonArray("steps").encode()).contains("opened; it ended at");
        isVerdict(trace(seen, "?user=alice"), "delivered", "recorded");
    }

    private int connections() {
        try {
            return (int) counted("hubbub_connections{");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void expiredBeforeTheReturn() throws Exception {
        Client alice = connect("alice");
        alice.register("short:1");
        String seen = publish("short:1", event("seen"));
        alice.hears(seen);
        String position = new JsonObject(alice.frames.stream()
                        .filter(frame -> frame.contains(seen))
                        .findFirst()
                        .orElseThrow())
                .getJsonObject("headers")
                .getString("position");
        alice.leave();
        NodeUnderTest.eventually("nobody is there", () -> connections() == 0);
        String missed = publish("short:1", event("missed"));
        for (int i = 0; i < 5; i++) {
            assertThat(publish("short:1", event(i))).isNotEmpty();
        }
        Client again = connect("alice");
        again.say(new JsonObject()
                .put("type", "register")
                .put("address", "short:1")
                .put("headers", new JsonObject().put("position", position)));
        again.hears("POSITION_LOST", "retention");

        isVerdict(trace(missed, "?user=alice"), "expired", "recorded", "not kept any more", "POSITION_LOST");
    }

    @Test
    void publishedTwice() throws Exception {
        Client alice = connect("alice");
        alice.register("room:1");
        JsonObject event = event("once").put("id", "order-7");
        assertThat(publish("room:1", event)).isEqualTo("order-7");
        assertThat(hub.publish("room:1", event).json().getBoolean("duplicate")).isTrue();
        alice.hears("order-7");

        JsonObject answer = trace("order-7", "");
        isVerdict(answer, "duplicate", "recorded", "Published 2 times", "1 connection");
        assertThat(answer.getJsonObject("event").getBoolean("duplicate")).isTrue();
        assertThat(answer.getJsonArray("steps").encode()).contains("a duplicate, answered with the first position");
        isVerdict(trace("order-7", "?user=alice"), "delivered", "recorded");
    }

    @Test
    void whatIsNotOnRecordIsNeverCalledRecorded() throws Exception {
        isVerdict(trace("nothing", ""), "unknown", "reconstructed", "say --address");
        isVerdict(trace("nothing", "?address=room:1&user=alice"), "unknown", "reconstructed");
        assertThat(hub.opsGet("/ops/v1/trace").status()).isEqualTo(400);
        assertThat(hub.opsGet("/ops/v1/trace/x?limit=0").status()).isEqualTo(400);
        assertThat(hub.opsGet("/ops/v1/trace/x?address=bad address".replace(" ", "%20"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void whatTheRecordHasForgottenIsReconstructedAndMarkedSo() throws Exception {
        Path other = Files.createDirectory(folder.resolve("short"));
        try (NodeUnderTest node =
                NodeUnderTest.start(other, NodeUnderTest.HEAD + "trace: { entries: 1000, for: 1s }\n" + RULES)) {
            Client alice = node.connect(NodeUnderTest.token("alice", Map.of()));
            alice.register("room:1");
            String id = node.publish("room:1", event("hello")).json().getString("id");
            alice.hears(id);
            NodeUnderTest.eventually("it is forgotten", () -> isForgotten(node, id));

            JsonObject answer = trace(node, id, "?user=alice&address=room:1");
            isVerdict(answer, "delivered", "reconstructed", "not on record any more");
            assertThat(answer.getJsonArray("steps").encode())
                    .contains("the log has it at", "reconstructed")
                    .doesNotContain("accepted from");
            isVerdict(trace(node, id, "?user=carol&address=room:1"), "not_connected", "reconstructed");
        }
    }

    private static boolean isForgotten(NodeUnderTest node, String id) {
        try {
            return trace(node, id, "")
                    .getJsonObject("verdict")
                    .getString("code")
                    .equals("unknown");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void recentDecisionsOfAUserAndAtAnAddress() throws Exception {
        Client alice = connect("alice");
        alice.register("room:1");
        alice.say(new JsonObject().put("type", "register").put("address", "vault:7"));
        alice.hears("ACCESS_DENIED");
        String id = publish("room:1", event("hello"));
        alice.hears(id);

        String ofAlice = hub.opsGet("/ops/v1/trace?user=alice").body();
        assertThat(ofAlice).contains("subscription live", "subscription refused", id, "\"outcome\":\"delivered\"");
        JsonObject there = hub.opsGet("/ops/v1/trace?address=room:1&limit=2").json();
        assertThat(there.getJsonArray("entries")).hasSize(2);
        assertThat(there.getBoolean("more")).isTrue();
        assertThat(hub.opsGet("/ops/v1/trace?user=alice&address=vault:7").json().getJsonArray("entries"))
                .hasSize(1);
    }

    @Test
    void everyNodeIsAskedWhereverTheEventAndTheUserAre() throws Exception {
        int first = FreePorts.one();
        int second = FreePorts.one();
        try (NodeUnderTest one = clustered("one", first, second);
                NodeUnderTest two = clustered("two", second, first)) {
            NodeUnderTest.eventually("two nodes", () -> nodes(one) == 2 && nodes(two) == 2);
            Client alice = one.connect(NodeUnderTest.token("alice", Map.of()));
            alice.register("room:1");
            Client bob = two.connect(NodeUnderTest.token("bob", Map.of()));
            bob.register("room:1");
            // The first one begins a term of the log, and everybody catches up with it.
            String warm = two.publish("room:1", event("first")).json().getString("id");
            alice.hears(warm);
            bob.hears(warm);
            Answer published = two.publish("room:1", event("hello"));
            assertThat(published.status()).as(published.body()).isEqualTo(200);
            String id = published.json().getString("id");
            alice.hears(id);
            bob.hears(id);

            for (NodeUnderTest asked : new NodeUnderTest[] {one, two}) {
                isVerdict(trace(asked, id, "?user=alice"), "delivered", "recorded");
                isVerdict(trace(asked, id, "?user=bob"), "delivered", "recorded");
                isVerdict(trace(asked, id, "?user=carol"), "not_connected", "recorded");
                JsonObject all = trace(asked, id, "");
                assertThat(all.getJsonObject("counts").getLong("delivered")).isEqualTo(2);
                assertThat(all.getJsonArray("users")).hasSize(2);
                assertThat(all.getJsonObject("nodes").getInteger("asked")).isEqualTo(2);
            }
        }
    }

    private NodeUnderTest clustered(String name, int port, int other) throws Exception {
        String cluster =
                "cluster: { enabled: true, name: traces, host: 127.0.0.1, port: %d, busPort: %d, join: [\"127.0.0.1:%d\"] }\n"
                        .formatted(port, FreePorts.one(), other);
        return NodeUnderTest.start(Files.createDirectory(folder.resolve(name)), NodeUnderTest.HEAD + cluster + RULES);
    }

    private static int nodes(NodeUnderTest node) {
        try {
            return node.opsGet("/ops/v1/nodes").json().getJsonArray("nodes").size();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
