package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.NodeUnderTest.Answer;
import dev.hubbub.NodeUnderTest.Client;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operators' console asks a node for. */
class ConsoleApiTest {
    private static final String RULES = """
            addresses:
              - { match: "room:{id}", subscribe: true, publish: true }
              - match: "staff:{id}"
                subscribe: claims.role == "agent"
              - { match: "price:{id}", subscribe: true, publish: true, delivery: latest }
            """;
    private static final String[] PAGE = {"X-Hubbub-Console", "1"};

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

    private Client connect(String user, String... addresses) throws Exception {
        Client client = hub.connect(NodeUnderTest.token(user, Map.of("role", "guest")));
        for (String address : addresses) {
            client.register(address);
        }
        return client;
    }

    private void joins(String user, String... addresses) throws Exception {
        assertThat(connect(user, addresses).closeCode).isZero();
    }

    private JsonObject get(String path) throws Exception {
        Answer answer = hub.opsGet(path);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static List<JsonObject> rows(JsonObject answer, String list) {
        return answer.getJsonArray(list).stream().map(JsonObject.class::cast).toList();
    }

    private String idOf(String user) throws Exception {
        return rows(get("/ops/v1/connections?user=" + user), "connections")
                .get(0)
                .getString("id");
    }

    private void publish(String address) throws Exception {
        assertThat(hub.publish(address, new JsonObject().put("type", "said").put("payload", "secret words"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void connectionsComeInPagesTheLastFirst() throws Exception {
        for (int i = 0; i < 5; i++) {
            joins("user-" + i, "room:1");
        }
        JsonObject first = get("/ops/v1/connections?limit=2");
        assertThat(rows(first, "connections"))
                .extracting(row -> row.getString("user"))
                .containsExactly("user-4", "user-3");
        assertThat(first.getBoolean("more")).isTrue();
        assertThat(first.getJsonObject("nodes").getInteger("asked")).isEqualTo(1);

        JsonObject second = get("/ops/v1/connections?limit=2&after=" + first.getString("after"));
        assertThat(rows(second, "connections"))
                .extracting(row -> row.getString("user"))
                .containsExactly("user-2", "user-1");
        JsonObject last = get("/ops/v1/connections?limit=2&after=" + second.getString("after"));
        assertThat(rows(last, "connections"))
                .extracting(row -> row.getString("user"))
                .containsExactly("user-0");
        assertThat(last.getBoolean("more")).isFalse();
    }

    @Test
    void connectionsAreFoundByUserAddressAndWhatIsSlow() throws Exception {
        joins("alice", "room:1");
        joins("bob", "room:1", "room:2");
        assertThat(rows(get("/ops/v1/connections?user=alice"), "connections")).hasSize(1);
        assertThat(rows(get("/ops/v1/connections?address=room:1"), "connections"))
                .hasSize(2);
        assertThat(rows(get("/ops/v1/connections?address=room:2&ip=127.0.0.1"), "connections"))
                .hasSize(1);
        assertThat(rows(get("/ops/v1/connections?address=no%20address"), "connections"))
                .isEmpty();
        assertThat(rows(get("/ops/v1/connections?slow=true"), "connections")).isEmpty();
        assertThat(hub.opsGet("/ops/v1/connections?limit=many").status()).isEqualTo(400);
    }

    @Test
    void aConnectionTellsItsSubscriptionsAndWhereTheyAre() throws Exception {
        publish("room:1");
        joins("alice", "room:1", "price:X");
        JsonObject alice = get("/ops/v1/connections/" + idOf("alice"));
        assertThat(alice.getString("transport")).isEqualTo("websocket");
        assertThat(alice.getBoolean("slow")).isFalse();
        assertThat(alice.getLong("pendingBytes")).isZero();
        assertThat(alice.getJsonObject("claims").getString("role")).isEqualTo("guest");
        assertThat(alice.getString("tokenExpires")).isNotEmpty();
        List<JsonObject> subscriptions = rows(alice, "subscriptions");
        assertThat(subscriptions).extracting(one -> one.getString("address")).containsExactly("price:X", "room:1");
        assertThat(subscriptions).extracting(one -> one.getString("state")).containsOnly("live");
        assertThat(subscriptions.get(1).getString("position")).endsWith(":1");
        assertThat(hub.opsGet("/ops/v1/connections/c0").status()).isEqualTo(404);
    }

    @Test
    void cuttingTakesTheKeyAndIsNoted() throws Exception {
        Client alice = connect("alice", "room:9");
        String path = "/ops/v1/connections/" + idOf("alice") + "/disconnect";
        assertThat(hub.opsPost(path, "").status()).isEqualTo(401);
        assertThat(hub.opsPost(path, "", "X-API-Key", "orders-key").status()).isEqualTo(401);
        assertThat(alice.closeCode).isZero();

        Answer cut = hub.opsPost(path, "", "X-API-Key", "admin-key", "X-Audit-Reason", "too%20loud%0Aline");
        assertThat(cut.status()).as(cut.body()).isEqualTo(200);
        alice.isClosed(4403);
        JsonObject entry = rows(get("/ops/v1/audit"), "entries").get(0);
        assertThat(entry.getString("action")).isEqualTo("disconnect");
        assertThat(entry.getString("who")).isEqualTo("operator");
        assertThat(entry.getString("why")).isEqualTo("too loud line");
        assertThat(entry.getInteger("status")).isEqualTo(200);
        NodeUnderTest.eventually("it is gone", () -> status(path) == 404);
    }

    private int status(String path) {
        try {
            return hub.opsPost(path, "", NodeUnderTest.ADMIN).status();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aUserIsCutEverywhere() throws Exception {
        Client one = connect("alice", "room:9");
        Client other = connect("alice", "room:9");
        joins("bob", "room:9");
        JsonObject cut = hub.opsPost("/ops/v1/users/alice/disconnect", "", NodeUnderTest.ADMIN)
                .json();
        assertThat(cut.getInteger("disconnected")).isEqualTo(2);
        one.isClosed(4403);
        other.isClosed(4403);
        assertThat(rows(get("/ops/v1/connections?user=bob"), "connections")).hasSize(1);
    }

    @Test
    void busyAddressesAreRankedAndCounted() throws Exception {
        joins("alice", "room:1", "room:2");
        joins("bob", "room:1");
        Client carol = connect("carol", "price:X");
        for (int i = 0; i < 3; i++) {
            publish("room:2");
        }
        publish("price:X");
        carol.hears("\"address\":\"price:X\"", "secret words");
        assertThat(rows(get("/ops/v1/addresses?sort=subscribers"), "addresses"))
                .extracting(row -> row.getString("address"))
                .startsWith("room:1");
        assertThat(rows(get("/ops/v1/addresses?sort=events&match=room:"), "addresses"))
                .extracting(row -> row.getString("address"))
                .containsExactly("room:2", "room:1");
        JsonObject prices =
                rows(get("/ops/v1/addresses?match=price:%7Bid%7D"), "addresses").get(0);
        assertThat(prices.getString("delivery")).isEqualTo("latest");
        assertThat(prices.getJsonObject("rule").getString("match")).isEqualTo("price:{id}");
        assertThat(prices.getDouble("out")).isPositive();
        assertThat(hub.opsGet("/ops/v1/addresses?sort=name").status()).isEqualTo(400);
        assertThat(hub.opsGet("/ops/v1/addresses?match=%7B").status()).isEqualTo(400);
    }

    @Test
    void anAddressTellsItsRuleItsPlaceAndItsNodes() throws Exception {
        publish("room:7");
        joins("alice", "room:7");
        JsonObject room = get("/ops/v1/addresses/room:7");
        assertThat(room.getInteger("subscribers")).isEqualTo(1);
        assertThat(room.getInteger("retained")).isEqualTo(1);
        assertThat(room.getString("position")).endsWith(":1");
        assertThat(room.getJsonObject("rule").getString("where")).matches(".*hub\\.yaml:\\d+:\\d+");
        assertThat(rows(room, "perNode")).hasSize(1);
        JsonObject unused = get("/ops/v1/addresses/room:nobody");
        assertThat(unused.getInteger("subscribers")).isZero();
        assertThat(unused.containsKey("position")).isFalse();
        assertThat(hub.opsGet("/ops/v1/addresses/no%20address").status()).isEqualTo(400);
    }

    @Test
    void whoCameBackIsCounted() throws Exception {
        publish("room:1");
        Client alice = connect("alice", "room:9");
        String position = get("/ops/v1/addresses/room:1").getString("position");
        JsonObject headers = new JsonObject().put("notices", "true");
        alice.say(new JsonObject()
                .put("type", "register")
                .put("address", "room:1")
                .put("headers", headers.copy().put("position", position)));
        alice.hears("hub.recovered");
        Client bob = connect("bob", "room:9");
        bob.say(new JsonObject()
                .put("type", "register")
                .put("address", "room:1")
                .put("headers", headers.put("position", "other.1-1:5")));
        bob.hears("POSITION_LOST");
        JsonObject room = get("/ops/v1/addresses/room:1");
        assertThat(room.getLong("resumed")).isEqualTo(1);
        assertThat(room.getLong("lost")).isEqualTo(1);
    }

    @Test
    void ratesAreSampledAndBounded() throws Exception {
        NodeUnderTest.eventually("a sample", () -> !samples().isEmpty());
        JsonObject node = rows(get("/ops/v1/rates?last=1"), "rates").get(0);
        assertThat(node.getJsonArray("columns")).contains("connections", "in", "out", "heapMiB");
        assertThat(node.getJsonArray("samples")).hasSize(1);
        assertThat(node.getJsonArray("samples").getJsonArray(0))
                .hasSize(node.getJsonArray("columns").size() + 1);
    }

    private JsonArray samples() {
        try {
            return rows(get("/ops/v1/rates"), "rates").get(0).getJsonArray("samples");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void explainsClaimsAndTokens() throws Exception {
        JsonObject question = new JsonObject().put("address", "staff:1").put("action", "subscribe");
        JsonObject denied = hub.opsPost(
                        "/ops/v1/explain", question.copy().put("claims", new JsonObject().put("role", "guest")))
                .json();
        assertThat(denied.getBoolean("allowed")).isFalse();
        assertThat(denied.getString("rule")).isEqualTo("staff:{id}");
        assertThat(denied.getString("where")).contains("hub.yaml:");
        String token = NodeUnderTest.token("alice", Map.of("role", "agent"));
        JsonObject allowed = hub.opsPost("/ops/v1/explain", question.copy().put("token", token))
                .json();
        assertThat(allowed.getBoolean("allowed")).isTrue();
        assertThat(allowed.getJsonObject("token").getBoolean("valid")).isTrue();
        JsonObject forged = hub.opsPost("/ops/v1/explain", question.copy().put("token", token + "x"))
                .json();
        assertThat(forged.getJsonObject("token").getBoolean("valid")).isFalse();
        for (JsonObject bad : List.of(
                question.copy().put("token", "a.b"),
                question.copy().put("claims", "alice"),
                question.copy().put("token", token).put("claims", new JsonObject()),
                question.copy().put("action", "dance"))) {
            assertThat(hub.opsPost("/ops/v1/explain", bad).status())
                    .as(bad.encode())
                    .isEqualTo(400);
        }
    }

    @Test
    void theConfigIsShownWithItsLinesAndWithoutSecrets() throws Exception {
        Answer answer = hub.opsGet("/ops/v1/config");
        JsonObject rule = rows(answer.json(), "rules").get(1);
        assertThat(rule.getJsonObject("subscribe").getString("source")).isEqualTo("claims.role == \"agent\"");
        assertThat(rule.getJsonObject("subscribe").getString("where")).matches(".*hub\\.yaml:\\d+:\\d+");
        assertThat(rows(answer.json(), "keys"))
                .extracting(key -> key.getString("name"))
                .containsExactly("operator", "orders");
        assertThat(answer.body()).doesNotContain(NodeUnderTest.SECRET).doesNotContain("69a5265506");
    }

    @Test
    void theSessionSaysWhatTheCallerMayDo() throws Exception {
        JsonObject reader = get("/ops/v1/session");
        assertThat(reader.getBoolean("mayChange")).isFalse();
        assertThat(reader.getBoolean("needsKey")).isTrue();
        JsonObject admin = hub.opsGet("/ops/v1/session", NodeUnderTest.ADMIN).json();
        assertThat(admin.getBoolean("mayChange")).isTrue();
        assertThat(admin.getString("who")).isEqualTo("operator");
    }

    @Test
    void pagesOfOthersCanNeitherReadNorChange() throws Exception {
        String[] foreign = {"Origin", "https://evil.example"};
        assertThat(hub.opsGet("/ops/v1/connections", foreign).status()).isEqualTo(403);
        assertThat(hub.opsPost("/ops/v1/reload", "", foreign).status()).isEqualTo(403);
        String[] own = {"Origin", hub.node().opsUrl(), "X-API-Key", "admin-key"};
        assertThat(hub.opsPost("/ops/v1/reload", "", own).status()).isEqualTo(403);
    }

    @Test
    void aNameThatLeadsHereForAMomentIsNotAnswered() throws Exception {
        int port = URI.create(hub.node().opsUrl()).getPort();
        for (String name : List.of("evil.example:" + port, "localhost.evil.example", "1.2.3.4.evil.example")) {
            assertThat(statusFor(name)).as(name).isEqualTo(401);
        }
        for (String name : List.of("localhost:" + port, "127.0.0.1:" + port, "[::1]:" + port)) {
            assertThat(statusFor(name)).as(name).isEqualTo(200);
        }
    }

    private int statusFor(String host) throws Exception {
        int port = URI.create(hub.node().opsUrl()).getPort();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            String request = "GET /ops/v1/session HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.substring(9, 12));
        }
    }

    @Test
    void aPageNeedsTheKeyForWhatTheCommandLineMayWithout() throws Exception {
        assertThat(hub.opsPost("/ops/v1/reload", "").status()).isEqualTo(200);
        assertThat(hub.opsPost("/ops/v1/reload", "", PAGE).status()).isEqualTo(401);
        assertThat(hub.opsPost("/ops/v1/reload", "", "X-Hubbub-Console", "1", "X-API-Key", "admin-key")
                        .status())
                .isEqualTo(200);
        assertThat(hub.opsGet("/ops/v1/tail?address=room:1", PAGE).status()).isEqualTo(401);
        assertThat(rows(get("/ops/v1/audit"), "entries"))
                .extracting(entry -> entry.getString("who"))
                .containsExactly("operator", "loopback");
    }

    @Test
    void theConsoleIsServedWithAPolicy() throws Exception {
        Answer page = hub.opsGet("/console/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("Hub console");
        assertThat(hub.opsGet("/console").status()).isEqualTo(302);
        assertThat(hub.opsGet("/console/other.js").status()).isEqualTo(404);
    }
}
