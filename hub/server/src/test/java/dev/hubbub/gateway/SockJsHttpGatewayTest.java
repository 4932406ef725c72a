package dev.hubbub.gateway;

import static dev.hubbub.gateway.TestGateway.await;
import static dev.hubbub.gateway.TestGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP fallbacks of SockJS, and what the door in front of them lets through. */
class SockJsHttpGatewayTest {
    private static final String BASE = "/eventbus/000/sess1234/";
    private static final String TOKEN = "?access_token=alice";
    private static final String REGISTER =
            "[\"{\\\"type\\\":\\\"register\\\",\\\"address\\\":\\\"room:1\\\",\\\"headers\\\":{}}\"]";

    private final FakeHub hub = new FakeHub();
    private TestGateway gateway = new TestGateway(hub);

    @BeforeEach
    void origins() {
        hub.origins = List.of("https://app.example.com");
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private record Answer(int status, Map<String, String> headers, String body) {}

    /** Asks, and reads the answer on the client's own loop: elsewhere its bytes may pass before anybody reads. */
    private <T> Future<T> ask(
            HttpMethod method,
            String uri,
            String body,
            Map<String, String> headers,
            Function<HttpClientResponse, Future<T>> read) {
        return gateway.http().request(method, gateway.port(), "127.0.0.1", uri).compose(request -> {
            headers.forEach(request::putHeader);
            return request.send(Buffer.buffer(body)).compose(read);
        });
    }

    private Answer call(HttpMethod method, String uri, String body, Map<String, String> headers) {
        return await(ask(
                method,
                uri,
                body,
                headers,
                response -> response.body().map(text -> {
                    Map<String, String> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                    response.headers().forEach(seen::put);
                    return new Answer(response.statusCode(), seen, text.toString());
                })));
    }

    private Answer post(String uri, String body) {
        return call(HttpMethod.POST, uri, body, Map.of());
    }

    @Test
    void pollingClientSendsAndHearsInOrder() {
        assertThat(post(BASE + "xhr" + TOKEN, "").body()).isEqualTo("o\n");
        assertThat(post(BASE + "xhr_send" + TOKEN, REGISTER).status()).isEqualTo(204);
        eventually("subscribed", () -> hub.subscribed.size() == 1);
        gateway.doOnLoop(() -> {
            assertThat(hub.subscribed.get(0).deliver(hub.batch("room:1", "a", "b")))
                    .isTrue();
            assertThat(hub.subscribed.get(0).deliver(hub.batch("room:1", "c"))).isTrue();
        });
        String heard = post(BASE + "xhr" + TOKEN, "").body();
        assertThat(heard).startsWith("a[").containsSubsequence("\\\"a\\\"", "\\\"b\\\"", "\\\"c\\\"");
    }

    @Test
    void streamingClientHearsEventsAndTheRealCloseCode() {
        List<String> heard = new CopyOnWriteArrayList<>();
        ask(HttpMethod.POST, BASE + "xhr_streaming" + TOKEN, "", Map.of(), response -> {
                    response.handler(bytes -> heard.add(bytes.toString()));
                    return response.end();
                })
                .onFailure(failure -> heard.add("FAILED " + failure));
        eventually("open", () -> String.join("", heard).indexOf("o\n") >= 0);
        assertThat(post(BASE + "xhr_send" + TOKEN, REGISTER).status()).isEqualTo(204);
        eventually("subscribed", () -> hub.subscribed.size() == 1);
        gateway.doOnLoop(() -> assertThat(hub.subscribed.get(0).deliver(hub.batch("room:1", "a")))
                .isTrue());
        eventually("event", () -> String.join("", heard).indexOf("\\\"text\\\":\\\"a\\\"") >= 0);
        gateway.doOnLoop(() -> gateway.routes.closeAll(700));
        eventually("closed", () -> String.join("", heard).indexOf("c[") >= 0);
        assertThat(String.join("", heard).replaceFirst("(?s)^.*(?=c\\[)", ""))
                .isEqualTo("c[1012,\"reconnect in 700 ms\"]\n");
    }

    @Test
    void badTokenIsToldThenTheCloseCodeComes() {
        String bad = "?access_token=bad";
        assertThat(post(BASE + "xhr" + bad, "").body()).isEqualTo("o\n");
        assertThat(post(BASE + "xhr" + bad, "").body()).startsWith("a[").contains("NOT_LOGGED_IN");
        assertThat(post(BASE + "xhr" + bad, "").body()).isEqualTo("c[4401,\"the token is not valid\"]\n");
    }

    @Test
    void sendingToAClosedSessionDoesNotHideTheCloseCode() {
        String bad = "?access_token=bad";
        assertThat(post(BASE + "xhr" + bad, "").body()).isEqualTo("o\n");
        assertThat(post(BASE + "xhr" + bad, "").body()).contains("NOT_LOGGED_IN");
        // A client that is sending meanwhile would take anything but success for the end, with 1006.
        assertThat(post(BASE + "xhr_send" + bad, REGISTER).status()).isEqualTo(204);
        assertThat(post(BASE + "xhr" + bad, "").body()).startsWith("c[4401,");
        assertThat(hub.subscribed).isEmpty();
    }

    @Test
    void messageThatIsNoJsonIsToldAtOnceAndTheSessionGoesOn() {
        assertThat(post(BASE + "xhr" + TOKEN, "").body()).isEqualTo("o\n");
        for (String broken : List.of("", "[\"", "[]]", "null")) {
            assertThat(post(BASE + "xhr_send" + TOKEN, broken).status())
                    .as(broken)
                    .isEqualTo(500);
        }
        assertThat(post(BASE + "xhr_send" + TOKEN, REGISTER).status()).isEqualTo(204);
        eventually("subscribed", () -> hub.subscribed.size() == 1);
    }

    @Test
    void requestsOfASessionMayComeOnAnyLoop() {
        try (TestGateway.Second second = gateway.second()) {
            for (int i = 0; i < 50; i++) {
                String base = "/eventbus/000/loops" + i + "/";
                assertThat(post(base + "xhr" + TOKEN, "").body()).isEqualTo("o\n");
                int subscribed = hub.subscribed.size();
                // The session lives on the first loop, both of its later requests come on the second.
                Future<String> poll = second.post(base + "xhr" + TOKEN, "");
                assertThat(await(second.post(base + "xhr_send" + TOKEN, REGISTER)))
                        .isEmpty();
                eventually("subscribed", () -> hub.subscribed.size() == subscribed + 1);
                gateway.doOnLoop(() -> assertThat(hub.subscribed.get(subscribed).deliver(hub.batch("room:1", "a")))
                        .isTrue());
                assertThat(await(poll)).startsWith("a[").contains("\\\"a\\\"");
            }
        }
    }

    @Test
    void secondOpenRequestIsTurnedAwayAndTheFirstGoesOn() {
        assertThat(post(BASE + "xhr" + TOKEN, "").body()).isEqualTo("o\n");
        Future<String> first = body(BASE + "xhr" + TOKEN);
        assertThat(post(BASE + "xhr_send" + TOKEN, REGISTER).status()).isEqualTo(204);
        eventually("subscribed", () -> hub.subscribed.size() == 1);
        assertThat(post(BASE + "xhr" + TOKEN, "").body()).isEqualTo("c[2010,\"Another connection still open\"]\n");
        gateway.doOnLoop(() -> assertThat(hub.subscribed.get(0).deliver(hub.batch("room:1", "a")))
                .isTrue());
        assertThat(await(first)).startsWith("a[");
    }

    @Test
    void clientThatGoesAwayInTheMiddleOfAStreamEndsItsSession() {
        List<String> heard = new CopyOnWriteArrayList<>();
        ask(HttpMethod.POST, BASE + "xhr_streaming" + TOKEN, "", Map.of(), response -> {
                    response.handler(bytes -> {
                        heard.add(bytes.toString());
                        if (String.join("", heard).endsWith("o\n")) {
                            response.request().connection().close().onFailure(e -> heard.add("FAILED " + e));
                        }
                    });
                    return response.end();
                })
                .onComplete(cut -> heard.add(cut.succeeded() ? "COMPLETE" : "CUT"));
        eventually("cut", () -> heard.contains("CUT"));
        eventually("gone", () -> gateway.onLoop(() -> gateway.routes.count()) == 0);
        assertThat(post(BASE + "xhr" + TOKEN, "").body()).isEqualTo("c[1002,\"Connection interrupted\"]\n");
    }

    @Test
    void streamBeginsAnewWhenItIsLong() {
        Future<String> stream = body(BASE + "xhr_streaming" + TOKEN);
        eventually("open", () -> gateway.onLoop(() -> gateway.routes.count()) == 1);
        assertThat(post(BASE + "xhr_send" + TOKEN, REGISTER).status()).isEqualTo(204);
        eventually("subscribed", () -> hub.subscribed.size() == 1);
        String long1000 = "x".repeat(1_000);
        for (int i = 0; i < 140; i++) {
            gateway.doOnLoop(() -> assertThat(hub.subscribed.get(0).deliver(hub.batch("room:1", long1000)))
                    .isTrue());
        }
        // Complete by itself, and what did not fit comes with the next one.
        int first = count(await(stream), long1000);
        assertThat(first).isBetween(1, 139);
        assertThat(count(post(BASE + "xhr" + TOKEN, "").body(), long1000)).isEqualTo(140 - first);
    }

    private static int count(String text, String part) {
        return text.split(part, -1).length - 1;
    }

    private Future<String> body(String uri) {
        return ask(
                HttpMethod.POST, uri, "", Map.of(), response -> response.body().map(bytes -> bytes.toString()));
    }

    @Test
    void sessionIdIsWorthNothingWithoutTheTokenThatBeganIt() {
        assertThat(post(BASE + "xhr" + TOKEN, "").body()).isEqualTo("o\n");
        for (String other : List.of("", "?access_token=mallory")) {
            assertThat(post(BASE + "xhr" + other, "").status()).isEqualTo(404);
            assertThat(post(BASE + "xhr_send" + other, REGISTER).status()).isEqualTo(404);
            assertThat(post(BASE + "xhr_streaming" + other, "").status()).isEqualTo(404);
        }
        assertThat(hub.subscribed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/eventbus",
                "/eventbus/",
                "/eventbus/iframe.html",
                "/eventbus/iframe-1.html",
                "/eventbus/000/s/eventsource",
                "/eventbus/000/s/htmlfile?c=x",
                "/eventbus/000/s/jsonp?c=x",
                "/eventbus/chunking_test",
                "/eventbus/x",
                "/eventbus/000/s/other",
                "/eventbus/a/b/c/xhr",
                "/eventbus/../secret"
            })
    void everythingElseBelowIsNotFound(String path) {
        assertThat(call(HttpMethod.GET, path, "", Map.of()).status()).isEqualTo(404);
        assertThat(call(HttpMethod.POST, path, "", Map.of()).status()).isEqualTo(404);
    }

    @Test
    void infoAnswersAndNeverSetsCookies() {
        Answer answer = call(HttpMethod.GET, "/eventbus/info?t=1", "", Map.of("Cookie", "JSESSIONID=evil; a=b"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).doesNotContainKey("Set-Cookie");
        JsonObject info = new JsonObject(answer.body());
        assertThat(info.getBoolean("websocket")).isTrue();
        assertThat(info.getBoolean("cookie_needed")).isFalse();
        assertThat(call(HttpMethod.POST, BASE + "xhr" + TOKEN, "", Map.of("Cookie", "JSESSIONID=evil"))
                        .headers())
                .doesNotContainKey("Set-Cookie");
    }

    @Test
    void onlyAllowedOriginsAreServedAndNamed() {
        Map<String, String> good = Map.of("Origin", "https://app.example.com");
        Map<String, String> evil = Map.of("Origin", "https://evil.example.com");
        Answer info = call(HttpMethod.GET, "/eventbus/info", "", good);
        assertThat(info.headers()).containsEntry("Access-Control-Allow-Origin", "https://app.example.com");
        assertThat(info.headers()).containsEntry("Access-Control-Allow-Credentials", "true");
        Answer preflight = call(HttpMethod.OPTIONS, BASE + "xhr_send", "", good);
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.headers()).containsEntry("Access-Control-Allow-Methods", "OPTIONS, POST");
        for (String path : List.of("/eventbus/info", BASE + "xhr", "/eventbus/websocket")) {
            Answer refused = call(HttpMethod.GET, path, "", evil);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.headers()).doesNotContainKey("Access-Control-Allow-Origin");
        }
        assertThat(call(HttpMethod.GET, "/eventbus/info", "", Map.of()).headers())
                .doesNotContainKey("Access-Control-Allow-Origin");
    }

    @Test
    void requestToTheSocketPathThatIsNoUpgradeIsTold() {
        assertThat(call(HttpMethod.GET, "/eventbus/websocket", "", Map.of()).status())
                .isEqualTo(400);
        assertThat(call(HttpMethod.GET, "/eventbus/1/2/websocket", "", Map.of()).status())
                .isEqualTo(400);
        assertThat(call(HttpMethod.GET, "/eventbus/websocket", "", Map.of("Upgrade", "websocket"))
                        .status())
                .isEqualTo(426);
    }
}
