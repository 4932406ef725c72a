package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.NodeUnderTest.Answer;
import dev.hubbub.NodeUnderTest.Client;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an edit of the config file does to a node that runs, by the watch and by {@code POST /ops/v1/reload}. */
class ReloadTest {
    private static final String RULES = """
            addresses:
              - { match: "room:{id}", subscribe: id in claims.rooms, publish: true }
            """;
    private static final String LIMITS = "limits: { subscriptions: 10, rate: { messages: 100/s, burst: 200 } }\n";
    private static final JsonObject EVENT = new JsonObject().put("type", "said").put("payload", "hello");

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private NodeUnderTest hub;

    @BeforeEach
    void start() throws Exception {
        hub = NodeUnderTest.start(folder, NodeUnderTest.HEAD + LIMITS + RULES);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private static String alice() {
        return NodeUnderTest.token("alice", Map.of("rooms", List.of("1", "2", "3")));
    }

    private JsonObject lastReload() throws Exception {
        return hub.opsGet("/health/ready").json().getJsonObject("details").getJsonObject("lastReload");
    }

    @Test
    void aSubscriptionThatIsNoLongerAllowedEndsByTheEditAlone() throws Exception {
        Client client = hub.connect(alice());
        client.register("room:1");
        NodeUnderTest.Stream stream = hub.stream("/sse?address=room:1", NodeUnderTest.bearer(alice()));
        stream.hears("id: ");

        hub.edit("subscribe: id in claims.rooms", "subscribe: id == '2'");

        client.hears("ACCESS_REVOKED", "room:1");
        stream.hears("ACCESS_REVOKED");
        client.register("room:2");
        assertThat(hub.publish("room:1", EVENT).status()).isEqualTo(200);
        assertThat(hub.publish("room:2", EVENT).status()).isEqualTo(200);
        client.hears("\"type\":\"rec\"", "room:2");
        assertThat(client.frames).noneMatch(frame -> frame.contains("\"rec\"") && frame.contains("room:1"));
    }

    @Test
    void aFaultyEditChangesNothingAndSaysSo() throws Exception {
        hub.edit("subscribe: id in claims.rooms", "subscribe: id inn claims.rooms");

        Answer refused = hub.opsPost("/ops/v1/reload", "");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.error()).isEqualTo("bad_config");
        assertThat(refused.json()
                        .getJsonObject("details")
                        .getJsonArray("faults")
                        .getString(0))
                .matches(".*hub\\.yaml:\\d+:\\d+: .*inn.*");
        assertThat(lastReload().getString("result")).isEqualTo("failed");
        assertThat(lastReload().getJsonArray("faults")).isNotEmpty();
        assertThat(hub.opsGet("/metrics").body())
                .containsPattern("hubbub_config_reloads_total\\{result=\"failed\"} [1-9]");
        hub.connect(alice()).register("room:1");
    }

    @Test
    void aDryRunNamesWhatItWouldCutAndCutsNothing() throws Exception {
        Client client = hub.connect(alice());
        client.register("room:1");
        client.register("room:2");
        NodeUnderTest.Stream stream = hub.stream("/sse?address=room:3", NodeUnderTest.bearer(alice()));
        stream.hears("id: ");

        hub.editUnseen("subscribe: id in claims.rooms", "subscribe: id == '2'");
        Answer preview = hub.opsPost("/ops/v1/reload?dryRun=true", "");

        assertThat(preview.status()).isEqualTo(200);
        JsonObject told = preview.json();
        assertThat(told.getBoolean("dryRun")).isTrue();
        assertThat(told.getBoolean("more")).isFalse();
        assertThat(told.getJsonObject("nodes"))
                .isEqualTo(new JsonObject().put("asked", 1).put("unanswered", 0));
        assertThat(told.getJsonArray("cut").stream()
                        .map(JsonObject.class::cast)
                        .map(cut ->
                                cut.getString("user") + " " + cut.getString("address") + " " + cut.getString("rule")))
                .containsExactlyInAnyOrder("alice room:1 room:{id}", "alice room:3 room:{id}");
        JsonObject cut = told.getJsonArray("cut").getJsonObject(0);
        assertThat(cut.getString("connection")).startsWith("c");
        assertThat(cut.getString("node"))
                .isEqualTo(hub.opsGet("/ops/v1/nodes").json().getString("node"));
        assertThat(cut.getString("why")).contains("false");

        assertThat(hub.publish("room:1", EVENT).status()).isEqualTo(200);
        client.hears("\"rec\"", "room:1");
        assertThat(lastReload().isEmpty()).as("nothing was reloaded").isTrue();
    }

