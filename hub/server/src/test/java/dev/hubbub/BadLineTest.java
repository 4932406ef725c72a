package dev.hubbub;

import static dev.hubbub.TestNode.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients on bad lines cost a node, and what it does about them. */
class BadLineTest {
    private static final String ANSWERED = "{\"type\":\"ping\"}";
    private static final String PADDING = "x".repeat(12 * 1_024);

    @TempDir
    private Path folder;

    private static JsonObject register(String address, String position) {
        JsonObject headers = new JsonObject().put("notices", "true");
        if (!position.isEmpty()) {
            headers.put("position", position);
        }
        return new JsonObject().put("type", "register").put("address", address).put("headers", headers);
    }

    private static JsonObject publish(String address, int number, String padding) {
        JsonObject payload = new JsonObject().put("n", number).put("padding", padding);
        return new JsonObject()
                .put("type", "send")
                .put("address", address)
                .put("replyAddress", "r")
                .put("body", new JsonObject().put("type", "t").put("payload", payload));
    }

    private static double metric(TestNode node, String name) {
        try (Wire wire = new Wire(node.opsPort())) {
            return wire.http("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    @Test
    void whoComesInAStormIsToldAnotherWaitEach() {
        try (TestNode node = TestNode.start(folder, "limits.handshakes=4/h")) {
            Set<Long> waits = new HashSet<>();
            for (int i = 0; i < 60; i++) {
                try (Wire wire = node.connect("alice")) {
                    wire.text(ANSWERED);
                    JsonObject first = new JsonObject(wire.readText());
                    if (first.getString("type").equals("err")) {
                        assertThat(first.getString("failureType")).isEqualTo("RATE_LIMITED");
                        long wait = first.getJsonObject("details").getLong("retryAfterMillis");
                        Wire.Message close = wire.read();
                        assertThat(close.closeCode()).isEqualTo(1012);
                        assertThat(close.text().substring(2)).isEqualTo("reconnect in " + wait + " ms");
                        assertThat(waits.add(wait))
                                .as("another wait for everybody")
                                .isTrue();
                    }
                }
            }
            assertThat(waits).hasSize(40);
            assertThat(metric(node, "hubbub_connections_deferred_total")).isEqualTo(waits.size());

            try (Wire stream = new Wire(node.port())) {
                Wire.Answer answer = stream.http("GET /sse?address=room:1&access_token=" + TestNode.token("alice")
                        + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(answer.status()).isEqualTo(429);
                assertThat(answer.headers().get("retry-after")).matches("[1-9]\\d*");
            }
            try (Wire stream = new Wire(node.port())) {
                Wire.Answer answer = stream.http("GET /sse?address=room:1&access_token=" + TestNode.token("alice")
                        + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).containsPattern("retry: \\d+\nevent: close\ndata: .*\"code\":1012");
            }
        }
    }

    @Test
    void whoWasToldToWaitIsLetInLater() {
        try (TestNode node = TestNode.start(folder, "limits.handshakes=2/s")) {
            int tries = 0;
            while (isLetIn(node)) {
                assertThat(++tries).isLessThan(10_000);
            }
            eventually("let in later", () -> isLetIn(node));
        }
    }

    private static boolean isLetIn(TestNode node) {
        try (Wire wire = node.connect("alice")) {
            wire.text(ANSWERED);
            return wire.readText().contains("pong");
        }
    }

    @Test
    void manyWhoComeBackAtOnceCostFewReadsAndGetExactlyWhatTheyMissed() {
        try (TestNode node = TestNode.start(folder)) {
            List<String> places = new ArrayList<>();
            try (Wire publisher = node.connect("bob")) {
                for (int i = 1; i <= 80; i++) {
                    publisher.text(publish("room:storm", i, "").encode());
                    places.add(new JsonObject(publisher.readText())
                            .getJsonObject("body")
                            .getString("position"));
                }
            }
            double reads = metric(node, "hubbub_replay_reads_total");
            List<Wire> back = new ArrayList<>();
            for (int i = 0; i < 90; i++) {
                Wire wire = node.connect("alice");
                wire.text(register("room:storm", places.get(i % 30)).encode());
                back.add(wire);
            }
            for (int i = 0; i < 90; i++) {
                for (int number = i % 30 + 2; number <= 80; number++) {
                    assertThat(back.get(i).readText()).contains("\"n\":" + number + ",");
                }
                assertThat(back.get(i).readText()).contains("hub.recovered", "\"events\":" + (79 - i % 30));
                back.get(i).close();
            }
            int loops = Runtime.getRuntime().availableProcessors();
            assertThat(metric(node, "hubbub_replay_reads_total") - reads).isBetween(1.0, 4.0 * loops);
        }
    }

    @Test
    void aNodeWhoseMemoryIsFullRefusesNewWorkClosesTheSlowestAndHeals() {
        String[] limits = {
            "limits.memory=1MiB", "limits.pending=512KiB", "limits.rate.messages=100000/s", "limits.rate.burst=100000"
        };
        try (TestNode node = TestNode.start(folder, limits);
                Wire publisher = node.connect("bob")) {
            List<Wire> deaf = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Wire wire = node.connect("alice");
                wire.text(register("room:full", "").encode());
                assertThat(wire.readText()).contains("hub.subscribed");
                deaf.add(wire);
            }
            JsonObject refused = publishUntilRefused(publisher);
            assertThat(refused.getString("failureType")).isEqualTo("UNAVAILABLE");
            assertThat(refused.getJsonObject("details").getLong("retryAfterMillis"))
                    .isPositive();

            // The system's own buffers still grow, so the node may be free again for a moment.
            eventually("the slowest are closed", () -> {
                publisher.text(publish("room:full", 0, PADDING).encode());
                assertThat(publisher.readText()).isNotEmpty();
                return node.connections() < deaf.size() + 1;
            });
            eventually("work is taken on again", () -> {
                publisher.text(publish("room:full", 0, "").encode());
                return publisher.readText().contains("position");
            });
            int cut = 0;
            for (Wire wire : deaf) {
                cut += endsEarly(wire) ? 1 : 0;
                wire.close();
            }
            assertThat(cut).isPositive();
        }
    }

    private static JsonObject publishUntilRefused(Wire publisher) {
        for (int i = 0; i < 20_000; i++) {
            publisher.text(publish("room:full", i, PADDING).encode());
            JsonObject answer = new JsonObject(publisher.readText());
            if (answer.getString("type").equals("err")) {
                return answer;
            }
        }
        throw new AssertionError("the node took everything");
    }

    /** Reads everything there is; tells whether the node had ended the connection. */
    private static boolean endsEarly(Wire wire) {
        wire.text(ANSWERED);
        Wire.Message message = wire.read();
        while (message.opcode() != -1
                && message.opcode() != Wire.CLOSE
                && !message.text().contains("pong")) {
            message = wire.read();
        }
        return message.opcode() == -1 || message.closeCode() == 4408;
    }
}
