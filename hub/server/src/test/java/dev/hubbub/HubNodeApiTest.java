package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.NodeUnderTest.Answer;
import dev.hubbub.NodeUnderTest.Client;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP API of a whole node, as services, users and operators meet it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HubNodeApiTest {
    private static final String CONFIG = NodeUnderTest.HEAD + """
            addresses:
              - { match: "order:{tenant}:{id}", subscribe: claims.tenant == tenant, publish: claims.tenant == tenant, keep: { events: 5 } }
              - { match: "doc:{id}", subscribe: true, publish: true, versions: rising }
              - { match: "room:{name...}", subscribe: true, publish: true }
            """;
    private static final JsonObject EVENT = event(0);

    private NodeUnderTest hub;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        hub = NodeUnderTest.start(folder, CONFIG);
    }

    @AfterAll
    void stop() throws Exception {
        hub.close();
    }

    private static JsonObject event(int number) {
        return new JsonObject().put("type", "thing.made").put("payload", new JsonObject().put("n", number));
    }

    private static JsonObject publish(String address, Object event) {
        return new JsonObject().put("address", address).put("event", event);
    }

    private static String[] alice() {
        return NodeUnderTest.bearer(NodeUnderTest.token("alice", Map.of("tenant", "acme")));
    }

    @Test
    void aKeyMayOnlyDoWhatItsPatternsSay() throws Exception {
        assertThat(hub.post("/api/v1/publish", publish("order:acme:k", EVENT), NodeUnderTest.ORDERS)
                        .status())
                .isEqualTo(200);
        assertThat(hub.get("/api/v1/addresses/order:acme:k/events", NodeUnderTest.ORDERS)
                        .json()
                        .getJsonArray("events"))
                .hasSize(1);
        Answer refused = hub.post("/api/v1/publish", publish("room:k", EVENT), NodeUnderTest.ORDERS);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.error()).isEqualTo("access_denied");
        assertThat(hub.get("/api/v1/addresses/room:k", NodeUnderTest.ORDERS).status())
                .isEqualTo(403);
    }

    @Test
    void aUserMayReadAndPublishWhatTheRulesAllowOverASocket() throws Exception {
        assertThat(hub.post("/api/v1/publish", publish("order:acme:u", EVENT), alice())
                        .status())
                .isEqualTo(200);
        JsonObject read = hub.get("/api/v1/addresses/order:acme:u/events?recent=1", alice())
                .json();
        assertThat(read.getJsonArray("events").getJsonObject(0).getString("actorId"))
                .isEqualTo("alice");
        assertThat(hub.post("/api/v1/publish", publish("order:other:u", EVENT), alice())
                        .status())
                .isEqualTo(403);
        assertThat(hub.get("/api/v1/addresses/order:other:u/events", alice()).status())
                .isEqualTo(403);
        assertThat(hub.get("/api/v1/addresses/order:acme:u/events").error()).isEqualTo("not_logged_in");
    }

    @Test
    void aThousandEventsGoInOneRequestAndOneMoreIsRefusedWhole() throws Exception {
        JsonArray thousand = new JsonArray();
        IntStream.range(0, 1_000).forEach(n -> thousand.add(publish("room:batch", event(n))));
        JsonArray answers =
                hub.post("/api/v1/publish", thousand, NodeUnderTest.ADMIN).array();
        assertThat(answers).hasSize(1_000);
        assertThat(answers.getJsonObject(999).getString("position")).endsWith(":1000");

        Answer refused =
                hub.post("/api/v1/publish", thousand.copy().add(publish("room:batch", EVENT)), NodeUnderTest.ADMIN);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().getString("message")).contains("too many").contains("1000");
        assertThat(hub.get("/api/v1/addresses/room:batch", NodeUnderTest.ADMIN)
                        .json()
                        .getInteger("events"))
                .isEqualTo(1_000);
    }

    @Test
    void aRetryWithTheSameKeyIsOneEvent() throws Exception {
        String[] headers = {"X-API-Key", "admin-key", "Idempotency-Key", "once"};
        JsonObject first = hub.post("/api/v1/publish", publish("room:retry", EVENT), headers)
                .json();
        JsonObject again = hub.post("/api/v1/publish", publish("room:retry", EVENT), headers)
                .json();
        assertThat(again).isEqualTo(first.copy().put("duplicate", true));
        assertThat(hub.post("/api/v1/publish", publish("room:retry", event(2)), headers)
                        .status())
                .isEqualTo(422);
    }

    @Test
    void aStaleVersionIsAnsweredWithTheCurrentOne() throws Exception {
        JsonObject event = event(1).put("resourceId", "node-7").put("resourceVersion", 5);
        assertThat(hub.publish("doc:1", event).status()).isEqualTo(200);
        Answer stale = hub.publish("doc:1", event);
        assertThat(stale.status()).isEqualTo(409);
        assertThat(stale.error()).isEqualTo("stale_version");
        assertThat(stale.json().getJsonObject("details").getInteger("currentVersion"))
                .isEqualTo(5);
    }

    @Test
    void aPositionThatIsGoneIsAnsweredWith410AndWhereToGoOn() throws Exception {
        String first = hub.publish("order:acme:lost", EVENT).json().getString("position");
        String last = first;
        for (int n = 1; n <= 8; n++) {
            last = hub.publish("order:acme:lost", event(n)).json().getString("position");
        }
        Answer lost = hub.get("/api/v1/addresses/order:acme:lost/events?after=" + first, NodeUnderTest.ADMIN);
        assertThat(lost.status()).isEqualTo(410);
        assertThat(lost.error()).isEqualTo("position_lost");
        assertThat(lost.json().getBoolean("snapshot")).isTrue();
        assertThat(lost.json().getString("position")).isEqualTo(last);

        JsonObject onwards = hub.get("/api/v1/addresses/order:acme:lost/events?after=" + last, NodeUnderTest.ADMIN)
                .json();
        assertThat(onwards.getJsonArray("events")).isEmpty();
        assertThat(onwards.getBoolean("more")).isFalse();
    }

    @Test
    void addressesWithSlashesAreReachedPercentEncoded() throws Exception {
        assertThat(hub.publish("room:a/b@c/events", EVENT).status()).isEqualTo(200);
        String encoded = "/api/v1/addresses/room%3Aa%2Fb%40c%2Fevents";
        assertThat(hub.get(encoded, NodeUnderTest.ADMIN).json().getInteger("events"))
                .isEqualTo(1);
        assertThat(hub.get(encoded + "/events", NodeUnderTest.ADMIN).json().getJsonArray("events"))
                .hasSize(1);
    }

    @Test
    void disconnectingAUserClosesEveryOfItsConnectionsAndNoOther() throws Exception {
        Client first = hub.connect(NodeUnderTest.token("mallory", Map.of()));
        Client second = hub.connect(NodeUnderTest.token("mallory", Map.of()));
        Client other = hub.connect(NodeUnderTest.token("trent", Map.of()));
        for (Client client : List.of(first, second, other)) {
            client.register("room:cut");
        }
        JsonObject counts =
                hub.get("/api/v1/addresses/room:cut", NodeUnderTest.ADMIN).json();
        assertThat(counts.getInteger("subscribers")).isEqualTo(3);
        assertThat(counts.getInteger("users")).isEqualTo(2);
        assertThat(hub.get("/api/v1/users/mallory/connections", NodeUnderTest.ADMIN)
                        .json()
                        .getJsonArray("connections"))
                .hasSize(2);

        Answer cut = hub.post("/api/v1/users/mallory/disconnect", "{}", NodeUnderTest.ADMIN);

        assertThat(cut.json().getInteger("disconnected")).isEqualTo(2);
        first.isClosed(4403);
        second.isClosed(4403);
        assertThat(hub.publish("room:cut", EVENT).status()).isEqualTo(200);
        other.hears("\"type\":\"rec\"", "room:cut");
        assertThat(other.closeCode).isZero();
    }

    @Test
    void aRevokedTokenIsRefusedAndItsSessionsEnd() throws Exception {
        String token = NodeUnderTest.token("eve", Map.of());
        Client client = hub.connect(token);
        client.register("room:revoked");

        Answer revoked = hub.post("/api/v1/tokens/revoke", new JsonObject().put("sub", "eve"), NodeUnderTest.ADMIN);

        assertThat(revoked.json().getInteger("closed")).isEqualTo(1);
        client.isClosed(4401);
        assertThat(hub.get("/api/v1/addresses/room:revoked", NodeUnderTest.bearer(token))
                        .status())
                .isEqualTo(401);
        hub.connect(token).isClosed(4401);
    }

    @Test
    void pathsThatCannotBeDecodedAreTheCallersFault() throws Exception {
        for (String path : List.of("/api/v1/addresses/room%zz/events", "/%zz", "/eventbus/%zz/x/websocket")) {
            Answer refused = hub.rawGet(hub.node().publicUrl(), path);
            assertThat(refused.status()).as(path).isEqualTo(400);
            assertThat(refused.error()).as(path).isEqualTo("bad_request");
        }
        assertThat(hub.rawGet(hub.node().opsUrl(), "/%zz").error()).isEqualTo("bad_request");
    }

    @Test
    void operatorsWhoSendNonsenseAreToldSo() throws Exception {
        for (String body : List.of("{", "[1]", "null", "{}", "")) {
            Answer refused = hub.opsPost("/ops/v1/publish", body);
            assertThat(refused.status()).as(body).isEqualTo(400);
            assertThat(refused.error()).as(body).isEqualTo("bad_request");
        }
    }
}
