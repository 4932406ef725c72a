package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What comes of requests that want a socket, or a fallback for one, and ask for it in a wrong way. */
class WireHandshakeTest {
    private static final String PATH = "/eventbus/websocket";

    @TempDir
    private Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private TestNode node;

    @BeforeEach
    void start() {
        log.start();
        root().addAppender(log);
        node = TestNode.start(folder, "limits.connectionsPerUser=2", "limits.pending=64KiB");
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @AfterEach
    void nothingIsLeftBehind() {
        try {
            TestNode.eventually("nobody is connected", () -> node.connections() == 0);
            assertThat(log.list.stream().filter(line -> line.getLevel().isGreaterOrEqual(Level.ERROR)))
                    .isEmpty();
        } finally {
            root().detachAppender(log);
            node.close();
        }
    }

    private static String request(String line, String... headers) {
        return line + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }

    @Test
    void handshakesThatAreNoneAreRefusedWithAStatus() {
        String key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
        String upgrade = "Upgrade: websocket\r\nConnection: Upgrade";
        String version = "Sec-WebSocket-Version: 13";
        Map<String, Integer> bad = new LinkedHashMap<>();
        bad.put(request("GET " + PATH, "Accept: */*"), 400);
        bad.put(request("GET " + PATH, upgrade, version), 400);
        bad.put(request("GET " + PATH, "Upgrade: websocket", key, version), 400);
        bad.put(request("GET " + PATH, "Connection: Upgrade\r\nUpgrade: h2c", key, version), 400);
        bad.put(request("GET " + PATH, upgrade, key), 426);
        for (String other : List.of("0", "8", "12", "14", "x", "13, 8")) {
            bad.put(request("GET " + PATH, upgrade, key, "Sec-WebSocket-Version: " + other), 426);
        }
        bad.put(request("POST " + PATH, upgrade, key, version, "Content-Length: 0"), 404);
        bad.put(request("GET " + PATH + "/more", upgrade, key, version), 404);
        bad.put(request("GET /eventbus/a.b/c/websocket", upgrade, key, version), 404);
        bad.put(request("GET /eventbus/0/s/jsonp", "Accept: */*"), 404);
        bad.put(request("GET /eventbus/0/s/htmlfile?c=x", "Accept: */*"), 404);
        bad.put(request("GET /eventbus/0/s/eventsource", "Accept: */*"), 404);
        bad.put(request("GET /eventbus/iframe.html", "Accept: */*"), 404);
        bad.put(request("POST /eventbus/0/nobody/xhr_send", "Content-Length: 4") + "[\"\"]", 404);
        bad.put(request("GET " + PATH, upgrade, key, version, "Origin: https://evil.example.com"), 403);
        bad.put(request("GET " + PATH, upgrade, key, version, "Origin: null"), 403);
        bad.put(request("GET /eventbus/info", "Origin: https://evil.example.com"), 403);
        bad.put(request("POST /eventbus/0/s/xhr", "Content-Length: 0", "Origin: https://evil.example.com"), 403);
        bad.put(request("GET " + PATH, upgrade, key, version, "X: " + "x".repeat(20_000)), 431);
        bad.put(request("GET " + PATH + "?" + "x".repeat(20_000), upgrade, key, version), 414);
        bad.put("NONSENSE\r\n\r\n", 400);
        bad.forEach((request, status) -> {
            try (Wire wire = new Wire(node.port())) {
                assertThat(wire.http(request).status())
                        .as(request.substring(0, Math.min(200, request.length())))
                        .isEqualTo(status);
            }
        });
    }

    @Test
    void oneConnectionTooManyOfAUserIsClosedWith4409AndItsPlaceIsGivenBack() {
        try (Wire first = loggedIn()) {
            try (Wire second = loggedIn();
                    Wire third = node.connect("alice")) {
                assertThat(new JsonObject(third.readText()).getString("failureType"))
                        .isEqualTo("LIMIT_REACHED");
                assertThat(third.read().closeCode()).isEqualTo(4409);
                second.text("{\"type\":\"ping\"}");
                assertThat(second.readText()).contains("pong");
            }
            TestNode.eventually("the places are free", () -> node.connections() == 1);
            try (Wire again = node.connect("alice")) {
                again.text("{\"type\":\"ping\"}");
                assertThat(again.readText()).contains("pong");
            }
            first.text("{\"type\":\"ping\"}");
            assertThat(first.readText()).contains("pong");
        }
    }

    /** Connects and waits until the login is through: frames wait for it, and logins of two loops may overtake. */
    private Wire loggedIn() {
        Wire wire = node.connect("alice");
        wire.text("{\"type\":\"ping\"}");
        assertThat(wire.readText()).contains("pong");
        return wire;
    }

    @Test
    void badMessagesOverPollingGetTheirRefusals() {
        String token = "?token=" + TestNode.token("alice");
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put(WireRefusals.register("x y", "{}"), "BAD_ADDRESS");
        bad.put(WireRefusals.register("nowhere", "{}"), "ACCESS_DENIED");
        bad.put(WireRefusals.register("room:1", "{\"recent\":0}"), "BAD_FRAME");
        bad.put(WireRefusals.send("room:1", "{}"), "BAD_EVENT");
        bad.put(WireRefusals.send("hub.auth", "{\"token\":\"x\"}"), "NOT_LOGGED_IN");
        bad.put("nonsense", "BAD_FRAME");
        assertThat(post("xhr" + token, "").body()).isEqualTo("o\n");
        bad.forEach((frame, code) -> {
            assertThat(post("xhr_send" + token, Json.encode(List.of(frame))).status())
                    .isEqualTo(204);
            String polled = post("xhr" + token, "").body();
            JsonObject err = new JsonObject(new JsonArray(polled.substring(1)).getString(0));
            assertThat(err.getString("failureType")).as(frame).isEqualTo(code);
        });
        assertThat(post("xhr_send" + token, "[\"").status()).isEqualTo(500);
        assertThat(post("xhr", "").status())
                .as("without the token that began it")
                .isEqualTo(404);
        String large = Json.encode(List.of("x".repeat(WireRefusals.FRAME_LIMIT + 1)));
        assertThat(post("xhr_send" + token, large).status()).isEqualTo(204);
        assertThat(post("xhr" + token, "").body()).contains("TOO_LARGE");
        assertThat(post("xhr" + token, "").body()).startsWith("c[4413,");
    }

    /** Asks on a connection of its own: the fallbacks close theirs. */
    private Wire.Answer post(String verb, String body) {
        try (Wire wire = new Wire(node.port())) {
            return wire.post("/eventbus/0/polls/" + verb, body);
        }
    }

    @Test
    void pingsOfAClientThatDoesNotReadDoNotPileUp() {
        byte[] ping = Wire.bytes(Wire.FINAL | Wire.PING, "x".repeat(125).getBytes(StandardCharsets.UTF_8));
        byte[] many = WireRefusals.join(java.util.Collections.nCopies(1_000, ping));
        try (Wire wire = node.connect("alice")) {
            for (int i = 0; i < 200; i++) {
                wire.raw(many);
            }
            wire.text("{\"type\":\"ping\"}");
            int pongs = 0;
            Wire.Message message = wire.read();
            while (message.opcode() == Wire.PONG) {
                pongs++;
                message = wire.read();
            }
            assertThat(message.text()).contains("pong");
            assertThat(pongs).isPositive().isLessThan(200_000);
        }
    }
}