    @Test
    void aDryRunOfABrokenFileSaysWhereAndChangesNothing() throws Exception {
        hub.editUnseen("subscribe: id in claims.rooms", "subscribe: id inn claims.rooms");

        Answer refused = hub.opsPost("/ops/v1/reload?dryRun=true", "");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.error()).isEqualTo("bad_config");
        assertThat(refused.json()
                        .getJsonObject("details")
                        .getJsonArray("faults")
                        .getString(0))
                .matches(".*hub\\.yaml:\\d+:\\d+: .*inn.*");
        assertThat(lastReload().isEmpty()).isTrue();
        assertThat(hub.opsPost("/ops/v1/reload?dryRun=perhaps", "").status()).isEqualTo(400);
        hub.connect(alice()).register("room:1");
    }

    @Test
    void aFileThatIsGoneChangesNothingAndIsNoFaultOfTheHub() throws Exception {
        Files.delete(hub.file);

        Answer refused = hub.opsPost("/ops/v1/reload", "");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.error()).isEqualTo("bad_config");
        assertThat(refused.json().getString("message")).contains("nothing was changed", "there is no file");
        hub.connect(alice()).register("room:1");
    }

    @Test
    void aKeyThatWasTakenOutIsRefusedAtOnce() throws Exception {
        assertThat(hub.post("/api/v1/publish", publish(), NodeUnderTest.ADMIN).status())
                .isEqualTo(200);

        hub.edit("69a5265506c94c77", "0000000000000000");
        assertThat(hub.opsPost("/ops/v1/reload", "").status()).isEqualTo(200);

        assertThat(hub.post("/api/v1/publish", publish(), NodeUnderTest.ADMIN).error())
                .isEqualTo("not_logged_in");
    }

    @Test
    void lowerLimitsHoldForConnectionsThatAreOpen() throws Exception {
        Client client = hub.connect(alice());
        client.register("room:1");
        client.register("room:2");

        hub.edit("subscriptions: 10", "subscriptions: 2");
        assertThat(hub.opsPost("/ops/v1/reload", "").status()).isEqualTo(200);

        client.say(new JsonObject().put("type", "register").put("address", "room:3"));
        client.hears("LIMIT_REACHED", "room:3");

        hub.edit("100/s, burst: 200", "1/s, burst: 1");
        assertThat(hub.opsPost("/ops/v1/reload", "").status()).isEqualTo(200);
        client.say(new JsonObject().put("type", "ping"));
        client.say(new JsonObject().put("type", "ping"));
        client.hears("RATE_LIMITED");
    }

    @Test
    void whatNeedsARestartIsNamedUntilTheRestart() throws Exception {
        hub.edit("ops: { host: 127.0.0.1, port: 0 }", "ops: { host: 127.0.0.1, port: 9191 }");
        assertThat(hub.opsPost("/ops/v1/reload", "").json().getJsonArray("needsRestart"))
                .containsExactly("ops");

        hub.edit("subscriptions: 10", "subscriptions: 11");

        assertThat(hub.opsPost("/ops/v1/reload", "").json().getJsonArray("needsRestart"))
                .containsExactly("ops");
        assertThat(lastReload().getJsonArray("needsRestart")).containsExactly("ops");
    }

    private static JsonObject publish() {
        return new JsonObject().put("address", "room:1").put("event", EVENT);
    }
}
