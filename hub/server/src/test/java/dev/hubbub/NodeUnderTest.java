package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.auth.TokenSigner;
import dev.hubbub.config.AuthConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A whole node on free ports of loopback, with a config file of its own, and clients of it. */
final class NodeUnderTest implements AutoCloseable {
    static final String SECRET = "0123456789abcdef0123456789abcdef";
    static final String[] ADMIN = {"X-API-Key", "admin-key"};
    static final String[] ORDERS = {"X-API-Key", "orders-key"};

    /** With a secret and two keys, {@code admin-key} and {@code orders-key}. */
    static final String HEAD = """
            http: { host: 127.0.0.1, port: 0, origins: ["https://app.example.com"] }
            ops: { host: 127.0.0.1, port: 0 }
            auth:
              jwt: { secret: "0123456789abcdef0123456789abcdef", issuer: me, audience: hub }
              apiKeys:
                - { name: operator, sha256: "69a5265506c94c77b787a7d7377b7685a0eff82e33920a71e7ee22cd6154953e", admin: true }
                - { name: orders, sha256: "50fadbf06f3094deeae5ffb6d94a085fc65e58b2ec61c79ba56d64cfdc20f284",
                    publish: ["order:{tenant}:{id}"], read: ["order:{tenant}:{id}"] }
            """;

    private static final int MOST_SOCKETS = 2_000;

