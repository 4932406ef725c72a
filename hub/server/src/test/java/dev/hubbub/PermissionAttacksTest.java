package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.attack.Attack;
import dev.hubbub.attack.AttackLog;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What somebody with a good token may not do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PermissionAttacksTest {
    private static final String RULES = """
            limits: { connectionsPerUser: 1000, connectionsPerIp: 1000, rate: { messages: 10000/s, burst: 10000 } }
            addresses:
              - { match: "room:{id}", subscribe: true, publish: true }
              - { match: "mine:{id}", subscribe: claims.sub == id, publish: claims.sub == id }
              - { match: "tenant:{t}:{name}", subscribe: claims.tenant == t, publish: claims.tenant == t }
              - { match: "{any...}", subscribe: true, publish: true, send: true }
            """;
    private static final JsonObject EVENT = new JsonObject().put("type", "said").put("payload", "hello");

    private NodeUnderTest hub;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        hub = NodeUnderTest.start(folder, NodeUnderTest.HEAD + RULES);
    }

    @AfterAll
    void stop() {
        hub.close();
    }

    private static String token(String user) {
        return NodeUnderTest.token(user, Map.of());
    }

    @Test
    @Attack("S26")
    void aDeniedAddressTellsNothingOfWhatIsInIt() throws Exception {
        assertThat(hub.publish("mine:full", EVENT).status()).isEqualTo(200);
        String[] alice = NodeUnderTest.bearer(token("alice"));
        List<Map<String, String>> told = new ArrayList<>();
        for (String address : List.of("mine:full", "mine:none")) {
            Map<String, String> answers = new LinkedHashMap<>();
            for (String path : List.of("", "/events", "/events?recent=5", "/events?q=hello", "/presence")) {
                NodeUnderTest.Answer answer = hub.get("/api/v1/addresses/" + address + path, alice);
                // The roster is not kept at either: 404 whoever asks.
                assertThat(answer.status()).as(address + path).isIn(403, 404);
                answers.put("GET " + path, answer.status() + " " + answer.body().replace(address, "A"));
            }
            NodeUnderTest.Answer publish = hub.post(
                    "/api/v1/publish", new JsonObject().put("address", address).put("event", EVENT), alice);
            answers.put("publish", publish.status() + " " + publish.body().replace(address, "A"));
            NodeUnderTest.Client client = hub.connect(token("alice"));
            for (JsonObject headers : List.of(
                    new JsonObject(),
                    new JsonObject().put("position", "e.1-a:1"),
                    new JsonObject().put("recent", "5"))) {
                int before = client.frames.size();
                client.say(new JsonObject()
                        .put("type", "register")
                        .put("address", address)
                        .put("headers", headers));
                NodeUnderTest.eventually("an answer", () -> client.frames.size() > before);
                answers.put(
                        "register " + headers.encode(),
                        client.frames.get(before).replace(address, "A"));
            }
            told.add(answers);
        }
        assertThat(told.get(0)).isEqualTo(told.get(1));
        told.get(0).keySet().forEach(call -> AttackLog.got("S26", call, "the same for full and empty"));
    }

    @Test
    @Attack({"S31", "S33"})
    void theHubsOwnAddressesAreClosedEvenUnderARuleForEverything() throws Exception {
        NodeUnderTest.Client client = hub.connect(token("alice"));
        for (String address : List.of(
                "hub.control.x",
                "hub.doorkeeper.x",
                "hub.admission.x",
                "hub.gateway.x.0.ask",
                "hub.x",
                "__vertx.x",
                "__vertx.reply.1",
                "__vertx.reply.0d1f3b1e-0000-4000-8000-000000000000")) {
            for (String type : List.of("register", "send", "publish")) {
                int before = client.frames.size();
                client.say(new JsonObject()
                        .put("type", type)
                        .put("address", address)
                        .put("headers", new JsonObject())
                        .put("body", EVENT));
                NodeUnderTest.eventually("an answer to " + type, () -> client.frames.size() > before);
                assertThat(new JsonObject(client.frames.get(before)).getString("failureType"))
                        .as(type + " " + address)
                        .isEqualTo("ACCESS_DENIED");
                AttackLog.got(
                        address.startsWith("__vertx.reply") ? "S33" : "S31", type + " " + address, "ACCESS_DENIED");
            }
        }
    }

    @Test
    @Attack("S32")
    void whatTheHubFillsInIsNotTheClients() throws Exception {
        NodeUnderTest.Client listener = hub.connect(token("bob"));
        listener.register("room:forged");
        NodeUnderTest.Client client = hub.connect(token("alice"));
        client.say(new JsonObject()
                .put("type", "publish")
                .put("address", "room:forged")
                .put("headers", new JsonObject().put("position", "e.9-x:99"))
                .put("body", EVENT.copy().put("actorId", "root")));
        listener.hears("\"rec\"", "room:forged");
        JsonObject heard = listener.frames.stream()
                .filter(frame -> frame.contains("\"rec\""))
                .map(JsonObject::new)
                .findFirst()
                .orElseThrow();
        assertThat(heard.getJsonObject("body").getString("actorId")).isEqualTo("alice");
        assertThat(heard.getJsonObject("headers").getString("position")).endsWith(":1");
        AttackLog.got("S32", "actorId root, position e.9-x:99", "actorId alice, the log's own position");
    }

    @Test
    @Attack("S35")
    void aThousandPairsOfTenantsNeverMeet() throws Exception {
        String[] first = NodeUnderTest.bearer(NodeUnderTest.token("ann", Map.of("tenant", "one")));
        NodeUnderTest.Client other = hub.connect(NodeUnderTest.token("ann", Map.of("tenant", "two")));
        for (int i = 0; i < 1_000; i++) {
            String address = "tenant:one:a" + i;
            int before = other.frames.size();
            other.say(new JsonObject().put("type", "register").put("address", address));
            NodeUnderTest.eventually("an answer", () -> other.frames.size() > before);
            assertThat(other.frames.get(before)).contains("ACCESS_DENIED");
            if (i % 100 == 0) {
                JsonObject body = new JsonObject().put("address", address).put("event", EVENT);
                assertThat(hub.post("/api/v1/publish", body, first).status()).isEqualTo(200);
            }
        }
        assertThat(other.frames).noneMatch(frame -> frame.contains("\"rec\""));
        AttackLog.got(
                "S35", "1,000 addresses of one tenant by another of the same user name", "ACCESS_DENIED, no event");
    }

    @Test
    @Attack("S30")
    void anAddressHasOneFormOnly() throws Exception {
        NodeUnderTest.Client client = hub.connect(token("alice"));
        for (String address : List.of(
                "",
                "a b",
                "a\u0000b",
                "a\r\nb",
                "room:é",
                "room:e\u0301",
                "room:\uff11",
                "room:1\u200b",
                "room:\u202e1",
                "room:*",
                "room:#",
                "room:%2e",
                "room:1\n",
                " room:1",
                "a".repeat(256))) {
            int before = client.frames.size();
            client.say(new JsonObject().put("type", "register").put("address", address));
            NodeUnderTest.eventually("an answer", () -> client.frames.size() > before);
            assertThat(new JsonObject(client.frames.get(before)).getString("failureType"))
                    .as(address)
                    .isEqualTo("BAD_ADDRESS");
            AttackLog.got("S30", "address " + address.substring(0, Math.min(12, address.length())), "BAD_ADDRESS");
        }
    }

    @Test
    @Attack("S47")
    void aKeyIsOneEventWhoeverUsesItAgain() throws Exception {
        JsonObject body = new JsonObject().put("address", "room:keys").put("event", EVENT);
        String[] alice = {"Authorization", "Bearer " + token("alice"), "Idempotency-Key", "k1"};
        String[] bob = {"Authorization", "Bearer " + token("bob"), "Idempotency-Key", "k1"};
        String first = hub.post("/api/v1/publish", body, alice).json().getString("id");
        assertThat(hub.post("/api/v1/publish", body, alice).json().getString("id"))
                .isEqualTo(first);
        assertThat(hub.post("/api/v1/publish", body, bob).json().getString("id"))
                .as("promise 3: once, by whoever it is retried")
                .isEqualTo(first);
        JsonObject changed = body.copy().put("event", EVENT.copy().put("payload", "other"));
        for (String[] who : List.of(alice, bob)) {
            assertThat(hub.post("/api/v1/publish", changed, who).status()).isEqualTo(422);
        }
        AttackLog.got("S47", "the key of another with the same payload", "that event, and no second one");
        AttackLog.got("S47", "a key again with another payload, by whoever", 422);
    }

    @Test
    @Attack("S36")
    void keysThatAreNoneAreAllTheSame() throws Exception {
        List<String> bodies = new ArrayList<>();
        for (String key : List.of("", "x", "admin-kex", "admin-key ", "ADMIN-KEY", "orders", "y".repeat(600))) {
            NodeUnderTest.Answer answer = hub.get("/api/v1/addresses", "X-API-Key", key);
            // A header's value ends before its blanks, so this one is good.
            assertThat(answer.status()).as(key).isEqualTo(key.equals("admin-key ") ? 200 : 401);
            if (answer.status() == 401) {
                bodies.add(answer.body());
                AttackLog.got("S36", "key " + key.substring(0, Math.min(10, key.length())), "401, the same body");
            }
        }
        assertThat(bodies).hasSize(6).allMatch(bodies.get(0)::equals);
    }
}
