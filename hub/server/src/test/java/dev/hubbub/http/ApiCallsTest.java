package dev.hubbub.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.auth.Caller;
import dev.hubbub.http.HttpFixture.Answer;
import dev.hubbub.messaging.History.Page;
import dev.hubbub.messaging.Outcome;
import dev.hubbub.messaging.PublishCommand;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiCallsTest {
    private static final JsonObject EVENT =
            new JsonObject().put("type", "t").put("payload", new JsonObject().put("x", 1));

    private HttpFixture http;

    @BeforeEach
    void start() throws Exception {
        http = new HttpFixture();
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
    }

    private static JsonObject to(String address) {
        return new JsonObject().put("address", address).put("event", EVENT);
    }

    private void posted(String path, Object body, String... headers) throws Exception {
        assertThat(http.post(path, body, headers).status()).isEqualTo(200);
    }

    private static String idOf(PublishCommand command) {
        return command.event() instanceof JsonObject object ? object.getString("id") : "none";
    }

    @Test
    void aSinglePublishAnswersIdPositionAndDuplicate() throws Exception {
        Answer answer = http.post("/api/v1/publish", to("room:1"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json())
                .isEqualTo(new JsonObject()
                        .put("id", "e-1")
                        .put("position", "E1.1-n1:7")
                        .put("duplicate", false));
        assertThat(http.hub.published)
                .containsExactly(new PublishCommand("room:1", EVENT, Optional.empty(), Optional.empty()));
        assertThat(http.hub.callers).first().isInstanceOf(Caller.Service.class);
    }

    @Test
    void aRefusedPublishAnswersWithTheStatusOfItsRefusal() throws Exception {
        http.hub.outcome = command -> new Outcome.Refused(new HubException(
                ErrorCode.STALE_VERSION, "node-7 has moved on", new JsonObject().put("currentVersion", 43)));

        Answer answer = http.post("/api/v1/publish", to("room:1"));

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.json())
                .isEqualTo(new JsonObject()
                        .put("error", "stale_version")
                        .put("message", "node-7 has moved on")
                        .put("details", new JsonObject().put("currentVersion", 43)));
    }

    @Test
    void aBatchAnswersForEachEventInItsPlace() throws Exception {
        http.hub.outcome = command -> command.address().equals("bad")
                ? new Outcome.Refused(new HubException(ErrorCode.ACCESS_DENIED, "no"))
                : new Outcome.Published(command.address(), Optional.empty(), true);

        Answer answer = http.post(
                "/api/v1/publish", new JsonArray().add(to("a")).add(to("bad")).add(to("b")));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.array().getJsonObject(0))
                .isEqualTo(new JsonObject().put("id", "a").put("duplicate", true));
        assertThat(answer.array().getJsonObject(1))
                .isEqualTo(new JsonObject()
                        .put("error", "access_denied")
                        .put("message", "no")
                        .put("details", new JsonObject()));
        assertThat(answer.array().getJsonObject(2).getString("id")).isEqualTo("b");
    }

    @Test
    void anEventAboveTheFrameLimitIsRefusedAndTheRestOfTheBatchIsPublished() throws Exception {
        http.hub.outcome = command -> new Outcome.Published(command.address(), Optional.empty(), false);
        JsonObject big =
                new JsonObject().put("address", "big").put("event", new JsonObject().put("p", "x".repeat(1024)));

        Answer answer = http.post(
                "/api/v1/publish", new JsonArray().add(to("a")).add(big).add(to("b")));

        assertThat(answer.array().getJsonObject(0).getString("id")).isEqualTo("a");
        assertThat(answer.array().getJsonObject(1).getString("error")).isEqualTo("too_large");
        assertThat(answer.array().getJsonObject(2).getString("id")).isEqualTo("b");
        assertThat(http.hub.published).extracting(PublishCommand::address).containsExactly("a", "b");
        assertThat(http.post("/api/v1/publish", big).status()).isEqualTo(413);
    }

    @Test
    void aThousandEventsAreABatchAndOneMoreIsRefusedWhole() throws Exception {
        List<JsonObject> thousand =
                IntStream.range(0, 1000).mapToObj(i -> to("a")).toList();
        JsonArray more = new JsonArray(thousand).copy().add(to("a"));

        assertThat(http.post("/api/v1/publish", new JsonArray(thousand)).array())
                .hasSize(1000);
        http.hub.published.clear();
        assertThat(http.post("/api/v1/publish", more).error()).isEqualTo("bad_request");
        assertThat(http.hub.published).isEmpty();
    }

    @Test
    void theIdempotencyKeyReachesEachEventOfABatchWithItsNumber() throws Exception {
        posted("/api/v1/publish", to("a"), HttpFixture.alice("Idempotency-Key", "order 42%41"));
        posted("/api/v1/publish", new JsonArray().add(to("a")).add(to("b")), HttpFixture.alice("Idempotency-Key", "k"));

        assertThat(http.hub.published)
                .extracting(command -> command.idempotencyKey().orElseThrow())
                .containsExactly("order 42%41", "k#0", "k#1");
    }

    @ParameterizedTest
    @CsvSource({"129", "1000"})
    void aLongIdempotencyKeyIsRefusedByName(int length) throws Exception {
        Answer answer = http.post("/api/v1/publish", to("a"), HttpFixture.alice("Idempotency-Key", "k".repeat(length)));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().getString("message")).contains("Idempotency-Key");
        assertThat(http.hub.published).isEmpty();
    }

    @Test
    void aBroadcastHasOneIdForAllAddressesAndAnswersForEach() throws Exception {
        http.hub.outcome = command -> command.address().equals("bad")
                ? new Outcome.Refused(new HubException(ErrorCode.ACCESS_DENIED, "no"))
                : new Outcome.Published(idOf(command), Optional.empty(), false);

        Answer answer = http.post(
                "/api/v1/broadcast",
                new JsonObject().put("addresses", List.of("a", "bad", "b")).put("event", EVENT));

        String id = answer.array().getJsonObject(0).getString("id");
        assertThat(id).matches("[0-9A-HJKMNP-TV-Z]{26}");
        assertThat(answer.array().getJsonObject(0).getString("address")).isEqualTo("a");
        assertThat(answer.array().getJsonObject(1).getString("error")).isEqualTo("access_denied");
        assertThat(answer.array().getJsonObject(1).getString("address")).isEqualTo("bad");
        assertThat(answer.array().getJsonObject(2).getString("id")).isEqualTo(id);
    }

    @Test
    void aRetriedBroadcastWithTheSameKeyIsTheSameEventByWhoeverItIsRetried() throws Exception {
        JsonObject body = new JsonObject().put("addresses", List.of("a")).put("event", EVENT);
        posted("/api/v1/broadcast", body, HttpFixture.alice("Idempotency-Key", "k"));
        posted("/api/v1/broadcast", body, HttpFixture.alice("Idempotency-Key", "k"));
        posted("/api/v1/broadcast", body, "X-API-Key", HttpFixture.SERVICE_KEY, "Idempotency-Key", "k");

        List<Object> events =
                http.hub.published.stream().<Object>map(ApiCallsTest::idOf).toList();
        assertThat(events).hasSize(3).containsOnly(events.get(0));
    }

    @Test
    void aBroadcastLeavesAnEventsOwnIdAndUntypedJsonAlone() throws Exception {
        JsonObject own = EVENT.copy().put("id", "mine");
        posted(
                "/api/v1/broadcast",
                new JsonObject().put("addresses", List.of("a")).put("event", own));
        posted(
                "/api/v1/broadcast",
                new JsonObject().put("addresses", List.of("a", "b")).put("event", "text"));

        assertThat(http.hub.published.get(0).event()).isEqualTo(own);
        assertThat(http.hub.published.get(1).event()).isEqualTo("text");
        assertThat(http.hub.published.get(1).idempotencyKey())
                .isPresent()
                .isEqualTo(http.hub.published.get(2).idempotencyKey());
    }

    @Test
    void eventsComeWithTheirPositionAndOthersUnderBody() throws Exception {
        http.hub.pages = (verb, address) -> Future.succeededFuture(new Page(
                List.of(
                        FakeHub.event("room:1", 1, "{\"id\":\"e-1\",\"type\":\"t\"}"),
                        FakeHub.event("room:1", 2, "[1,2]"),
                        FakeHub.event("room:1", 3, "{\"position\":\"left wing\"}")),
                Optional.of(FakeHub.POSITION),
                true));

        JsonObject page = http.get("/api/v1/addresses/room:1/events?after=E1.1-n1:0&limit=3")
                .json();

        assertThat(page.getString("position")).isEqualTo("E1.1-n1:7");
        assertThat(page.getBoolean("more")).isTrue();
        assertThat(page.getJsonArray("events"))
                .isEqualTo(new JsonArray()
                        .add(Map.of("id", "e-1", "type", "t", "position", "E1.1-n1:1"))
                        .add(Map.of("body", List.of(1, 2), "position", "E1.1-n1:2"))
                        .add(Map.of("body", Map.of("position", "left wing"), "position", "E1.1-n1:3")));
        assertThat(http.hub.asked).containsExactly("after room:1 E1.1-n1:0 3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/addresses/room:1/events|after room:1 - 500",
                "/addresses/room:1/events?recent=50|recent room:1 50",
                "/addresses/room:1/events?q=12.5&limit=9|search room:1 12.5 9",
                "/addresses/room:1/events?q=%22100%25%22+sure|search room:1 \"100%\" sure 500",
                "/addresses/room:1|counts room:1",
                "/addresses/chat%3Aroom%2F1/events|after chat:room/1 - 500",
                "/addresses/chat:room/1/events|after chat:room/1 - 500",
                "/addresses/a//b@c|counts a//b@c",
                "/addresses/a%2Fevents|counts a/events",
                "/addresses/x/../y|counts x/../y",
                "/addresses?match=workspace:%7Bws%7D&limit=3|list workspace:{ws} 3",
                "/addresses|list {address...} 500",
                "/users/a%20b+c/connections|of a b+c",
            })
    void readingTakesTheAddressAsItIsMeant(String path, String asked) throws Exception {
        Answer answer = http.get("/api/v1" + path);

        assertThat(http.hub.asked).containsExactly(asked);
        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void aLostPositionAnswers410WithThePlaceToGoOnFrom() throws Exception {
        http.hub.pages = (verb, address) -> Future.failedFuture(FakeHub.lost());

        Answer answer = http.get("/api/v1/addresses/room:1/events?after=E0.1-n1:3");

        assertThat(answer.status()).isEqualTo(410);
        assertThat(answer.json())
                .isEqualTo(new JsonObject()
                        .put("error", "position_lost")
                        .put("message", "what came after it is not retained")
                        .put("snapshot", true)
                        .put("position", "E1.1-n1:7")
                        .put(
                                "details",
                                new JsonObject().put("position", "E1.1-n1:7").put("reason", "retention")));
    }

    @Test
    void aRosterIsReadInPages() throws Exception {
        JsonObject page = http.get("/api/v1/addresses/room%3A1/presence?limit=2&after=alice")
                .json();

        assertThat(http.hub.asked).contains("roster room:1 2 alice");
        assertThat(page.getInteger("users")).isEqualTo(7);
        assertThat(page.getInteger("devices")).isEqualTo(9);
        assertThat(page.getBoolean("more")).isTrue();
        assertThat(page.getJsonArray("roster").getJsonObject(0).getString("user"))
                .isEqualTo("bob");
        assertThat(http.get("/api/v1/addresses/room:1/presence?limit=0").status())
                .isEqualTo(400);
    }

    @Test
    void countsTellEveryNumber() throws Exception {
        assertThat(http.get("/api/v1/addresses/room:1").json())
                .isEqualTo(new JsonObject()
                        .put("address", "room:1")
                        .put("delivery", "log")
                        .put("subscribers", 3)
                        .put("users", 2)
                        .put("events", 5)
                        .put("first", "E1.1-n1:7")
                        .put("last", "E1.1-n1:7")
                        .put("types", new JsonObject().put("t@1", 5)));
    }

    @Test
    void anEventForAUserGoesToTheUsersAddress() throws Exception {
        posted("/api/v1/users/alice/events", EVENT);
        posted("/api/v1/users/alice/events", new JsonObject().put("event", EVENT));

        assertThat(http.hub.published)
                .containsOnly(new PublishCommand("user:alice", EVENT, Optional.empty(), Optional.empty()))
                .hasSize(2);
    }

    @Test
    void connectionsAreListedAndCut() throws Exception {
        assertThat(http.get("/api/v1/users/alice/connections").json().getJsonArray("connections"))
                .containsExactly(new JsonObject()
                        .put("id", "c-9")
                        .put("user", "alice")
                        .put("ip", "10.0.0.1")
                        .put("transport", "websocket")
                        .put("since", "2026-01-31T12:00:00Z")
                        .put("node", "n1"));
        Answer cut = http.send("POST", "/api/v1/users/alice/disconnect", Optional.empty(), HttpFixture.admin());
        assertThat(cut.json()).isEqualTo(new JsonObject().put("disconnected", 2));
        assertThat(http.send("POST", "/api/v1/users/alice/disconnect", Optional.empty(), HttpFixture.service())
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'jti':'t1'}|Token[jti=t1]",
                "{'sub':'alice'}|User[sub=alice, beforeMillis=1769860800000]",
                "{'sub':'alice','before':'2026-01-31T13:00:00+01:00'}|User[sub=alice, beforeMillis=1769860800000]",
                "{'sub':'alice','before':1769860800}|User[sub=alice, beforeMillis=1769860800000]",
                "{'sub':'alice','before':1769860800000}|User[sub=alice, beforeMillis=1769860800000]",
            },
            quoteCharacter = '`')
    void tokensAreRevokedByNameOrByUserAndTime(String body, String revocation) throws Exception {
        Answer answer = http.post("/api/v1/tokens/revoke", body.replace('\'', '"'), HttpFixture.admin());

        assertThat(answer.json()).isEqualTo(new JsonObject().put("closed", 1));
        assertThat(http.hub.asked).containsExactly("revoke " + revocation);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{}", "{'jti':'a','sub':'b'}", "{'sub':'a','before':'soon'}", "{'sub':'a','before':true}"},
            quoteCharacter = '`')
    void anUnclearRevocationIsRefused(String body) throws Exception {
        Answer answer = http.post("/api/v1/tokens/revoke", body.replace('\'', '"'), HttpFixture.admin());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(http.hub.asked).isEmpty();
    }

    @Test
    void adminsAreToldEverythingAboutAnybody() throws Exception {
        JsonObject ask = new JsonObject()
                .put("address", "room:1")
                .put("action", "subscribe")
                .put("claims", new JsonObject().put("sub", "bob").put("n", 3));

        JsonObject decision =
                http.post("/api/v1/explain", ask, HttpFixture.admin()).json();

        assertThat(decision)
                .isEqualTo(new JsonObject()
                        .put("allowed", true)
                        .put("decision", "allow")
                        .put("rule", "room:{id}")
                        .put("where", "hub.yaml:3:5")
                        .put("expression", "claims.sub == id")
                        .put("values", new JsonObject().put("id", "1"))
                        .put("reason", "because"));
        Caller.User asked = (Caller.User) http.hub.callers.get(0);
        assertThat(asked.identity().claims()).isEqualTo(Map.of("sub", "bob", "n", 3L));
    }

    @Test
    void othersAreToldAboutThemselvesOnly() throws Exception {
        JsonObject own = new JsonObject().put("address", "room:1").put("action", "publish");

        JsonObject decision =
                http.post("/api/v1/explain", own, HttpFixture.alice()).json();
        Answer refused = http.post(
                "/api/v1/explain", own.copy().put("claims", new JsonObject().put("sub", "bob")), HttpFixture.alice());

        assertThat(decision.containsKey("where")).isFalse();
        assertThat(http.hub.callers.get(0).name()).isEqualTo("alice");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(http.hub.asked).containsExactly("explain publish room:1");
    }
}
