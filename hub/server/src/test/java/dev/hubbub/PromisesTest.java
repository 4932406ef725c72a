package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.auth.TokenSigner;
import dev.hubbub.config.AuthConfig;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node promises its clients, proved on a whole node over real sockets. */
class PromisesTest {
    private static final String SECRET = "a-secret-of-the-tests-0123456789-abcdef";
    private static final String KEY = "the-key-of-a-service";
    private static final String RULES = """
            http: { host: 127.0.0.1, port: 0 }
            ops: { host: 127.0.0.1, port: 0 }
            auth:
              jwt: { secret: %s }
              apiKeys: [ { name: operator, sha256: "%s", admin: true } ]
            limits: { rate: { messages: 100000/s, burst: 100000 } }
            addresses:
              - { match: "open:{id}", subscribe: true, publish: true, keep: { events: 100000 } }
              - { match: "service:rooms", send: true }
            """;

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final Vertx outside = Vertx.vertx();
    private final List<Client> clients = new ArrayList<>();
    private Path file;
    private HubNode node;

    @BeforeEach
    void start() throws Exception {
        file = folder.resolve("hub.yaml");
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(KEY.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Files.writeString(file, RULES.formatted(SECRET, HexFormat.of().formatHex(digest)));
        node = await(HubNode.start(vertx, new ConfigSource(file, List.of(), Map.of())));
    }

    @AfterEach
    void stop() {
        try {
            await(vertx.close());
        } finally {
            await(outside.close());
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError("nothing came within 20 s", e);
        }
    }

    private static String token(String user) {
        AuthConfig.Jwt jwt = new AuthConfig.Jwt(
                new AuthConfig.Secret(SECRET), Optional.empty(), Optional.empty(), Duration.ofSeconds(5));
        return TokenSigner.of(jwt, Clock.systemUTC()).orElseThrow().sign(user, Map.of(), Duration.ofHours(1));
    }

    private Client client(String user) {
        Client client = new Client(user);
        clients.add(client);
        return client;
    }

    private JsonObject call(HttpMethod method, String path, JsonObject body) {
        var http = outside.createHttpClient();
        return await(http.request(method, port(), "127.0.0.1", path)
                .compose(request -> request.putHeader("X-API-Key", KEY)
                        .putHeader("content-type", "application/json")
                        .send(body.toBuffer()))
                .compose(response -> response.body())
                .map(JsonObject::new)
                .eventually(() -> http.close()));
    }

    private int statusFor(String user) {
        var http = outside.createHttpClient();
        return await(http.request(HttpMethod.GET, port(), "127.0.0.1", "/api/v1/addresses/open:c")
                .compose(request -> request.putHeader("Authorization", "Bearer " + token(user))
                        .send())
                .map(response -> response.statusCode())
                .eventually(() -> http.close()));
    }

    private int port() {
        return java.net.URI.create(node.publicUrl()).getPort();
    }

    /** A plain WebSocket client whose frames wait in a queue. */
    private final class Client {
        private final BlockingQueue<JsonObject> frames = new LinkedBlockingQueue<>();
        private final CountDownLatch closed = new CountDownLatch(1);
        private final WebSocket socket;

        Client(String user) {
            WebSocketClient http = outside.createWebSocketClient();
            // Listening before it is open: a refused client is closed at once.
            ClientWebSocket opening = http.webSocket();
            opening.textMessageHandler(text -> frames.add(new JsonObject(text)));
            opening.closeHandler(gone -> closed.countDown());
            socket = await(opening.connect(new WebSocketConnectOptions()
                    .setHost("127.0.0.1")
                    .setPort(port())
                    .setURI("/eventbus/websocket?access_token=" + token(user))));
        }

        void write(JsonObject frame) {
            await(socket.writeTextMessage(frame.encode()));
        }

        void subscribe(String address, Optional<String> position) {
            JsonObject headers = new JsonObject().put("notices", "true");
            position.ifPresent(place -> headers.put("position", place));
            write(new JsonObject()
                    .put("type", "register")
                    .put("address", address)
                    .put("headers", headers));
            if (position.isEmpty()) {
                JsonObject unused = next(frame -> "hub.subscribed".equals(frame.getString("event")));
            }
        }

        void send(String address, String reply, Object body) {
            write(new JsonObject()
                    .put("type", "send")
                    .put("address", address)
                    .put("replyAddress", reply)
                    .put("body", body));
        }

        /** Returns the next frame that fits and drops those before it. */
        JsonObject next(Predicate<JsonObject> wanted) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (System.nanoTime() < deadline) {
                try {
                    JsonObject frame = frames.poll(100, TimeUnit.MILLISECONDS);
                    if (frame != null && wanted.test(frame)) {
                        return frame;
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            throw new AssertionError("no such frame came within 10 s");
        }

        JsonObject nextAbout(String address) {
            return next(frame -> address.equals(frame.getString("address")));
        }

        boolean isClosedWithin(long millis) throws InterruptedException {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        }
    }

    private static JsonObject event(String id) {
        return new JsonObject().put("id", id).put("type", "t.made").put("payload", id);
    }

    private static long offset(String position) {
        return Long.parseLong(position.substring(position.indexOf(':') + 1));
    }

    /** Promises 2 and 4. */
    @Test
    void everyoneSeesEveryEventOnceAndInOrderThoughTwentyPublishAndSubscribersComeAndGo() {
        int publishers = 20;
        int each = 50;
        Client steady = client("steady");
        Client leaver = client("leaver");
        steady.subscribe("open:a", Optional.empty());
        leaver.subscribe("open:a", Optional.empty());
        List<Client> sources = new ArrayList<>();
        for (int p = 0; p < publishers; p++) {
            sources.add(client("p" + p % 10));
        }
        List<Long> seenByLeaver = new ArrayList<>();
        String place = "";
        for (int n = 0; n < each; n++) {
            for (int p = 0; p < publishers; p++) {
                JsonObject frame = new JsonObject().put("type", "publish").put("address", "open:a");
                sources.get(p).write(frame.put("body", event("e" + p + "-" + n)));
            }
            if (n % 10 == 5) {
                place = leaver.nextAbout("open:a").getJsonObject("headers").getString("position");
                seenByLeaver.add(offset(place));
                place = drainInto(leaver, seenByLeaver, place);
                await(leaver.socket.close());
                leaver = client("leaver");
                leaver.subscribe("open:a", Optional.of(place));
            }
        }
        int total = publishers * each;
        List<Long> seen = new ArrayList<>();
        Map<String, Integer> lastOf = new HashMap<>();
        while (seen.size() < total) {
            JsonObject frame = steady.nextAbout("open:a");
            seen.add(offset(frame.getJsonObject("headers").getString("position")));
            String id = frame.getJsonObject("body").getString("id");
            String source = id.substring(0, id.indexOf('-'));
            int n = Integer.parseInt(id.substring(id.indexOf('-') + 1));
            assertThat(lastOf.getOrDefault(source, -1))
                    .as("one publisher's order")
                    .isEqualTo(n - 1);
            lastOf.put(source, n);
        }
        while (seenByLeaver.size() < total) {
            JsonObject frame = leaver.nextAbout("open:a");
            assertThat(frame.getString("type")).as(frame.encode()).isEqualTo("rec");
            seenByLeaver.add(offset(frame.getJsonObject("headers").getString("position")));
        }
        List<Long> all =
                java.util.stream.LongStream.rangeClosed(1, total).boxed().toList();
        assertThat(seen).isEqualTo(all);
        assertThat(seenByLeaver).isEqualTo(all);
    }

    private static String drainInto(Client client, List<Long> seen, String place) {
        String last = place;
        JsonObject frame = client.frames.poll();
        while (frame != null) {
            if ("rec".equals(frame.getString("type"))) {
                last = frame.getJsonObject("headers").getString("position");
                seen.add(offset(last));
            }
            frame = client.frames.poll();
        }
        return last;
    }

    /** Promise 3. */
    @Test
    void theSameIdFromManyAtOnceIsOneEventWithOneOffset() {
        Set<String> positions = new HashSet<>();
        List<Client> sources = new ArrayList<>();
        for (int p = 0; p < 10; p++) {
            sources.add(client("p" + p));
        }
        sources.forEach(source -> source.send("open:once", "r", event("same")));
        int firsts = 0;
        for (Client source : sources) {
            JsonObject answer = source.nextAbout("r").getJsonObject("body");
            positions.add(answer.getString("position"));
            firsts += answer.getBoolean("duplicate") ? 0 : 1;
        }
        assertThat(positions).hasSize(1);
        assertThat(firsts).isEqualTo(1);
    }

    /** Promise 5. */
    @Test
    void aPermissionThatAReloadTakesAwayEndsTheSubscriptionAndAnOldPlaceDoesNotBringItBack() throws Exception {
        Client alice = client("alice");
        alice.subscribe("open:b", Optional.empty());
        alice.send("open:b", "r", event("e1"));
        String place = alice.nextAbout("open:b").getJsonObject("headers").getString("position");
        Files.writeString(file, Files.readString(file).replace("subscribe: true", "subscribe: false"));

        JsonObject err = alice.next(frame -> "err".equals(frame.getString("type")));

        assertThat(err.getString("failureType")).isEqualTo("ACCESS_REVOKED");
        alice.subscribe("open:b", Optional.of(place));
        assertThat(alice.next(frame -> "err".equals(frame.getString("type"))).getString("failureType"))
                .isEqualTo("ACCESS_DENIED");
        assertThat(client("bob").socket.isClosed()).isFalse();
    }

    /** Promise 5: what no rule names is refused. */
    @Test
    void whatNoRuleNamesIsRefused() {
        Client alice = client("alice");
        alice.subscribe("secret:x", Optional.of("E.1-a:0"));
        assertThat(alice.nextAbout("secret:x").getString("failureType")).isEqualTo("ACCESS_DENIED");
        alice.send("secret:x", "r", event("e1"));
        assertThat(alice.nextAbout("r").getString("failureType")).isEqualTo("ACCESS_DENIED");
    }

    /** Promise 5. */
    @Test
    void aRevokedUserIsCutOffWithinASecondOnEverySocket() throws Exception {
        List<Client> devices = List.of(client("alice"), client("alice"), client("alice"));
        devices.forEach(device -> device.subscribe("open:c", Optional.empty()));
        Client bob = client("bob");
        bob.subscribe("open:c", Optional.empty());

        JsonObject body = new JsonObject().put("sub", "alice").put("before", "2100-01-01T00:00:00Z");
        assertThat(call(HttpMethod.POST, "/api/v1/tokens/revoke", body).getInteger("closed"))
                .isEqualTo(3);

        for (Client device : devices) {
            assertThat(device.isClosedWithin(1_000)).isTrue();
            assertThat(device.socket.closeStatusCode()).isEqualTo((short) 4401);
        }
        assertThat(bob.socket.isClosed()).isFalse();
        assertThat(statusFor("alice")).isEqualTo(401);
        assertThat(statusFor("bob")).isEqualTo(200);
    }

    /** Promise 7: who does not read costs no more than its share, and gets everything when it reads again. */
    @Test
    void aSubscriberThatStallsGetsEverythingOnceItReadsAgain() {
        Client slow = client("slow");
        slow.subscribe("open:d", Optional.empty());
        slow.socket.pause();
        Client source = client("source");
        String big = "x".repeat(32_000);
        int total = 300; // far more than what one socket may have unsent
        for (int n = 0; n < total; n++) {
            JsonObject frame = new JsonObject().put("type", "t.big").put("payload", big);
            source.send("open:d", "r" + n, frame);
        }
        assertThat(source.nextAbout("r" + (total - 1)).getString("type")).isEqualTo("rec");
        slow.socket.resume();

        long reached = 0;
        while (reached < total) {
            JsonObject frame = slow.nextAbout("open:d");
            if ("err".equals(frame.getString("type"))) {
                assertThat(frame.getString("failureType")).isEqualTo("POSITION_LOST");
                reached = offset(frame.getJsonObject("details").getString("position"));
            } else {
                long offset = offset(frame.getJsonObject("headers").getString("position"));
                assertThat(offset).isEqualTo(reached + 1);
                reached = offset;
            }
        }
    }

    @Test
    void aServiceHearsWhoAsksAndItsOwnFailureCodeReachesTheClient() {
        await(vertx.eventBus()
                .<JsonObject>consumer("service:rooms", message -> {
                    if (message.body().containsKey("fail")) {
                        message.fail(42, "no room");
                    } else {
                        message.reply(
                                new JsonObject().put("user", message.headers().get("hub-user")));
                    }
                })
                .completion());
        Client alice = client("alice");
        alice.send("service:rooms", "r1", new JsonObject());
        assertThat(alice.nextAbout("r1").getJsonObject("body").getString("user"))
                .isEqualTo("alice");
        alice.send("service:rooms", "r2", new JsonObject().put("fail", true));
        assertThat(alice.nextAbout("r2").getInteger("failureCode")).isEqualTo(42);
    }

    @Test
    void anImpossibleTimeIsRefusedAndTheConnectionLives() {
        Client alice = client("alice");
        alice.send("open:e", "r1", event("e1").put("occurredAt", "+1000000000-12-31T23:59:59Z"));
        assertThat(alice.nextAbout("r1").getString("failureType")).isEqualTo("BAD_EVENT");
        alice.send("open:e", "r3", event("e1"));
        assertThat(alice.nextAbout("r3").getString("type")).isEqualTo("rec");
    }

    @Test
    void aNodeThatStopsTellsItsClientsWhenToComeBack() throws Exception {
        Client alice = client("alice");
        alice.subscribe("open:f", Optional.empty());
        Vertx other = Vertx.vertx();
        ConfigSource source = new ConfigSource(file, List.of(), Map.of());
        HubNode second = await(HubNode.start(other, source));
        HubNode first = node;
        node = second;
        Client bob = client("bob");
        bob.subscribe("open:f", Optional.empty());
        node = first;

        await(second.stop());

        assertThat(bob.isClosedWithin(5_000)).isTrue();
        assertThat(bob.socket.closeStatusCode()).isEqualTo((short) 1012);
        assertThat(bob.socket.closeReason()).startsWith("reconnect in ");
        assertThat(alice.socket.isClosed()).isFalse();
    }

    @Test
    void aPortThatIsTakenIsToldInPlainWords() {
        ConfigSource source = new ConfigSource(file, List.of("http.port=" + port()), Map.of());
        assertThatThrownBy(() -> await(HubNode.start(source)))
                .satisfies(failure -> assertThat(failure instanceof HubException || failure instanceof IOException)
                        .isTrue())
                .hasMessageContaining("--set http.port=");
    }
}
