package dev.hubbub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A gateway on a loopback port with one loop, and clients to it. */
final class TestGateway implements AutoCloseable {
    final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    final FakeHub hub;
    private final WebSocketClient sockets;
    private final HttpClient http;
    private final io.vertx.core.Context context;

    final GatewayRoutes routes;

    final HttpServer server;

    TestGateway(FakeHub hub) {
        this.hub = hub;
        this.context = vertx.getOrCreateContext();
        this.sockets = vertx.createWebSocketClient(
                new WebSocketClientOptions().setMaxFrameSize(1 << 24).setMaxMessageSize(1 << 24));
        this.http = vertx.createHttpClient(new HttpClientOptions().setKeepAlive(false));
        this.routes = onLoop(() -> new GatewayRoutes(hub.context(vertx, Clock.systemUTC())));
        Router router = Router.router(vertx);
        routes.mount(router);
        this.server = vertx.createHttpServer(GatewayServerOptions.apply(new HttpServerOptions(), hub.config()))
                .requestHandler(router);
        Promise<Void> bound = Promise.promise();
        context.runOnContext(v -> server.listen(0, "127.0.0.1").<Void>mapEmpty().onComplete(bound));
        await(bound.future());
    }

    int port() {
        return server.actualPort();
    }

    HttpClient http() {
        return http;
    }

    /** Runs on the gateway's loop and waits for it. */
    <T> T onLoop(Callable<T> task) {
        Promise<T> done = Promise.promise();
        context.runOnContext(v -> {
            try {
                done.complete(task.call());
            } catch (Exception e) {
                done.fail(e);
            }
        });
        return await(done.future());
    }

    /** Runs on the gateway's loop and waits until it has. */
    void doOnLoop(Runnable task) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(v -> {
            try {
                task.run();
                done.complete();
            } catch (RuntimeException | AssertionError e) {
                done.fail(e);
            }
        });
        await(done.future());
    }

    /** Serves the same node's sockets on another event loop, behind another port. */
    Second second() {
        io.vertx.core.Context other = vertx.getOrCreateContext();
        Promise<HttpServer> bound = Promise.promise();
        other.runOnContext(v -> {
            Router router = Router.router(vertx);
            new GatewayRoutes(hub.context(vertx, Clock.systemUTC())).mount(router);
            vertx.createHttpServer(GatewayServerOptions.apply(new HttpServerOptions(), hub.config()))
                    .requestHandler(router)
                    .listen(0, "127.0.0.1")
                    .onComplete(bound);
        });
        return new Second(await(bound.future()), http);
    }

    /** A second event loop of the same node. */
    record Second(HttpServer server, HttpClient http) implements AutoCloseable {

        Future<String> post(String uri, String body) {
            return http.request(io.vertx.core.http.HttpMethod.POST, server.actualPort(), "127.0.0.1", uri)
                    .compose(request -> request.send(io.vertx.core.buffer.Buffer.buffer(body))
                            .compose(response -> response.body())
                            .map(bytes -> bytes.toString()));
        }

        @Override
        public void close() {
            await(server.close());
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(4, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("did not complete", e);
        }
    }

    /** Waits for a condition, at most four seconds. */
    static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
    }

    /** Connects a WebSocket client. */
    Client connect(String uri) {
        return connect(new WebSocketConnectOptions().setURI(uri));
    }

    Client connect(WebSocketConnectOptions options) {
        Client client = new Client();
        Promise<Void> connected = Promise.promise();
        vertx.runOnContext(v -> sockets.connect(options.setHost("127.0.0.1").setPort(port()))
                .onSuccess(socket -> {
                    client.attach(socket);
                    connected.complete();
                })
                .onFailure(connected::fail));
        await(connected.future());
        return client;
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    /** What one client hears. */
    static final class Client {
        final List<String> heard = new CopyOnWriteArrayList<>();
        final Promise<Integer> closed = Promise.promise();
        private @Nullable WebSocket socket;

        private void attach(WebSocket connected) {
            socket = connected;
            connected.textMessageHandler(heard::add);
            connected.exceptionHandler(failure -> {});
            connected.closeHandler(v -> closed.tryComplete(Integer.valueOf(connected.closeStatusCode())));
        }

        WebSocket socket() {
            return java.util.Objects.requireNonNull(socket);
        }

        void say(String text) {
            socket().writeTextMessage(text).onFailure(failure -> heard.add("WRITE FAILED " + failure));
        }

        /** Waits until so many messages were heard and returns them. */
        List<String> hears(int count) {
            eventually("hears " + count + " but heard " + heard, () -> heard.size() >= count);
            return List.copyOf(heard);
        }

        int closeCode() {
            return await(closed.future());
        }
    }
}
