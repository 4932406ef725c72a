package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.NodeUnderTest.Answer;
import dev.hubbub.NodeUnderTest.Client;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators are told of a node: the list, readiness and metrics agree. */
class NodesTest {
    private static final String RULES = """
            addresses:
              - { match: "room:{id}", subscribe: true, publish: true }
            """;
    private static final JsonObject EVENT = new JsonObject().put("type", "said").put("payload", "hello");

    @TempDir
    private Path folder;

    private static JsonObject only(NodeUnderTest hub) throws Exception {
        JsonObject answer = hub.opsGet("/ops/v1/nodes").json();
        assertThat(answer.getJsonArray("nodes")).hasSize(1);
        JsonObject node = answer.getJsonArray("nodes").getJsonObject(0);
        assertThat(answer.getString("node")).isEqualTo(node.getString("node"));
        return node;
    }

    private static JsonObject details(Answer health) {
        return health.json().getJsonObject("details");
    }

    @Test
    void aLoneNodeOwnsEverythingIsSafeAndCountsWhoIsThere() throws Exception {
        try (NodeUnderTest hub = NodeUnderTest.start(folder, NodeUnderTest.HEAD + RULES)) {
            Client client = hub.connect(NodeUnderTest.token("alice", Map.of()));
            client.register("room:1");
            client.register("room:2");
            client.register("room:2"); // starts it anew, and is no third one

            JsonObject node = only(hub);
            assertThat(node.getString("state")).isEqualTo("ready");
            assertThat(node.getString("publicUrl")).isEqualTo(hub.node().publicUrl());
            assertThat(node.getString("opsUrl")).isEqualTo(hub.node().opsUrl());
            assertThat(node.getInteger("connections")).isEqualTo(1);
            assertThat(node.getInteger("subscriptions")).isEqualTo(2);
            assertThat(node.getDouble("owned")).isEqualTo(1.0);
            assertThat(node.getBoolean("safe")).isTrue();
            assertThat(node.getBoolean("serving")).isTrue();
            assertThat(node.getJsonObject("store"))
                    .isEqualTo(new JsonObject().put("name", "memory").put("up", true));
            assertThat(hub.opsGet("/metrics").body())
                    .contains("hubbub_cluster_nodes 1.0", "hubbub_cluster_serving 1.0", "hubbub_cluster_owned 1.0")
                    .contains("hubbub_store_up{store=\"memory\"} 1.0");

            client.say(new JsonObject().put("type", "unregister").put("address", "room:1"));
            NodeUnderTest.eventually("one subscription is left", () -> subscriptions(hub) == 1);
        }
    }

    private static int subscriptions(NodeUnderTest hub) {
        try {
            return only(hub).getInteger("subscriptions");
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void belowMinimumNodesANodeIsAliveButNotReadyAndSaysWhy() throws Exception {
        String cluster =
                "cluster: { enabled: true, name: alone, host: 127.0.0.1, port: %d, busPort: %d, minimumNodes: 2 }\n"
                        .formatted(FreePorts.one(), FreePorts.one());
        try (NodeUnderTest hub = NodeUnderTest.start(folder, NodeUnderTest.HEAD + cluster + RULES)) {
            Answer health = hub.opsGet("/health/ready");
            assertThat(health.status()).isEqualTo(503);
            assertThat(details(health).getString("state")).isEqualTo("degraded");
            assertThat(details(health).getJsonObject("cluster").getBoolean("serving"))
                    .isFalse();
            assertThat(details(health).getJsonObject("cluster").getString("why"))
                    .contains("1 of at least 2 nodes", "keeps its sockets", "refuses publishes");
            assertThat(hub.opsGet("/health/live").status()).isEqualTo(200);
            assertThat(only(hub).getString("state")).isEqualTo("degraded");
            assertThat(only(hub).getInteger("minimumNodes")).isEqualTo(2);
            assertThat(hub.opsGet("/metrics").body()).contains("hubbub_cluster_serving 0.0");
        }
    }

    @Test
    void aRedisThatWasNeverThereIsToldAfterTheFirstPublishAndTheNodeStaysReady() throws Exception {
        String replay = "replay: { store: redis, redis: { url: \"redis://:hunter2@127.0.0.1:%d\" } }\n"
                .formatted(FreePorts.one());
        try (NodeUnderTest hub = NodeUnderTest.start(folder, NodeUnderTest.HEAD + replay + RULES)) {
            assertThat(hub.publish("room:1", EVENT).status()).isEqualTo(503);

            Answer health = hub.opsGet("/health/ready");
            assertThat(health.status()).isEqualTo(200);
            JsonObject store = details(health).getJsonObject("store");
            assertThat(store.getBoolean("up")).isFalse();
            assertThat(store.getString("why")).contains("Redis", "refused");
            assertThat(health.body()).doesNotContain("hunter2");
            assertThat(only(hub).getJsonObject("store")).isEqualTo(store);
            assertThat(hub.opsGet("/metrics").body()).contains("hubbub_store_up{store=\"redis\"} 0.0");
        }
    }
}
