package dev.hubbub.http;

import dev.hubbub.auth.Caller;
import dev.hubbub.auth.Identity;
import dev.hubbub.config.AuthConfig;
import dev.hubbub.config.AuthConfig.ApiKeyConfig;
import dev.hubbub.config.ClusterConfig;
import dev.hubbub.config.DrainConfig;
import dev.hubbub.config.HttpConfig;
import dev.hubbub.config.HubConfig;
import dev.hubbub.config.LimitsConfig;
import dev.hubbub.config.OpsConfig;
import dev.hubbub.config.ReplayConfig;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** The HTTP room on a real server on loopback, over fakes of everything that it talks to. */
final class HttpFixture implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    static final String SERVICE_KEY = "service-key";
    static final String ADMIN_KEY = "admin-key";
    static final String ALICE = "token-of-alice";

    final FakeHub hub = new FakeHub();
    final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpServer server;

    HttpFixture() throws Exception {
        this(true, SseTiming.STANDARD);
    }

    HttpFixture(boolean development, SseTiming timing) throws Exception {
        this(development, timing, Optional.empty());
    }

    /** With a back end of the demos that listens on {@code demoPort}, 0 for one that does not yet. */
    HttpFixture(IntSupplier demoPort) throws Exception {
        this(true, SseTiming.STANDARD, Optional.of(demoPort));
    }

    private HttpFixture(boolean development, SseTiming timing, Optional<IntSupplier> demoPort) throws Exception {
        HttpContext context = context(development, demoPort);
        server = await(ApiRoutes.create(context).compose(routes -> {
            Router router = Router.router(vertx);
            if (!timing.equals(SseTiming.STANDARD)) {
                router.get("/sse").handler(new SseRoute(context, new Authentication(context), timing));
            }
            routes.mount(router);
            return vertx.createHttpServer(new HttpServerOptions().setCompressionSupported(false))
                    .requestHandler(router)
                    .listen(0, "127.0.0.1");
        }));
    }

    private HttpContext context(boolean development, Optional<IntSupplier> demoPort) {
        AtomicInteger connections = new AtomicInteger();
        return new HttpContext(
                vertx,
                this::config,
                HttpFixture::verify,
                HttpFixture::find,
                hub,
                hub,
                hub,
                hub,
                hub,
                hub,
                hub.clock,
                () -> new ConnectionId("c-" + connections.incrementAndGet()),
                development,
                Optional.of(sub -> "made-for-" + sub),
                () -> "http://localhost:19090",
                demoPort);
    }

    private HubConfig config() {
        return new HubConfig(
                new HttpConfig("127.0.0.1", 0, hub.origins, Optional.empty()),
                new OpsConfig("127.0.0.1", 0),
                DrainConfig.DEFAULT,
                new AuthConfig(Optional.empty(), List.of(), hub.anonymous),
                new ClusterConfig(false, "hubbub", 0, List.of(), 0, 1),
                new ReplayConfig(ReplayConfig.Store.MEMORY, "", 1 << 20),
                new LimitsConfig(
                        10,
                        10,
                        10,
                        10,
                        1024,
                        new LimitsConfig.Rate(10, Duration.ofSeconds(1), 10),
                        hub.pendingBytes,
                        LimitsConfig.Node.standard()),
                Optional.empty(),
                List.of());
    }

    private static Future<Identity> verify(String token) {
        Optional<Long> expires = switch (token) {
            case ALICE -> Optional.of(NOW.toEpochMilli() + 3_600_000);
            case "token-that-ends-soon" -> Optional.of(NOW.toEpochMilli() + 50);
            case "token-revoked" -> Optional.of(NOW.toEpochMilli() + 3_600_001);
            default -> Optional.empty();
        };
        return expires.map(at -> Future.succeededFuture(new Identity(
                        Optional.of("alice"),
                        Map.<String, Object>of("sub", "alice"),
                        token.equals("token-revoked") ? Optional.of("revoked") : Optional.empty(),
                        0,
                        at)))
                .orElseGet(() -> Future.failedFuture(new HubException(ErrorCode.NOT_LOGGED_IN, "the token is bad")));
    }

    private static Optional<Caller.Service> find(String key) {
        return switch (key) {
            case SERVICE_KEY ->
                Optional.of(
                        new Caller.Service(new ApiKeyConfig("orders", "0".repeat(64), false, List.of(), List.of())));
            case ADMIN_KEY ->
                Optional.of(
                        new Caller.Service(new ApiKeyConfig("operator", "1".repeat(64), true, List.of(), List.of())));
            default -> Optional.empty();
        };
    }

    int port() {
        return server.actualPort();
    }

    /** Sends a request; {@code headers} are name, value, name, value. */
    Answer send(String method, String path, Optional<Object> body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(10))
                .method(
                        method,
                        body.map(b -> HttpRequest.BodyPublishers.ofString(b instanceof String s ? s : Json.encode(b)))
                                .orElseGet(HttpRequest.BodyPublishers::noBody));
        boolean typed = false;
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
            typed |= headers[i].equals("Content-Type");
        }
        if (body.isPresent() && !typed) {
            request.header("Content-Type", "application/json");
        }
        return new Answer(client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    }

    Answer get(String path, String... headers) throws Exception {
        return send("GET", path, Optional.empty(), headers.length == 0 ? service() : headers);
    }

    Answer post(String path, Object body, String... headers) throws Exception {
        return send("POST", path, Optional.of(body), headers.length == 0 ? service() : headers);
    }

    static String[] service() {
        return new String[] {"X-API-Key", SERVICE_KEY};
    }

    static String[] admin() {
        return new String[] {"X-API-Key", ADMIN_KEY};
    }

    static String[] alice(String... more) {
        String[] all = new String[more.length + 2];
        all[0] = "Authorization";
        all[1] = "Bearer " + ALICE;
        System.arraycopy(more, 0, all, 2, more.length);
        return all;
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Runs on the server's event loop, and waits for it. */
    void onLoop(Runnable action) throws Exception {
        await(Future.<Void>future(promise -> hub.loop().runOnContext(now -> {
            action.run();
            promise.complete();
        })));
    }

    @Override
    public void close() throws IOException {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** What came back. */
    record Answer(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        JsonObject json() {
            return new JsonObject(response.body());
        }

        JsonArray array() {
            return new JsonArray(response.body());
        }

        String error() {
            return json().getString("error");
        }
    }
}
