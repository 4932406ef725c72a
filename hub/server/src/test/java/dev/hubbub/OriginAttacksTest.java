package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.attack.Attack;
import dev.hubbub.attack.AttackLog;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Pages of other sites, and what SockJS and CORS could give them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OriginAttacksTest {
    private static final String OURS = "https://app.example.com";
    private static final List<String> FOREIGN = List.of(
            "https://evil.example",
            "null",
            "https://app.example.com.evil.example",
            "https://evil.example/app.example.com",
            "https://app.example.com@evil.example",
            "https://xapp.example.com",
            "https://app.example.com:8443",
            "http://app.example.com",
            "https://APP.example.com.",
            "https://app.example.com%00",
            "");
    private static final List<String> SOCKJS = List.of("xhr", "xhr_send", "xhr_streaming");

    private TestNode node;

    @BeforeAll
    void start(@TempDir Path folder) {
        node = TestNode.start(folder, "http.origins=[\"" + OURS + "\"]");
    }

    @AfterAll
    void stop() {
        node.close();
    }

    /** Asks on a connection of its own; of the answer the head is enough. */
    private Wire.Answer ask(String line, String... headers) {
        try (Wire wire = new Wire(node.port())) {
            return wire.head(line + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
                    + String.join("\r\n", headers) + (headers.length == 0 ? "\r\n" : "\r\n\r\n"));
        }
    }

    @Test
    @Attack("S1")
    void noSocketForAPageOfAnotherSite() {
        for (String origin : FOREIGN) {
            try (Wire wire = new Wire(node.port())) {
                Wire.Answer answer = wire.handshake("/eventbus/websocket", "Origin: " + origin);
                assertThat(answer.status()).as(origin).isEqualTo(403);
                AttackLog.got("S1", "Origin " + origin, answer.status());
            }
        }
        try (Wire wire = Wire.upgraded(node.port(), "/eventbus/websocket", "Cookie: session=alice; JSESSIONID=1")) {
            wire.text(WireRefusals.register("room:1", "{}"));
            assertThat(new JsonObject(wire.readText()).getString("failureType")).isEqualTo("NOT_LOGGED_IN");
            AttackLog.got("S1", "a cookie without an origin", "NOT_LOGGED_IN for everything");
        }
        try (Wire wire = Wire.upgraded(node.port(), "/eventbus/websocket", "Origin: " + OURS)) {
            wire.text("{\"type\":\"ping\"}");
            assertThat(wire.readText()).contains("pong");
        }
    }

    @Test
    @Attack({"S2", "S45"})
    void noAnswerThatAPageOfAnotherSiteCouldRead() {
        for (String origin : FOREIGN) {
            Map<String, Wire.Answer> answers = new LinkedHashMap<>();
            answers.put("GET info", ask("GET /eventbus/info", "Origin: " + origin));
            answers.put(
                    "OPTIONS info",
                    ask("OPTIONS /eventbus/info", "Origin: " + origin, "Access-Control-Request-Method: GET"));
            for (String verb : SOCKJS) {
                answers.put(verb, ask("POST /eventbus/0/s/" + verb, "Origin: " + origin));
                answers.put(
                        "OPTIONS " + verb,
                        ask(
                                "OPTIONS /eventbus/0/s/" + verb,
                                "Origin: " + origin,
                                "Access-Control-Request-Method: POST"));
            }
            answers.forEach((name, answer) -> {
                assertThat(answer.status()).as(name + " " + origin).isEqualTo(403);
                assertNoCors(name + " " + origin, answer);
                AttackLog.got("S2", name + " from " + origin, "403, no CORS headers");
            });
            Wire.Answer api = ask("GET /api/v1/addresses", "Origin: " + origin);
            assertNoCors("api " + origin, api);
            Wire.Answer preflight =
                    ask("OPTIONS /api/v1/publish", "Origin: " + origin, "Access-Control-Request-Method: POST");
            assertThat(preflight.status()).isEqualTo(403);
            assertNoCors("preflight " + origin, preflight);
            AttackLog.got("S45", "API from " + origin, "no CORS headers, preflight 403");
        }
        Wire.Answer ours = ask("GET /api/v1/addresses", "Origin: " + OURS);
        assertThat(ours.headers())
                .containsEntry("access-control-allow-origin", OURS)
                .doesNotContainKey("access-control-allow-credentials");
        AttackLog.got("S45", "API from a listed origin", "its own name, never credentials");
    }

    private static void assertNoCors(String what, Wire.Answer answer) {
        assertThat(answer.headers().keySet())
                .as(what)
                .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("access-control-allow"));
    }

    @Test
    @Attack({"S3", "S46"})
    void answersSetNoCookieAndSayNothingOfTheServer() {
        String cookies = "Cookie: JSESSIONID=dummy; a=b; c=d";
        Map<String, Wire.Answer> answers = new LinkedHashMap<>();
        answers.put("info", ask("GET /eventbus/info", cookies));
        answers.put("OPTIONS info", ask("OPTIONS /eventbus/info", cookies, "Origin: " + OURS));
        for (String verb : SOCKJS) {
            answers.put(verb, ask("POST /eventbus/0/cookies-" + verb + "/" + verb, cookies));
            answers.put("OPTIONS " + verb, ask("OPTIONS /eventbus/0/c/" + verb, cookies, "Origin: " + OURS));
        }
        answers.put("api", ask("GET /api/v1/addresses", cookies));
        answers.put("description", ask("GET /api/v1/openapi.yaml", cookies));
        answers.put("sse", ask("GET /sse?address=room:1", cookies));
        answers.put("nothing", ask("GET /nothing", cookies));
        answers.put("not found in /eventbus", ask("GET /eventbus/x", cookies));
        answers.put("not allowed", ask("TRACE /", cookies));
        try (Wire wire = new Wire(node.port())) {
            answers.put("upgrade", wire.handshake("/eventbus/websocket", cookies));
        }
        answers.forEach((name, answer) -> {
            assertThat(answer.headers())
                    .as(name)
                    .doesNotContainKey("set-cookie")
                    .doesNotContainKey("server")
                    .doesNotContainKey("x-powered-by");
            AttackLog.got("S3", name + " with cookies", answer.status() + " without Set-Cookie");
            boolean isAnswer = answer.status() != 101 && !name.startsWith("OPTIONS") && !name.startsWith("xhr");
            if (isAnswer) {
                assertThat(answer.headers())
                        .as(name)
                        .containsEntry("x-content-type-options", "nosniff")
                        .containsEntry("cache-control", "no-store");
                AttackLog.got("S46", name, "nosniff, no-store, no Server");
            }
        });
    }

    @Test
    @Attack("S4")
    void relicsOfSockJsAreNotThere() {
        for (String path : List.of(
                "iframe.html",
                "iframe-1.2.3.html",
                "iframe123.html",
                "0/s/htmlfile?c=x",
                "0/s/jsonp?c=x",
                "0/s/eventsource",
                "chunking_test",
                "")) {
            int status = ask("GET /eventbus/" + path).status();
            assertThat(status).as(path).isEqualTo(404);
            AttackLog.got("S4", "GET " + path, status);
        }
        for (String path : List.of("0/s/jsonp_send", "chunking_test")) {
            int status = ask("POST /eventbus/" + path).status();
            assertThat(status).as(path).isEqualTo(404);
            AttackLog.got("S4", "POST " + path, status);
        }
    }

    private Wire.Answer poll(String verb, String query, String body, String agent) {
        try (Wire wire = new Wire(node.port())) {
            return wire.post("/eventbus/0/victim/" + verb + query, body, "User-Agent: " + agent);
        }
    }

    @Test
    @Attack("S5")
    void aSessionIsWorthNothingToAnother() {
        String alice = "?token=" + TestNode.token("alice");
        assertThat(poll("xhr", alice, "", "a").body()).isEqualTo("o\n");
        String mallory = "?token=" + TestNode.token("mallory");
        for (String query : List.of("", mallory, alice + "x")) {
            for (String verb : SOCKJS) {
                int status = poll(verb, query, "[\"{\\\"type\\\":\\\"ping\\\"}\"]", "a")
                        .status();
                assertThat(status).as(verb + query).isEqualTo(404);
                AttackLog.got("S5", verb + (query.isEmpty() ? " without a token" : " with another token"), status);
            }
        }
        assertThat(poll("xhr_send", alice, "[\"{\\\"type\\\":\\\"ping\\\"}\"]", "a")
                        .status())
                .isEqualTo(204);
        assertThat(poll("xhr", alice, "", "a").body()).contains("pong");
    }

    @Test
    @Attack("S5")
    void aSessionThatBeganWithoutATokenBelongsToThePlaceAndAgentThatBeganIt() {
        String path = "/eventbus/0/tokenless/";
        try (Wire wire = new Wire(node.port())) {
            assertThat(wire.post(path + "xhr", "", "User-Agent: a").body()).isEqualTo("o\n");
        }
        try (Wire wire = new Wire(node.port())) {
            int status =
                    wire.post(path + "xhr_send", "[\"{}\"]", "User-Agent: b").status();
            assertThat(status).isEqualTo(404);
            AttackLog.got("S5", "xhr_send with another agent, no tokens", status);
        }
        try (Wire wire = new Wire(node.port())) {
            assertThat(wire.post(path + "xhr_send", "[\"{\\\"type\\\":\\\"ping\\\"}\"]", "User-Agent: a")
                            .status())
                    .isEqualTo(204);
        }
    }

    @Test
    @Attack("S6")
    void nothingIsCompressed() {
        for (String offer : List.of(
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits",
                "x-webkit-deflate-frame",
                "permessage-deflate; server_no_context_takeover, x-webkit-deflate-frame")) {
            try (Wire wire = new Wire(node.port())) {
                Wire.Answer answer = wire.handshake(
                        "/eventbus/websocket?token=" + TestNode.token("alice"), "Sec-WebSocket-Extensions: " + offer);
                assertThat(answer.status()).isEqualTo(101);
                assertThat(answer.headers()).doesNotContainKey("sec-websocket-extensions");
                wire.frame(Wire.FINAL | 0x40 | Wire.TEXT, new byte[] {1, 2, 3});
                int code = wire.read().closeCode();
                assertThat(code).isEqualTo(1002);
                AttackLog.got("S6", offer + ", then RSV1", "no extension, then " + code);
            }
        }
    }
}
