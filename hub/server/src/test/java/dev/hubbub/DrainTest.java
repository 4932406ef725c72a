package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.NodeUnderTest.Answer;
import dev.hubbub.NodeUnderTest.Client;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a node goes while others stay. */
class DrainTest {
    private static final String RULES = "addresses: [{ match: \"room:{id}\", subscribe: true, publish: true }]\n";
    private static final int SOCKETS = 20;

    @TempDir
    private Path folder;

    private static String cluster(int own, int other) {
        return "cluster: { enabled: true, name: drain%d, host: 127.0.0.1, port: %d, join: [\"127.0.0.1:%d\", \"127.0.0.1:%d\"] }\n"
                .formatted(Math.min(own, other), own, own, other);
    }

    private static List<Client> connect(NodeUnderTest hub, int count) throws Exception {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Client client = hub.connect(NodeUnderTest.token("user-" + i, Map.of()));
            client.register("room:1");
            clients.add(client);
        }
        return clients;
    }

    private static long closed(List<Client> clients) {
        return clients.stream().filter(client -> client.closeCode != 0).count();
    }

    private static JsonObject readiness(NodeUnderTest hub) throws Exception {
        return hub.opsGet("/health/ready").json();
    }

    @Test
    void whileOthersStaySocketsAreClosedOneAfterTheOtherAndNewOnesRefused() throws Exception {
        int first = FreePorts.pair(100);
        int second = FreePorts.pair(100);
        String drain = "drain: { within: 2s, limit: 30s }\n";
        Path one = Files.createDirectory(folder.resolve("one"));
        Path two = Files.createDirectory(folder.resolve("two"));
        try (NodeUnderTest stays =
                        NodeUnderTest.start(one, NodeUnderTest.HEAD + drain + cluster(first, second) + RULES);
                NodeUnderTest goes =
                        NodeUnderTest.start(two, NodeUnderTest.HEAD + drain + cluster(second, first) + RULES)) {
            List<Client> clients = connect(goes, SOCKETS);
            NodeUnderTest.eventually("the other one is ready", () -> isReady(stays));

            JsonObject begun = goes.opsPost("/ops/v1/drain", "").json();
            assertThat(begun.getString("phase")).isEqualTo("moving");
            assertThat(begun.getInteger("others")).isEqualTo(1);
            assertThat(begun.getInteger("sockets")).isEqualTo(SOCKETS);
            assertThat(begun.getLong("windowMillis")).isEqualTo(2_000);

            NodeUnderTest.eventually("some are told", () -> closed(clients) > 2);
            assertThat(closed(clients)).isLessThan(SOCKETS);
            Answer health = goes.opsGet("/health/ready");
            assertThat(health.status()).isEqualTo(503);
            assertThat(health.json().getJsonObject("details").getString("state"))
                    .isEqualTo("draining");
            assertThat(stays.opsGet("/ops/v1/nodes").body()).contains("\"state\":\"draining\"");
            refusesNewOnes(goes);
            assertThat(goes.publish(
                                    "room:1",
                                    new JsonObject().put("type", "said").put("payload", 1))
                            .status())
                    .isEqualTo(200);

            NodeUnderTest.await(goes.node().drained());
            Set<String> reasons = new HashSet<>();
            for (Client client : clients) {
                client.isClosed(1012);
                reasons.add(client.closeReason);
                String millis = client.closeReason.replaceAll("\\D", "");
                client.hears("\"hub.draining\"", "\"reconnectInMillis\":" + millis);
            }
            assertThat(reasons).hasSize(SOCKETS);
            NodeUnderTest.eventually("one node is left", () -> nodes(stays) == 1);
        }
    }

    private static void refusesNewOnes(NodeUnderTest goes) throws Exception {
        for (String path : List.of("/eventbus/info", "/sse?address=room:1")) {
            Answer answer = goes.get(path, NodeUnderTest.bearer(NodeUnderTest.token("late", Map.of())));
            assertThat(answer.status()).as(path).isEqualTo(503);
            assertThat(answer.body()).contains("going away");
        }
        assertThat(goes.post("/eventbus/000/late/xhr", "").status()).isEqualTo(503);
        try {
            assertThat(goes.connect(NodeUnderTest.token("late", Map.of()))).isNull();
        } catch (ExecutionException refused) {
            assertThat(refused).hasMessageContaining("503");
        }
    }

    private static boolean isReady(NodeUnderTest hub) {
        try {
            return readiness(hub).getString("status").equals("ready");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static int nodes(NodeUnderTest hub) {
        try {
            return hub.opsGet("/ops/v1/nodes").json().getJsonArray("nodes").size();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aPageOfAnotherOriginCannotDrainANode() throws Exception {
        try (NodeUnderTest hub = NodeUnderTest.start(folder, NodeUnderTest.HEAD + RULES)) {
            Answer answer = hub.opsPost("/ops/v1/drain", "", "Origin", "https://elsewhere.example.com");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(hub.opsGet("/ops/v1/drain", "Origin", hub.node().opsUrl())
                            .json()
                            .getString("phase"))
                    .isEqualTo("serving");
        }
    }

    @Test
    void aLoneNodeWaitsForNobody() throws Exception {
        try (NodeUnderTest hub = NodeUnderTest.start(folder, NodeUnderTest.HEAD + RULES)) {
            List<Client> clients = connect(hub, 3);
            assertThat(hub.opsGet("/ops/v1/drain").json().getString("phase")).isEqualTo("serving");
            long began = System.nanoTime();
            NodeUnderTest.await(hub.node().drain());
            assertThat((System.nanoTime() - began) / 1_000_000).isLessThan(5_000);
            for (Client client : clients) {
                client.isClosed(1012);
            }
        }
    }
}