    final Path file;
    private final HubNode node;
    private final Vertx clients = Vertx.vertx();
    private final WebSocketClient sockets =
            clients.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(MOST_SOCKETS));
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private NodeUnderTest(Path file, HubNode node) {
        this.file = file;
        this.node = node;
    }

    static NodeUnderTest start(Path folder, String config) throws Exception {
        Path file = Files.writeString(folder.resolve("hub.yaml"), config);
        return new NodeUnderTest(file, await(HubNode.start(new ConfigSource(file, List.of(), Map.of()))));
    }

    HubNode node() {
        return node;
    }

    /** Changes the config file, as an editor does. */
    void edit(String from, String to) throws IOException {
        String before = Files.readString(file);
        assertThat(before).contains(from);
        Files.writeString(file, before.replace(from, to));
    }

    /** Changes the config file so that the watch sees no change: its time stays. */
    void editUnseen(String from, String to) throws IOException {
        java.nio.file.attribute.FileTime time = Files.getLastModifiedTime(file);
        Path aside = file.resolveSibling("edited.yaml");
        String before = Files.readString(file);
        assertThat(before).contains(from);
        Files.writeString(aside, before.replace(from, to));
        Files.setLastModifiedTime(aside, time);
        Files.move(aside, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    /** Signs a token as the configured identity service does. */
    static String token(String user, Map<String, Object> claims) {
        AuthConfig.Jwt jwt = new AuthConfig.Jwt(
                new AuthConfig.Secret(SECRET), Optional.of("me"), Optional.of("hub"), Duration.ofSeconds(5));
        return TokenSigner.of(jwt, Clock.systemUTC()).orElseThrow().sign(user, claims, Duration.ofHours(1));
    }

    static String[] bearer(String token) {
        return new String[] {"Authorization", "Bearer " + token};
    }

    Answer get(String path, String... headers) throws Exception {
        return send("GET", node.publicUrl() + path, Optional.empty(), headers);
    }

    Answer post(String path, Object body, String... headers) throws Exception {
        return send("POST", node.publicUrl() + path, Optional.of(body), headers);
    }

    Answer opsGet(String path, String... headers) throws Exception {
        return send("GET", node.opsUrl() + path, Optional.empty(), headers);
    }

    Answer opsPost(String path, Object body, String... headers) throws Exception {
        return send("POST", node.opsUrl() + path, Optional.of(body), headers);
    }

    /** Publishes one event with admin rights. */
    Answer publish(String address, Object event) throws Exception {
        return post("/api/v1/publish", new JsonObject().put("address", address).put("event", event), ADMIN);
    }

    private Answer send(String method, String url, Optional<Object> body, String... headers) throws Exception {
        HttpRequest.BodyPublisher content = body.map(
                        b -> HttpRequest.BodyPublishers.ofString(b instanceof String s ? s : Json.encode(b)))
                .orElseGet(HttpRequest.BodyPublishers::noBody);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(10))
                .method(method, content);
        if (body.isPresent()) {
            request.header("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }

    /** Asks for a path that no URI could be made of. */
    Answer rawGet(String url, String path) throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), URI.create(url).getPort())) {
            socket.setSoTimeout(10_000);
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
            return new Answer(Integer.parseInt(answer.substring(9, 12)), body);
        }
    }

    /** Opens a socket that speaks the plain protocol. */
    Client connect(String token) throws Exception {
        URI url = URI.create(node.publicUrl());
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setAllowOriginHeader(false)
                .setHost("127.0.0.1")
                .setPort(url.getPort())
                .setURI("/eventbus/websocket?access_token=" + token);
        // Listening begins before the socket opens: a refused one may be closed in the same moment.
        ClientWebSocket socket = sockets.webSocket();
        Client client = new Client().over(socket);
        return await(socket.connect(options).map(client));
    }

    /** Follows a stream of Server-Sent Events. */
    Stream stream(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.publicUrl() + path));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        Stream stream = new Stream();
        stream.reading = http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofLines())
                .thenAccept(response -> response.body().forEach(stream.lines::add));
        return stream;
    }

    static <T> T await(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause && !(cause instanceof UpgradeRejectedException) ? cause : e;
        }
    }

    /** Looks again and again, for ten seconds. */
    static void eventually(String what, BooleanSupplier holds) {
        eventually(what, holds, 10);
    }

    /** Looks again and again, for so many seconds. */
    static void eventually(String what, BooleanSupplier holds, int seconds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    @Override
    public void close() {
        node.stop()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        clients.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    /** What a call answered. */
    record Answer(int status, String body) {
        JsonObject json() {
            return new JsonObject(body);
        }

        JsonArray array() {
            return new JsonArray(body);
        }

        String error() {
            return json().getString("error");
        }
    }

    /** A socket, and what it heard. */
    static final class Client {
        final List<String> frames = new CopyOnWriteArrayList<>();
        volatile int closeCode;
        volatile String closeReason = "";
        private volatile @Nullable WebSocket socket;

        private Client over(WebSocket opened) {
            socket = opened;
            opened.textMessageHandler(frames::add);
            opened.closeHandler(closed -> {
                closeReason = String.valueOf(opened.closeReason());
                closeCode = opened.closeStatusCode();
            });
            return this;
        }

        void say(JsonObject frame) throws Exception {
            Future<Void> written = Objects.requireNonNull(socket).writeTextMessage(frame.encode());
            written.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }

        /** Closes the socket, as a page does that is left. */
        void leave() throws Exception {
            NodeUnderTest.await(Objects.requireNonNull(socket).close());
        }

        void register(String address) throws Exception {
            say(new JsonObject()
                    .put("type", "register")
                    .put("address", address)
                    .put("headers", new JsonObject().put("notices", "true")));
            hears("hub.subscribed", address);
        }

        /** Waits for a frame that holds all of these texts. */
        void hears(String... texts) {
            eventually(
                    "hears " + List.of(texts) + " in " + frames,
                    () -> frames.stream()
                            .anyMatch(frame -> List.of(texts).stream().allMatch(frame::contains)));
        }

        void isClosed(int code) {
            eventually("closed", () -> closeCode != 0);
            assertThat(closeCode).as(closeReason).isEqualTo(code);
        }
    }

    /** A stream, and its lines. */
    static final class Stream {
        final List<String> lines = new CopyOnWriteArrayList<>();
        private CompletableFuture<Void> reading = new CompletableFuture<>();

        boolean hasEnded() {
            return reading.isDone() && !reading.isCompletedExceptionally();
        }

        void hears(String text) {
            eventually("hears " + text, () -> lines.stream().anyMatch(line -> line.contains(text)));
        }
    }
}
