package dev.hubbub.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.http.FakeHub.Subscribed;
import dev.hubbub.messaging.Connections.Connection;
import dev.hubbub.messaging.EventBatch;
import dev.hubbub.messaging.Recipient.Notice;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseTest {
    private static final String EVENT = "{\"type\":\"t\"}";

    private HttpFixture http;

    @BeforeEach
    void start() throws Exception {
        http = new HttpFixture();
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
    }

    private SseClient open(String query, String... headers) throws Exception {
        return new SseClient(http.port(), "/sse?access_token=" + HttpFixture.ALICE + "&" + query, headers);
    }

    private boolean deliver(Subscribed to, String address, long... offsets) throws Exception {
        EventBatch batch = new EventBatch(
                new Address(address),
                Arrays.stream(offsets)
                        .mapToObj(offset -> FakeHub.event(address, offset, EVENT))
                        .toList());
        AtomicInteger taken = new AtomicInteger();
        http.onLoop(() -> taken.set(to.recipient().deliver(batch) ? 1 : 0));
        return taken.get() == 1;
    }

    @Test
    void anEventComesAsTheFrameThatSocketsGet() throws Exception {
        try (SseClient client = open("address=room:1")) {
            assertThat(client.status()).contains(" 200 ");
            assertThat(client.header("content-type")).isEqualTo("text/event-stream");
            assertThat(client.header("x-accel-buffering")).isEqualTo("no");
            Subscribed to = FakeHub.next(http.hub.subscribed);
            assertThat(deliver(to, "room:1", 1, 2)).isTrue();

            assertThat(client.next().lines()).containsExactly("retry: 2000");
            SseClient.Event first = client.next();
            assertThat(first.field("event")).isEmpty();
            assertThat(first.json())
                    .isEqualTo(new JsonObject()
                            .put("type", "rec")
                            .put("address", "room:1")
                            .put("headers", new JsonObject().put("position", "E1.1-n1:1"))
                            .put("body", new JsonObject(EVENT)));
            assertThat(first.field("id")).matches("[A-Za-z0-9_-]+");
            assertThat(client.next().json().getJsonObject("headers").getString("position"))
                    .isEqualTo("E1.1-n1:2");
        }
    }

    @Test
    void aLineBreakInAnEventStaysWithinItsData() throws Exception {
        try (SseClient client = open("address=room:1")) {
            Subscribed to = FakeHub.next(http.hub.subscribed);
            EventBatch batch = new EventBatch(
                    new Address("room:1"),
                    List.of(FakeHub.event("room:1", 1, "{\n\"id\":\r\"x\",\"event\":\"fake\"}")));
            http.onLoop(() -> assertThat(to.recipient().deliver(batch)).isTrue());
            client.skip();

            SseClient.Event event = client.next();
            assertThat(event.lines())
                    .filteredOn(line -> line.startsWith("data: "))
                    .hasSize(3);
            assertThat(event.json().getJsonObject("body").getString("event")).isEqualTo("fake");
        }
    }

    @Test
    void theLastIdResumesEachAddressAfterItsOwnPosition() throws Exception {
        String id;
        try (SseClient client = open("address=room:1&address=room:2&address=room:3")) {
            Subscribed one = FakeHub.next(http.hub.subscribed);
            FakeHub.skip(http.hub.subscribed);
            FakeHub.skip(http.hub.subscribed);
            assertThat(deliver(one, "room:1", 4)).isTrue();
            assertThat(deliver(one, "room:2", 9)).isTrue();
            client.skip();
            client.skip();
            id = client.next().field("id");
        }
        try (SseClient header = open("address=room:2&address=room:1&address=room:4&recent=5", "Last-Event-ID", id)) {
            assertThat(header.status()).contains(" 200 ");
            List<Subscribed> all = List.of(
                    FakeHub.next(http.hub.subscribed),
                    FakeHub.next(http.hub.subscribed),
                    FakeHub.next(http.hub.subscribed));
            assertThat(all)
                    .extracting(s -> s.address() + " " + s.options().position().orElse("-"))
                    .containsExactlyInAnyOrder("room:2 E1.1-n1:9", "room:1 E1.1-n1:4", "room:4 -");
            assertThat(all)
                    .allMatch(s -> s.options().recent().equals(OptionalInt.of(5))
                            && s.options().notices());
        }
        try (SseClient query = open("address=room:1&lastEventId=" + id)) {
            assertThat(query.status()).contains(" 200 ");
            assertThat(FakeHub.next(http.hub.subscribed).options().position()).contains("E1.1-n1:4");
        }
    }

    @Test
    void aClientThatKeepsPositionsItselfResumesFromOneAndIsToldWhenItIsLive() throws Exception {
        try (SseClient client = open("address=room:1&position=E1.1-n1:4&notices=true")) {
            Subscribed to = FakeHub.next(http.hub.subscribed);
            assertThat(to.options().position()).contains("E1.1-n1:4");
            http.onLoop(() -> to.recipient()
                    .notice(new Notice.Subscribed(new Address("room:1"), FakeHub.POSITION, DeliveryKind.LATEST)));
            client.skip();

            SseClient.Event live = client.next();
            assertThat(live.field("event")).isEqualTo("hub.subscribed");
            assertThat(new JsonObject(live.field("data")))
                    .isEqualTo(new JsonObject()
                            .put("address", "room:1")
                            .put("position", "E1.1-n1:7")
                            .put("delivery", "latest"));
        }
        try (SseClient several = open("address=room:1&address=room:2&position=E1.1-n1:4")) {
            assertThat(several.status()).contains(" 400 ");
        }
    }

    @Test
    void aStreamThatHeardNothingYetCanBeResumed() throws Exception {
        try (SseClient client = open("address=room:1")) {
            Subscribed to = FakeHub.next(http.hub.subscribed);
            http.onLoop(() -> to.recipient().notice(new Notice.Subscribed(new Address("room:1"), FakeHub.POSITION)));
            client.skip();

            SseClient.Event silent = client.next();
            assertThat(silent.lines()).hasSize(1);
            assertThat(SseCursor.read(silent.field("id")).position("room:1")).contains("E1.1-n1:7");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "address=", "address=a&recent=0", "address=a&recent=1001", "address=a%0d%0ab"})
    void aRequestThatDoesNotFitIsRefusedBeforeTheStream(String query) throws Exception {
        assertThat(http.get("/sse?" + query, HttpFixture.alice()).error()).isIn("bad_request", "bad_address");
        assertThat(http.hub.counted).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "AQ\n", "AQAAAAAB", "42"})
    void anIdThatNoHubMadeIsALostPositionAndNoRefusal(String id) {
        Optional<String> position = SseCursor.read(id).position("room:1");

        assertThat(position).isPresent();
        assertThat(Position.parse(position.get())).isEmpty();
    }

    @Test
    void moreThanTwentyAddressesAreRefused() throws Exception {
        String many = String.join(
                "&", IntStream.range(0, 21).mapToObj(i -> "address=a" + i).toList());

        assertThat(http.get("/sse?" + many, HttpFixture.alice()).status()).isEqualTo(400);
    }

    @Test
    void twentyLongPositionsFitIntoACursorThatIsReadAgain() {
        SseCursor cursor = new SseCursor();
        String position = "e".repeat(32) + ".1234567890-" + "o".repeat(20) + ":" + "9".repeat(18);
        IntStream.range(0, 20).forEach(i -> cursor.resume(new Address("a".repeat(250) + i), position));

        String text = cursor.text().orElseThrow();

        assertThat(text).hasSizeLessThanOrEqualTo(SseCursor.MAX_LENGTH).matches("[A-Za-z0-9_-]+");
        assertThat(SseCursor.read(text).position("a".repeat(250) + 19)).contains(position);
    }

    @Test
    void aStreamNeedsAUser() throws Exception {
        assertThat(http.get("/sse?address=a", "Accept", "*/*").error()).isEqualTo("not_logged_in");
        assertThat(http.get("/sse?address=a", "Authorization", "Bearer token-revoked")
                        .status())
                .isEqualTo(401);
        assertThat(http.get("/sse?address=a", HttpFixture.service()).error()).isEqualTo("access_denied");
        assertThat(http.hub.counted).isEmpty();
    }

    @Test
    void aStreamIsCountedInAndOut() throws Exception {
        try (SseClient client = open("address=a")) {
            assertThat(client.status()).contains(" 200 ");
            assertThat(FakeHub.next(http.hub.counted)).isEqualTo("open c-1 sse");
            assertThat(FakeHub.next(http.hub.counted)).isEqualTo("identified c-1 alice");
        }
        assertThat(FakeHub.next(http.hub.counted)).isEqualTo("unsubscribed c-1");
        assertThat(FakeHub.next(http.hub.counted)).isEqualTo("closed c-1");
    }

    @Test
    void aFullHubRefusesTheStreamAsEveryOtherRequest() throws Exception {
        http.hub.admission = Future.failedFuture(new HubException(ErrorCode.LIMIT_REACHED, "enough streams"));

        HttpFixture.Answer answer = http.get("/sse?address=a", HttpFixture.alice());

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("retry-after")).isEqualTo("1");
        assertThat(http.hub.subscribed).isEmpty();
    }

    @Test
    void aDeniedAddressIsToldOnceAndTheOthersGoOn() throws Exception {
        try (SseClient client = open("address=a&address=b")) {
            Subscribed to = FakeHub.next(http.hub.subscribed);
            client.skip();
            http.onLoop(() -> {
                to.recipient().refuse(new Address("a"), new HubException(ErrorCode.ACCESS_DENIED, "no"));
                to.recipient().notice(new Notice.Revoked(new Address("a"), "again"));
            });
            assertThat(deliver(to, "b", 1)).isTrue();

            SseClient.Event refusal = client.next();
            assertThat(refusal.field("event")).isEqualTo("err");
            assertThat(refusal.json())
                    .isEqualTo(new JsonObject()
                            .put("type", "err")
                            .put("address", "a")
                            .put("failureCode", 1)
                            .put("failureType", "ACCESS_DENIED")
                            .put("message", "no")
                            .put("details", new JsonObject()));
            assertThat(client.next().json().getString("address")).isEqualTo("b");
        }
    }

    @Test
    void aLostPositionIsToldAndTheCursorGoesOnFromTheNewOne() throws Exception {
        try (SseClient client = open("address=a")) {
            Subscribed to = FakeHub.next(http.hub.subscribed);
            client.skip();
            http.onLoop(() -> to.recipient().refuse(new Address("a"), FakeHub.lost()));

            SseClient.Event lost = client.next();
            assertThat(lost.json().getString("failureType")).isEqualTo("POSITION_LOST");
            assertThat(SseCursor.read(lost.field("id")).position("a")).contains("E1.1-n1:7");
        }
    }

    @Test
    void anEndedTokenEndsTheStream() throws Exception {
        try (SseClient client = new SseClient(http.port(), "/sse?address=a&access_token=token-that-ends-soon")) {
            client.skip();
            http.hub.clock.forward(Duration.ofMillis(50));

            SseClient.Event err = client.next();
            assertThat(err.json().getString("failureType")).isEqualTo("NOT_LOGGED_IN");
            SseClient.Event close = client.next();
            assertThat(close.field("event")).isEqualTo("close");
            assertThat(close.json().getInteger("code")).isEqualTo(4401);
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void aNodeThatGoesAwayTellsWhenToComeBack() throws Exception {
        try (SseClient client = open("address=a")) {
            Subscribed to = FakeHub.next(http.hub.subscribed);
            client.skip();
            http.onLoop(() -> ((Connection) to.recipient()).close(CloseCode.GOING_AWAY, "reconnect in 1234 ms"));

            SseClient.Event close = client.next();
            assertThat(close.field("retry")).isEqualTo("1234");
            assertThat(close.json().getBoolean("reconnect")).isTrue();
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void aSlowClientIsGivenNoMoreUntilItHasDrained() throws Exception {
        http.hub.pendingBytes = 64 * 1024;
        try (SseClient client = open("address=a")) {
            Subscribed to = FakeHub.next(http.hub.subscribed);
            client.skip();
            long last = fill(to);
            assertThat(deliver(to, "a", last + 1)).isFalse();
            assertThat(http.hub.drained).isEmpty();

            client.skipUntil("E1.1-n1:" + last + "\"");
            assertThat(FakeHub.next(http.hub.drained)).isEqualTo("c-1");
            assertThat(deliver(to, "a", last + 1)).isTrue();
            client.skipUntil("E1.1-n1:" + (last + 1) + "\"");
        }
    }

    @Test
    void aClientThatStandsStillIsCutOffAndHeartbeatsKeepOthersOpen() throws Exception {
        try (HttpFixture quick = new HttpFixture(false, new SseTiming(50, 300, 2_000))) {
            quick.hub.pendingBytes = 64 * 1024;
            try (SseClient client = new SseClient(quick.port(), "/sse?address=a&access_token=" + HttpFixture.ALICE)) {
                HttpFixture before = http;
                http = quick;
                client.skip();
                assertThat(client.next().lines()).containsExactly(":");
                assertThat(fill(FakeHub.next(quick.hub.subscribed))).isPositive();
                http = before;
                quick.hub.counted.clear();

                assertThat(FakeHub.next(quick.hub.counted)).startsWith("unsubscribed");
                assertThat(client.isCutOff()).isTrue();
            }
        }
    }

    /** Delivers until the recipient takes no more; answers the last offset that it took. */
    private long fill(Subscribed to) throws Exception {
        for (long offset = 1; offset < 100_000; offset += 100) {
            long first = offset;
            if (!deliver(
                    to, "a", IntStream.range(0, 100).mapToLong(i -> first + i).toArray())) {
                return offset - 1;
            }
        }
        throw new AssertionError("a client that does not read was given everything");
    }
}
