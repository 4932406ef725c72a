package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.attack.Attack;
import dev.hubbub.attack.AttackLog;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Too much, too many, too often. */
class LimitAttacksTest {
    @TempDir
    private Path folder;

    private static double metric(TestNode node, String line) {
        try (Wire wire = new Wire(node.opsPort())) {
            return wire.http("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .body()
                    .lines()
                    .filter(one -> one.startsWith(line + " "))
                    .mapToDouble(one -> Double.parseDouble(one.substring(line.length() + 1)))
                    .sum();
        }
    }

    @Test
    @Attack("S7")
    void oneByteTooManyEndsTheConnection() {
        try (TestNode node = TestNode.start(folder);
                Wire wire = node.connect("alice")) {
            wire.text("x".repeat(WireRefusals.FRAME_LIMIT + 1));
            assertThat(new JsonObject(wire.readText()).getString("failureType")).isEqualTo("TOO_LARGE");
            assertThat(wire.read().closeCode()).isEqualTo(4413);
            long begin = System.nanoTime();
            assertThat(wire.read().opcode()).as("the TCP connection is closed").isEqualTo(-1);
            long millis = (System.nanoTime() - begin) / 1_000_000;
            assertThat(millis).isLessThan(5_000);
            AttackLog.got("S7", "a message of limit + 1", "TOO_LARGE, 4413, TCP closed after " + millis + " ms");
            assertThat(metric(node, "hubbub_connections_cut_total{code=\"frame_too_large\"}"))
                    .isEqualTo(1);
            assertThat(metric(node, "hubbub_refused_total{code=\"too_large\"}")).isEqualTo(1);
        }
    }

    @Test
    @Attack("S9")
    void anAddressHasItsNumberOfSocketsAndAUserHers() {
        try (TestNode node = TestNode.start(folder, "limits.connectionsPerIp=5", "limits.connectionsPerUser=3")) {
            List<Wire> open = new ArrayList<>();
            try {
                for (int i = 0; i < 4; i++) {
                    Wire wire = node.connect("alice");
                    open.add(wire);
                    wire.text("{\"type\":\"ping\"}");
                    String first = wire.readText();
                    if (i < 3) {
                        assertThat(first).contains("pong");
                    } else {
                        assertThat(first).contains("LIMIT_REACHED");
                        assertThat(wire.read().closeCode()).isEqualTo(4409);
                        AttackLog.got("S9", "a user's socket too many", "LIMIT_REACHED, 4409");
                    }
                }
                TestNode.eventually("the refused one is gone", () -> node.connections() == 3);
                for (String user : List.of("bob", "carol")) {
                    Wire wire = node.connect(user);
                    open.add(wire);
                    wire.text("{\"type\":\"ping\"}");
                    assertThat(wire.readText()).contains("pong");
                }
                Wire sixth = node.connect("dan");
                open.add(sixth);
                assertThat(sixth.readText()).contains("LIMIT_REACHED");
                assertThat(sixth.read().closeCode()).isEqualTo(4409);
                AttackLog.got("S9", "an address's socket too many", "LIMIT_REACHED, 4409");
                assertThat(metric(node, "hubbub_refused_total{code=\"limit_reached\"}"))
                        .isEqualTo(2);
                assertThat(metric(node, "hubbub_connections_cut_total{code=\"too_many_connections\"}"))
                        .isEqualTo(2);
            } finally {
                open.forEach(Wire::close);
            }
        }
    }

    @Test
    @Attack("S9")
    void anAddressThatComesAgainAndAgainIsToldToWaitAndOthersAreNot() {
        try (TestNode node = TestNode.start(
                folder, "http.proxies=[\"127.0.0.1\"]", "limits.connectionsPerIp=5", "limits.handshakes=5000/s")) {
            int told = 0;
            for (int i = 0; i < 10_000 && told == 0; i++) {
                try (Wire wire =
                        Wire.upgraded(node.port(), "/eventbus/websocket?token=x", "X-Forwarded-For: 198.51.100.7")) {
                    JsonObject err = new JsonObject(wire.readText());
                    told += "RATE_LIMITED".equals(err.getString("failureType")) ? 1 : 0;
                }
            }
            assertThat(told).as("told to wait").isPositive();
            AttackLog.got("S9", "handshakes of one address without end", "RATE_LIMITED with a wait, then 1012");
            try (Wire other = Wire.upgraded(
                    node.port(),
                    "/eventbus/websocket?token=" + TestNode.token("bob"),
                    "X-Forwarded-For: 198.51.100.8")) {
                other.text("{\"type\":\"ping\"}");
                assertThat(other.readText()).contains("pong");
            }
        }
    }

    @Test
    void httpRequestsOfAUserAndBadTokensOfAnAddressHaveARate() {
        try (TestNode node = TestNode.start(folder, "limits.requests=1/h", "http.proxies=[\"127.0.0.1\"]")) {
            String alice = "Authorization: Bearer " + TestNode.token("alice") + "\r\n";
            for (int i = 0; i < 5; i++) {
                assertThat(get(node, alice).status()).isEqualTo(200);
            }
            Wire.Answer refused = get(node, alice);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(new JsonObject(refused.body()).getString("error")).isEqualTo("rate_limited");
            assertThat(Long.parseLong(refused.headers().get("retry-after"))).isPositive();
            String bob = "Authorization: Bearer " + TestNode.token("bob") + "\r\n";
            assertThat(get(node, bob).status()).as("another user").isEqualTo(200);
            for (int i = 0; i < 5; i++) {
                assertThat(get(node, "X-Forwarded-For: 198.51.100.7\r\nX-API-Key: guess" + i + "\r\n")
                                .status())
                        .isEqualTo(401);
            }
            assertThat(get(node, "X-Forwarded-For: 198.51.100.7\r\nX-API-Key: guess\r\n")
                            .status())
                    .isEqualTo(429);
            assertThat(get(node, "X-Forwarded-For: 198.51.100.8\r\nX-API-Key: guess\r\n")
                            .status())
                    .as("another address")
                    .isEqualTo(401);
            assertThat(metric(node, "hubbub_refused_total{code=\"rate_limited\"}"))
                    .isPositive();
        }
    }

    private static Wire.Answer get(TestNode node, String headers) {
        try (Wire wire = new Wire(node.port())) {
            return wire.http("GET /api/v1/addresses?match=room:1 HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
        }
    }

    @Test
    @Attack("S8")
    void muchBeforeALoginEndsTheConnection() {
        try (TestNode node = TestNode.start(folder, "limits.pending=64KiB");
                Wire wire = Wire.upgraded(node.port(), "/eventbus/websocket")) {
            wire.text(WireRefusals.send("hub.auth", "{\"token\":" + Json.encode("x".repeat(9_000)) + "}"));
            assertThat(wire.readText()).contains("NOT_LOGGED_IN");
            assertThat(wire.read().closeCode()).isEqualTo(4401);
            AttackLog.got("S8", "a token of 9,000 characters", "NOT_LOGGED_IN, 4401");
        }
    }

    /** The deadlines of requests are 10 and 30 s: both are waited for at once. */
    @Test
    void requestsThatDribbleInAreEnded() {
        try (TestNode node = TestNode.start(folder);
                Wire head = new Wire(node.port());
                Wire body = new Wire(node.port())) {
            head.raw("GET /sse HTTP/1.1\r\nHost: x\r\nX: ".getBytes(StandardCharsets.US_ASCII));
            body.raw(
                    ("POST /api/v1/publish HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                                    + TestNode.token("alice") + "\r\nContent-Length: 100\r\n\r\n{")
                            .getBytes(StandardCharsets.US_ASCII));
            long begin = System.nanoTime();
            int headEnd = dribble(head, 14);
            long headMillis = (System.nanoTime() - begin) / 1_000_000;
            assertThat(headEnd).as("closed without an answer").isEqualTo(-1);
            assertThat(headMillis).isBetween(9_000L, 14_000L);
            assertThat(dribble(body, 25)).as("408").isEqualTo('H');
            assertThat((System.nanoTime() - begin) / 1_000_000).isBetween(29_000L, 36_000L);
        }
    }

    /** Sends a byte each second until something comes back; returns its first byte, -1 for the end. */
    private static int dribble(Wire wire, int seconds) {
        for (int i = 0; i < 2 * seconds; i++) {
            int first = wire.peek(500);
            if (first != -2) {
                return first;
            }
            wire.raw(new byte[] {'y'});
        }
        return -2;
    }
}
