package dev.hubbub;

import dev.hubbub.config.HubConfig;
import dev.hubbub.gateway.GatewayContext;
import dev.hubbub.gateway.GatewayRoutes;
import dev.hubbub.gateway.GatewayServerOptions;
import dev.hubbub.http.ApiRoutes;
import dev.hubbub.http.HttpContext;
import dev.hubbub.messaging.MessagingLoop;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import java.util.Optional;

/**
 * One event loop of the public listener: sockets and HTTP API side by side on one port.
 *
 * <p>Each core has one; they share the port, and a connection stays with the loop that it fell to.
 */
final class PublicVerticle extends VerticleBase {
    private static final long RECONNECT_SPREAD_MILLIS = 5_000;

    private final NodeParts parts;
    private final int loop;
    private final int port;
    private Optional<HttpServer> server = Optional.empty();
    private Optional<GatewayRoutes> gateway = Optional.empty();

    /**
     * Creates the verticle of loop {@code loop}.
     *
     * @param port the port to share; negative for "any free one, the same for all"
     */
    PublicVerticle(NodeParts parts, int loop, int port) {
        this.parts = parts;
        this.loop = loop;
        this.port = port;
    }

    @Override
    public Future<?> start() {
        MessagingLoop messaging = new MessagingLoop(parts.world(), loop);
        Router router = Router.router(vertx);
        GatewayRoutes sockets = new GatewayRoutes(gatewayContext(messaging));
        sockets.mount(router);
        gateway = Optional.of(sockets);
        HubConfig config = parts.live().get().config();
        HttpServerOptions options = GatewayServerOptions.apply(
                new HttpServerOptions().setHost(config.http().host()).setPort(port), config);
        config.http()
                .tls()
                .ifPresent(tls -> options.setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(tls.certificate().toString())
                                .setKeyPath(tls.key().toString())));
        HttpServer made = vertx.createHttpServer(options).requestHandler(router);
        server = Optional.of(made);
        return messaging
                .start()
                .compose(started -> ApiRoutes.create(httpContext(messaging)))
                .compose(api -> {
                    api.mount(router);
                    return ListenFailure.inPlainWords(made.listen(), "http", options);
                })
                .onSuccess(listening -> parts.publicPort().set(listening.actualPort()));
    }

    private GatewayContext gatewayContext(MessagingLoop messaging) {
        return new GatewayContext(
                vertx,
                () -> parts.live().get().config(),
                token -> parts.live().get().verifier().verify(token),
                messaging.publisher(),
                messaging.subscriber(),
                messaging.requests(),
                messaging.connections(),
                parts.clock(),
                parts.connectionIds());
    }

    private HttpContext httpContext(MessagingLoop messaging) {
        return new HttpContext(
                vertx,
                () -> parts.live().get().config(),
                token -> parts.live().get().verifier().verify(token),
                key -> parts.live().get().apiKeys().find(key),
                messaging.publisher(),
                messaging.history(),
                messaging.rosters(),
                messaging.subscriber(),
                messaging.connections(),
                messaging.explainer(),
                parts.clock(),
                parts.connectionIds(),
                parts.development().isPresent(),
                parts.development().map(development -> development::token),
                () -> "http://localhost:" + parts.opsPort().get(),
                parts.development()
                        .flatMap(DevelopmentMode::service)
                        .map(service -> () -> DevelopmentService.port(vertx)));
    }

    /** Tells every client when to come back, each another moment, then closes. */
    @Override
    public Future<?> stop() {
        gateway.ifPresent(sockets -> {
            sockets.closeAll(RECONNECT_SPREAD_MILLIS);
            sockets.stop();
        });
        return server.map(HttpServer::close).orElse(Future.succeededFuture());
    }
}
