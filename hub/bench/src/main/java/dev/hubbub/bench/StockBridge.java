package dev.hubbub.bench;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.bridge.PermittedOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.sockjs.SockJSBridgeOptions;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The peer: the event-bus bridge that Vert.x ships, at its best settings for this load.
 *
 * <p>Compression is off as in the hub (it multiplies the price of a delivery), no write handler is registered per
 * socket, and the client-ping check is put off because the generator's clients are silent. One instance, as the process
 * has one core.
 */
final class StockBridge extends VerticleBase {

    private static final int PING_TIMEOUT_MILLIS = 3_600_000;
    private static final long START_SECONDS = 30;

    private final int port;
    private int actualPort;

    /** Made for a port; 0 takes a free one. */
    StockBridge(int port) {
        this.port = port;
    }

    /** Serves on loopback until the process is ended; the first argument is the port. */
    public static void main(String[] args) throws InterruptedException, ExecutionException, TimeoutException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        await(vertx.deployVerticle(new StockBridge(Integer.parseInt(args[0]))));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                await(vertx.close());
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                Runtime.getRuntime().halt(1);
            }
        }));
    }

    private static void await(Future<?> future) throws InterruptedException, ExecutionException, TimeoutException {
        future.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
    }

    /** Binds {@code /eventbus} and {@code /health/ready} on loopback. */
    @Override
    public Future<HttpServer> start() {
        PermittedOptions all = new PermittedOptions().setAddressRegex("bench:.*");
        SockJSBridgeOptions bridge = new SockJSBridgeOptions()
                .setPingTimeout(PING_TIMEOUT_MILLIS)
                .addInboundPermitted(all)
                .addOutboundPermitted(all);
        SockJSHandlerOptions sockets = new SockJSHandlerOptions().setRegisterWriteHandler(false);
        Router router = Router.router(vertx);
        router.get("/health/ready")
                .handler(context -> context.response().end("ready").onFailure(context::fail));
        router.route("/eventbus/*")
                .subRouter(SockJSHandler.create(vertx, sockets).bridge(bridge));
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false);
        return vertx.createHttpServer(options)
                .requestHandler(router)
                .listen()
                .onSuccess(server -> actualPort = server.actualPort());
    }

    /** Where it listens; after its deployment. */
    int actualPort() {
        return actualPort;
    }
}
