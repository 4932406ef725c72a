package dev.hubbub.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.http.HttpFixture.Answer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DemoProxyTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void whatIsAskedBelowDemoIsAnsweredByTheBackEndWithStatusHeadersAndBody() throws Exception {
        int port = backEnd();
        try (HttpFixture http = new HttpFixture(() -> port)) {
            Answer answer = http.get("/demo/inbox?space=x", "X-Asked", "yes");

            assertThat(answer.status()).isEqualTo(418);
            assertThat(answer.response().body()).isEqualTo("GET /demo/inbox?space=x yes ");
            assertThat(answer.header("content-security-policy")).contains("default-src 'self'");
        }
    }

    @Test
    void aBodyReachesTheBackEndWhole() throws Exception {
        int port = backEnd();
        try (HttpFixture http = new HttpFixture(() -> port)) {
            Answer answer = http.post("/demo/api/x", Map.of("text", "ä".repeat(50_000)), "X-Asked", "no");

            assertThat(answer.response().body())
                    .isEqualTo("POST /demo/api/x no " + "{\"text\":\"" + "ä".repeat(50_000) + "\"}");
        }
    }

    @Test
    void aBackEndThatIsNotThereIsToldAsUnavailableWithAWait() throws Exception {
        try (HttpFixture http = new HttpFixture(() -> 0)) {
            Answer answer = http.get("/demo/", "Accept", "*/*");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("retry-after")).contains("1");
        }
    }

    @Test
    void thePageNamesTheDemosOnlyWhereTheyAre() throws Exception {
        try (HttpFixture with = new HttpFixture(() -> 0);
                HttpFixture without = new HttpFixture()) {
            assertThat(with.get("/", "Accept", "text/html").response().body()).contains("href=\"/demo/inbox\"");
            assertThat(without.get("/", "Accept", "text/html").response().body())
                    .doesNotContain("/demo/", "<!--");
            assertThat(without.get("/demo/", "Accept", "*/*").error()).isEqualTo("not_found");
        }
    }

    private int backEnd() throws Exception {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> request.body()
                        .compose(body -> request.response()
                                .setStatusCode(418)
                                .putHeader("Content-Security-Policy", "default-src 'self'")
                                .end(told(request, body)))
                        .onFailure(broken -> {
                            throw new IllegalStateException(broken);
                        }));
        return server.listen(0, "127.0.0.1")
                .map(HttpServer::actualPort)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private static String told(HttpServerRequest request, Buffer body) {
        return request.method() + " " + request.uri() + " " + request.getHeader("X-Asked") + " " + body;
    }
}
