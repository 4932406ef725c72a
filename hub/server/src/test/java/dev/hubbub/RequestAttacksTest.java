package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.hubbub.attack.Attack;
import dev.hubbub.attack.AttackLog;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Requests that two readers may see differently, errors that could tell too much, and what gets into the log. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestAttacksTest {
    private static final String POST = "POST /api/v1/publish HTTP/1.1\r\nHost: localhost\r\n";
    private static final String SECOND = "GET /api/v1/openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final Pattern INSIDES = Pattern.compile(
            "Exception|\\bat [a-z]+\\.[\\w.]+\\(|\\.java\\b|dev\\.hubbub|io\\.vertx|io\\.netty|com\\.fasterxml|java\\.lang"
                    + "|java\\.util|/home/|/root/|/tmp/|/target/|\\bnull pointer",
            Pattern.CASE_INSENSITIVE);

    /** So long a connection that ends may take. */
    private static final int CLOSED_MILLIS = 200;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<String> secrets = new ArrayList<>();
    private TestNode node;

    @BeforeAll
    void start(@TempDir Path folder) {
        log.start();
        root().addAppender(log);
        node = TestNode.start(folder, "http.host=127.0.0.1", "limits.requests=100000/s");
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    /** What the log got of all that was tried. */
    @AfterAll
    void stop() {
        node.close();
        root().detachAppender(log);
        assertThat(log.list.stream()
                        .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                        .map(ILoggingEvent::getFormattedMessage))
                .isEmpty();
    }

    /** What came of a request: its status and whether the connection was closed; 0 for closed without an answer. */
    private record Got(int status, boolean closed, String body) {}

    private Got send(int port, String request) {
        try (Wire wire = new Wire(port)) {
            wire.raw(request.getBytes(StandardCharsets.ISO_8859_1));
            try {
                Wire.Answer answer = wire.answer();
                return new Got(answer.status(), wire.peek(CLOSED_MILLIS) == -1, answer.body());
            } catch (UncheckedIOException ended) {
                return new Got(0, true, "");
            }
        }
    }

    @Test
    @Attack("S37")
    void requestsThatTwoReadersSeeDifferentlyEndTheConnection() {
        Map<String, String> shapes = new LinkedHashMap<>();
        String chunked = "Transfer-Encoding: chunked\r\n";
        shapes.put("a length and chunks", POST + "Content-Length: 6\r\n" + chunked + "\r\n0\r\n\r\n" + SECOND);
        shapes.put("chunks and a length", POST + chunked + "Content-Length: 60\r\n\r\n0\r\n\r\n" + SECOND);
        shapes.put("two lengths", POST + "Content-Length: 0\r\nContent-Length: 60\r\n\r\n" + SECOND);
        shapes.put("a list of lengths", POST + "Content-Length: 0, 60\r\n\r\n" + SECOND);
        shapes.put("a signed length", POST + "Content-Length: +5\r\n\r\nabcde");
        shapes.put("a negative length", POST + "Content-Length: -1\r\n\r\n");
        shapes.put("a length in hex", POST + "Content-Length: 0x10\r\n\r\n");
        shapes.put("a blank behind the name", POST + "Content-Length : 5\r\n\r\nabcde");
        shapes.put("a blank behind the other name", POST + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n");
        shapes.put("another coding", POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SECOND);
        shapes.put("identity", POST + "Transfer-Encoding: identity\r\n\r\n" + SECOND);
        shapes.put("gzip, chunked", POST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + SECOND);
        shapes.put("chunked, identity", POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SECOND);
        shapes.put("chunked twice", POST + chunked + chunked + "\r\n0\r\n\r\n" + SECOND);
        shapes.put("chunked and a cow", POST + chunked + "Transfer-Encoding: cow\r\n\r\n0\r\n\r\n" + SECOND);
        shapes.put("a tab of another kind", POST + "Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n");
        shapes.put("chunks in HTTP/1.0", POST.replace("1.1", "1.0") + chunked + "\r\n0\r\n\r\n" + SECOND);
        shapes.put("a chunk's size in 0x", POST + chunked + "\r\n0x5\r\nabcde\r\n0\r\n\r\n");
        shapes.put("a chunk of negative size", POST + chunked + "\r\n-5\r\nabcde\r\n0\r\n\r\n");
        shapes.put("a chunk without an end", POST + chunked + "\r\n5\r\nabcdeX0\r\n\r\n");
        shapes.put("chunks with LF only", POST + chunked + "\r\n5\nabcde\n0\n\n");
        shapes.put("LF only", "GET /sse HTTP/1.1\nHost: x\n\n");
        shapes.put("LF in the middle", "GET /sse HTTP/1.1\r\nHost: x\nX: y\r\n\r\n");
        shapes.put("CR in a value", "GET /sse HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n");
        shapes.put("NUL in a value", "GET /sse HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n");
        shapes.put("NUL in a name", "GET /sse HTTP/1.1\r\nHost: x\r\nX\u0000: ab\r\n\r\n");
        shapes.put("NUL in front", "\u0000GET /sse HTTP/1.1\r\nHost: x\r\n\r\n");
        shapes.put("SOH in front", "\u0001GET /sse HTTP/1.1\r\nHost: x\r\n\r\n");
        shapes.put("a blank before the first header", "GET /sse HTTP/1.1\r\n X: y\r\nHost: x\r\n\r\n");
        shapes.put("no Host", "GET /sse HTTP/1.1\r\n\r\n");
        shapes.put("two Hosts", "GET /sse HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
        shapes.put("500 headers", "GET /sse HTTP/1.1\r\nHost: x\r\n" + "X: y\r\n".repeat(500) + "\r\n");
        shapes.put("CONNECT", "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n");
        shapes.put("TRACE", "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n");
        shapes.put("a method in another alphabet", "G\u00c9T /sse HTTP/1.1\r\nHost: x\r\n\r\n");
        shapes.forEach((name, request) -> {
            Got got = send(node.port(), request);
            assertThat(got.closed()).as(name + " " + got).isTrue();
            assertThat(got.status()).as(name).isIn(0, 400, 405, 431);
            AttackLog.got("S37", name, (got.status() == 0 ? "" : got.status() + " and ") + "closed");
        });
    }

    @Test
    @Attack("S9")
    void thereIsNoHttp2() {
        String h2c = String.join(
                "\r\n",
                "GET /api/v1/openapi.yaml HTTP/1.1",
                "Host: x",
                "Connection: Upgrade, HTTP2-Settings",
                "Upgrade: h2c",
                "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA",
                "",
                "");
        assertThat(send(node.port(), h2c).status()).isEqualTo(200);
        AttackLog.got("S9", "Upgrade: h2c", "HTTP/1.1 goes on");
        try (Wire wire = new Wire(node.port())) {
            Wire.Answer answer = wire.http("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            assertThat(answer.status()).isEqualTo(501);
            AttackLog.got("S9", "the preface of HTTP/2", "501 and closed");
        }
    }

    @Test
    void handshakesThatVertxWouldTakeAreNone() {
        String upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n";
        String key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        for (String bad : List.of(
                "GET /eventbus/websocket HTTP/1.0\r\nHost: x\r\n" + upgrade + key + "\r\n",
                "GET /eventbus/websocket HTTP/1.1\r\nHost: x\r\n" + upgrade + key + "Content-Length: 5\r\n\r\nabcde",
                "GET /eventbus/websocket HTTP/1.1\r\nHost: x\r\n" + upgrade + "Sec-WebSocket-Key: abc\r\n\r\n",
                "GET /eventbus/websocket HTTP/1.1\r\nHost: x\r\n" + upgrade + key + key + "\r\n")) {
            assertThat(send(node.port(), bad).status()).as(bad).isEqualTo(400);
        }
    }

    @Test
    @Attack("S39")
    void operatorsCallsAreNotOnThePublicListenerAndNotUnderAnothersName() {
        for (String path : List.of(
                "/metrics",
                "/health/live",
                "/health/ready",
                "/ops/v1/nodes",
                "/ops/v1/reload",
                "/ops/v1/drain",
                "/console",
                "/dev/token?sub=alice",
                "/ops/v1/../v1/nodes")) {
            int status = send(node.port(), "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n")
                    .status();
            assertThat(status).as(path).isEqualTo(404);
            AttackLog.got("S39", "public " + path, status);
        }
        for (String host : List.of("evil.example", "evil.example:9090", "127.evil.example", "localhost.evil.example")) {
            Got got = send(node.opsPort(), "GET /metrics HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            assertThat(got.status()).as(host).isEqualTo(401);
            AttackLog.got("S39", "operators' listener called as " + host, got.status());
        }
        for (String host : List.of("localhost", "127.0.0.1:1", "[::1]:9090")) {
            assertThat(send(node.opsPort(), "GET /metrics HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                            .status())
                    .as(host)
                    .isEqualTo(200);
        }
    }

    @Test
    @Attack("S50")
    void noErrorTellsOfTheInside() {
        String token = "Authorization: Bearer " + TestNode.token("alice") + "\r\n";
        String json = "Content-Type: application/json\r\n";
        List<String> publicRequests = new ArrayList<>(List.of(
                "GET /api/v1/addresses/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /api/v1/addresses/a%00b HTTP/1.1\r\nHost: x\r\n" + token + "\r\n",
                "GET /api/v1/addresses/room:1/events?after=%zz HTTP/1.1\r\nHost: x\r\n" + token + "\r\n",
                "GET /api/v1/addresses/room:1/events?limit=x HTTP/1.1\r\nHost: x\r\n" + token + "\r\n",
                "GET /api/v1/addresses/room:1/events?limit=99999999999999999999 HTTP/1.1\r\nHost: x\r\n" + token
                        + "\r\n",
                "GET /api/v1/addresses/room:1/events?after=x HTTP/1.1\r\nHost: x\r\n" + token + "\r\n",
                "GET /api/v1/addresses/" + "a".repeat(300) + " HTTP/1.1\r\nHost: x\r\n" + token + "\r\n",
                "GET /api/v1/users/alice/connections HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /api/v1/users/bob/connections HTTP/1.1\r\nHost: x\r\n" + token + "\r\n",
                "GET /api/v1/publish HTTP/1.1\r\nHost: x\r\n" + token + "\r\n",
                "GET /sse HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /sse?address=%zz HTTP/1.1\r\nHost: x\r\n" + token + "\r\n",
                "GET /sse?address=room:1&recent=x HTTP/1.1\r\nHost: x\r\n" + token + "\r\n",
                "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /eventbus/0/s/xhr HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /api/v1/addresses HTTP/1.1\r\nHost: x\r\nAuthorization: Basic x\r\n\r\n",
                "GET /api/v1/addresses HTTP/1.1\r\nHost: x\r\nX-API-Key: nobody\r\n\r\n"));
        for (String body : List.of(
                "{",
                "[",
                "null",
                "[]",
                "{}",
                "{\"address\":1}",
                "{\"address\":\"room:1\"}",
                "{\"address\":\"room:1\",\"event\":{}}",
                "{\"address\":\"room:1\",\"event\":{\"type\":\"t\",\"payload\":1,\"occurredAt\":\"x\"}}",
                "{\"address\":\"" + "é".repeat(5) + "\",\"event\":{\"type\":\"t\",\"payload\":1}}",
                "[".repeat(2_000) + "]".repeat(2_000),
                "{\"address\":\"room:1\",\"event\":1e999999}",
                "\u0000")) {
            publicRequests.add(POST + token + json + "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length
                    + "\r\n\r\n" + new String(body.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        }
        publicRequests.add(POST + token + "Content-Type: text/xml\r\nContent-Length: 1\r\n\r\nx");
        publicRequests.add(POST + token + json + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx");
        publicRequests.add(POST + token + json + "Content-Length: 99999999999\r\n\r\n");
        publicRequests.add(POST.replace("publish", "tokens/revoke") + token + json + "Content-Length: 2\r\n\r\n{}");
        publicRequests.forEach(request -> expectPlainError("public", node.port(), request));
        for (String request : List.of(
                "POST /ops/v1/publish HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n{",
                "POST /ops/v1/publish HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}",
                "POST /ops/v1/reload?dryRun=perhaps HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
                "GET /ops/v1/tail?address=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /ops/v1/tail?address=a&recent=x HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            expectPlainError("operators", node.opsPort(), request);
        }
    }

    private void expectPlainError(String where, int port, String request) {
        Got got = send(port, request);
        String line = request.substring(0, request.indexOf('\r'));
        assertThat(got.status()).as(line).isBetween(200, 499);
        assertThat(INSIDES.matcher(got.body()).find())
                .as(line + " -> " + got.body())
                .isFalse();
        AttackLog.got("S50", where + " " + line.substring(0, Math.min(80, line.length())), "plain words");
    }

    @Test
    @Attack("S50")
    void noErrorFrameTellsOfTheInside() {
        for (WireRefusals.Refusal refusal : WireRefusals.all()) {
            if (!refusal.err().isEmpty()) {
                try (Wire wire = node.connect("alice")) {
                    wire.raw(refusal.bytes());
                    String frame = wire.readText();
                    assertThat(INSIDES.matcher(frame).find()).as(frame).isFalse();
                }
            }
        }
        AttackLog.got("S50", "every frame that is refused", "err in plain words");
    }

    @Test
    @Attack({"S24", "S38"})
    void whatClientsSayMakesOneLineInTheLogAndTokensNone() {
        String token = TestNode.token("alice");
        secrets.add(token);
        secrets.add("not-a-token-but-secret");
        for (String path : List.of(
                "/eventbus/websocket?access_token=" + token,
                "/eventbus/websocket?token=not-a-token-but-secret",
                "/eventbus/websocket?access_token=not-a-token-but-secret")) {
            try (Wire wire = new Wire(node.port())) {
                assertThat(wire.handshake(path).status()).isEqualTo(101);
                wire.text("{\"type\":\"ping\"}");
                assertThat(wire.readText()).isNotEmpty();
            }
        }
        for (String path : List.of("/sse?address=%20&access_token=", "/api/v1/addresses?access_token=", "/x?token=")) {
            for (String shown : secrets) {
                Got got =
                        send(node.port(), "GET " + path + shown + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                assertThat(got.status()).isPositive();
            }
        }
        String evil = "a\r\nERROR faked\u001b[31m\u2028${jndi:ldap://127.0.0.1/x}";
        try (Wire wire = Wire.upgraded(
                node.port(), "/eventbus/websocket?token=" + token, "User-Agent: ${jndi:ldap://127.0.0.1/x}")) {
            for (String member : List.of("type", "address", "replyAddress")) {
                wire.text(new JsonObject()
                        .put("type", "send")
                        .put("address", "room:1")
                        .put(member, evil)
                        .put("body", evil)
                        .encode());
                assertThat(wire.readText()).isNotEmpty();
            }
            wire.text(WireRefusals.send(
                    "room:1", Json.encode(new JsonObject().put("type", evil).put("payload", 1))));
            assertThat(wire.readText()).isNotEmpty();
        }
        String stranger = TestNode.signed(TestNode.claims("u\u2028${jndi:x}\u200b" + "\u202e"));
        try (Wire wire = Wire.upgraded(node.port(), "/eventbus/websocket?token=" + stranger)) {
            for (int i = 0; i < 5; i++) {
                wire.text("nonsense");
                assertThat(wire.readText()).contains("BAD_FRAME");
            }
        }
        List<String> lines =
                log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        assertThat(lines).isNotEmpty().noneMatch(line -> secrets.stream().anyMatch(line::contains));
        assertThat(lines)
                .noneMatch(line -> line.codePoints()
                        .anyMatch(point -> Character.isISOControl(point) || point == 0x2028 || point == 0x202e));
        AttackLog.got("S24", "tokens, good and bad, in queries of sockets, streams and calls", "in no line of the log");
        AttackLog.got("S38", "CR LF, ANSI, U+2028, ${jndi: in types, addresses, agents, users", "one plain line each");
    }
}
