package dev.hubbub.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.http.HttpFixture.Answer;
import dev.hubbub.messaging.Outcome;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiRefusalsTest {
    private static final String EVENT = "{\"address\":\"a\",\"event\":{\"type\":\"t\",\"payload\":{}}}";

    private HttpFixture http;

    @BeforeEach
    void start() throws Exception {
        http = new HttpFixture();
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
    }

    private static void assertShape(Answer answer, int status, String error) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().fieldNames()).contains("error", "message", "details");
        assertThat(answer.error()).isEqualTo(error);
        assertThat(answer.json().getString("message")).isNotBlank();
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertThat(answer.header("server")).isEmpty();
        assertThat(answer.response().body()).doesNotContain("Exception", "dev.hubbub", "io.vertx", "/srv/", ".java");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'address':'a'}|event: is missing",
                "{'event':{}}|address: is missing",
                "{'address':7,'event':{}}|address: is of type number, not string",
                "[{'address':'a','event':1},{'address':null,'event':1}]|[1].address: is of type null, not string",
                "[{'address':'a','event':1},7]|[1]: is of type number, not object",
                "'text'|body: is of type string, not object",
            })
    void aBodyThatDoesNotFitIsRefusedWithTheNameOfTheField(String body, String message) throws Exception {
        Answer answer = http.post("/api/v1/publish", body.replace('\'', '"'));

        assertShape(answer, 400, "bad_request");
        assertThat(answer.json().getString("message")).isEqualTo(message);
        assertThat(answer.json().getJsonObject("details").getString("field"))
                .isEqualTo(message.substring(0, message.indexOf(':')));
        assertThat(http.hub.published).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/addresses/a/events?limit=0|limit",
                "/addresses/a/events?limit=1001|limit",
                "/addresses/a/events?limit=ten|limit",
                "/addresses/a/events?recent=1.5|recent",
                "/addresses/a/events?q=|q",
                "/addresses/a/events?recent=1&after=x|after",
                "/addresses/a/events?q=a%0D%0Ab|q",
                "/addresses/a%0d%0aX:1/events|address",
                "/addresses/a%00/events|address",
                "/addresses?match=%0A|match",
                "/addresses/a?limit=1&x=%zz|",
            })
    void aParameterThatDoesNotFitIsRefusedByName(String path, String name) throws Exception {
        String[] pathAndQuery = path.split("\\?", 2);
        String raw = raw("GET /api/v1" + String.join("?", pathAndQuery) + " HTTP/1.1\r\nX-API-Key: "
                + HttpFixture.SERVICE_KEY + "\r\n");
        if (name == null) {
            assertThat(raw).doesNotContain(" 500 ");
            return;
        }
        assertThat(raw)
                .startsWith("HTTP/1.1 400 ")
                .contains("\"error\":\"bad_request\"")
                .contains(name);
        assertThat(http.hub.asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Idempotency-Key: a\u0001b|400",
                "Idempotency-Key: \u00e9|400",
                "Idempotency-Key: |400",
                "Idempotency-Key: fine|200",
                "Content-Type: text/plain|415",
                "Content-Type: application/json; charset=utf-8|200",
                "Content-Type: application/jsonp|415",
                "Content-Encoding: gzip|415",
            })
    void headersAreCheckedBeforeAnythingIsPublished(String header, int status) throws Exception {
        String type = header.startsWith("Content-Type") ? "" : "Content-Type: application/json\r\n";
        String raw = raw(
                "POST /api/v1/publish HTTP/1.1\r\nX-API-Key: " + HttpFixture.SERVICE_KEY + "\r\n" + type + header
                        + "\r\nContent-Length: " + EVENT.length() + "\r\n",
                EVENT);

        assertThat(raw).startsWith("HTTP/1.1 " + status + " ");
        assertThat(http.hub.published).hasSize(status == 200 ? 1 : 0);
    }

    @Test
    void malformedJsonIsABadRequest() throws Exception {
        assertShape(http.post("/api/v1/publish", "{\"address\":"), 400, "bad_request");
        assertShape(http.post("/api/v1/publish", ""), 400, "bad_request");
        assertShape(http.post("/api/v1/publish", EVENT + "x"), 400, "bad_request");
    }

    @Test
    void aBodyAboveEightMebibytesIsTooLarge() throws Exception {
        assertShape(http.post("/api/v1/publish", "\"" + "x".repeat(9 << 20) + "\""), 413, "too_large");
        assertThat(http.hub.published).isEmpty();
    }

    @Test
    void unknownPathsAndMethodsAreToldApart() throws Exception {
        assertShape(http.get("/api/v1/nothing"), 404, "not_found");
        assertShape(http.get("/nothing"), 404, "not_found");
        Answer wrong = http.get("/api/v1/publish");
        assertShape(wrong, 405, "method_not_allowed");
        assertThat(wrong.header("allow")).isEqualTo("POST");
        assertShape(http.send("POST", "/api/v1/addresses/a/events", Optional.of("{}")), 405, "method_not_allowed");
    }

    @Test
    void aRosterThatIsNotKeptIsNotFound() throws Exception {
        Answer answer = http.get("/api/v1/addresses/plain:1/presence");

        assertShape(answer, 404, "not_found");
        assertThat(answer.json().getString("message")).contains("roster");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-API-Key|wrong|401",
                "X-API-Key||401",
                "Authorization|Bearer wrong|401",
                "Authorization|Basic abc|401",
                "Authorization|Bearer token-revoked|401",
                "Authorization|bearer token-of-alice|200",
                "Accept|*/*|401",
            })
    void callersAreKnownOrRefused(String header, String value, int status) throws Exception {
        Answer answer = http.get("/api/v1/addresses/a", header, value == null ? "" : value);

        if (status == 401) {
            assertShape(answer, 401, "not_logged_in");
            assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
            assertThat(http.hub.asked).isEmpty();
        } else {
            assertThat(answer.status()).isEqualTo(status);
        }
    }

    @Test
    void aTokenInTheQueryIsAsGoodAsInTheHeader() throws Exception {
        assertThat(http.get("/api/v1/addresses/a?access_token=" + HttpFixture.ALICE, "Accept", "*/*")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void nobodyIsLetInOnlyWhereTheConfigSaysSo() throws Exception {
        http.hub.anonymous = true;

        assertThat(http.get("/api/v1/addresses/a", "Accept", "*/*").status()).isEqualTo(200);
        assertThat(http.get("/api/v1/addresses/a", "X-API-Key", "wrong").status())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({"UNAVAILABLE,503,1500,2", "UNAVAILABLE,503,,1", "RATE_LIMITED,429,40,1", "LIMIT_REACHED,429,,1"})
    void whatMayWorkLaterSaysWhen(ErrorCode code, int status, Long millis, String seconds) throws Exception {
        JsonObject details = millis == null ? new JsonObject() : new JsonObject().put("retryAfterMillis", millis);
        http.hub.outcome = command -> new Outcome.Refused(new HubException(code, "later", details));

        Answer answer = http.post("/api/v1/publish", EVENT);

        assertShape(answer, status, code.snakeCase());
        assertThat(answer.header("retry-after")).isEqualTo(seconds);
    }

    @Test
    void aFailureThatNobodyExpectedTellsAReferenceAndNothingElse() throws Exception {
        http.hub.outcome = command -> {
            throw new IllegalStateException("secret at /srv/secret dev.hubbub.Secret");
        };

        Answer answer = http.post("/api/v1/publish", EVENT);

        assertShape(answer, 500, "internal_error");
        assertThat(answer.response().body()).doesNotContain("secret");
        assertThat(answer.json().getJsonObject("details").getString("reference"))
                .hasSize(36);
    }

    @Test
    void theDescriptionIsServedAndNamesEveryCall() throws Exception {
        Answer answer = http.get("/api/v1/openapi.yaml");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().body()).startsWith("openapi: 3.1.0").contains("/tokens/revoke:");
    }

    @Test
    void onlyListedOriginsMayReadAnswers() throws Exception {
        http.hub.origins = List.of("https://app.example.com");

        Answer listed = origin("https://app.example.com");
        assertThat(listed.header("access-control-allow-origin")).isEqualTo("https://app.example.com");
        assertThat(listed.header("vary")).containsIgnoringCase("origin");
        for (String other :
                List.of("https://app.example.evil", "http://app.example.com", "https://app.example.com:8443", "null")) {
            assertThat(origin(other).header("access-control-allow-origin"))
                    .as(other)
                    .isEmpty();
        }
    }

    @Test
    void withoutConfiguredOriginsNoPageButTheHubsOwnIsServed() throws Exception {
        assertThat(origin("https://app.example.com").header("access-control-allow-origin"))
                .isEmpty();
        assertThat(preflight("https://app.example.com"))
                .startsWith("HTTP/1.1 403 ")
                .doesNotContainIgnoringCase("allow-");
        assertThat(preflight("http://127.0.0.1:" + http.port())).startsWith("HTTP/1.1 204 ");
    }

    @Test
    void aPreflightOfAListedOriginNamesEveryHeaderThatTheApiReads() throws Exception {
        http.hub.origins = List.of("https://app.example.com");

        assertThat(preflight("https://app.example.com"))
                .startsWith("HTTP/1.1 204 ")
                .containsIgnoringCase("access-control-allow-origin: https://app.example.com\r\n")
                .contains("Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID", "X-API-Key", "POST")
                .doesNotContainIgnoringCase("allow-credentials");
    }

    @Test
    void anyOriginIsAnsweredWithTheStarAndNeverWithCredentials() throws Exception {
        http.hub.origins = List.of("*");

        Answer answer = origin("https://any.example");

        assertThat(answer.header("access-control-allow-origin")).isEqualTo("*");
        assertThat(answer.header("access-control-allow-credentials")).isEmpty();
    }

    private Answer origin(String origin) throws Exception {
        return http.get("/api/v1/addresses/a", "X-API-Key", HttpFixture.SERVICE_KEY, "Origin", origin);
    }

    private String preflight(String origin) throws Exception {
        return raw("OPTIONS /api/v1/publish HTTP/1.1\r\nOrigin: " + origin
                + "\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: x-api-key\r\n");
    }

    private String raw(String head) throws Exception {
        return raw(head, "");
    }

    /** Sends bytes that no client library would send. */
    private String raw(String head, String body) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http.port())) {
            socket.setSoTimeout(10_000);
            String request = head + "Host: 127.0.0.1:" + http.port() + "\r\nConnection: close\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
