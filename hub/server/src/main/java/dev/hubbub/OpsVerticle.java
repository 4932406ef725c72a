package dev.hubbub;

import dev.hubbub.config.OpsConfig;
import dev.hubbub.messaging.MessagingLoop;
import dev.hubbub.ops.DrainControl;
import dev.hubbub.ops.NodeDirectory;
import dev.hubbub.ops.NodeHealth;
import dev.hubbub.ops.OpsContext;
import dev.hubbub.ops.OpsRoutes;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.Optional;

/** The operators' listener, on an event loop of its own. */
final class OpsVerticle extends VerticleBase {
    private final NodeParts parts;
    private final int loop;
    private final NodeHealth health;
    private final NodeDirectory nodes;
    private final DrainControl drain;
    private final ProcessMeters meters;
    private Optional<HttpServer> server = Optional.empty();

    /** Creates the verticle; the parts' port is set once it listens. */
    OpsVerticle(
            NodeParts parts,
            int loop,
            NodeHealth health,
            NodeDirectory nodes,
            DrainControl drain,
            ProcessMeters meters) {
        this.parts = parts;
        this.loop = loop;
        this.health = health;
        this.nodes = nodes;
        this.drain = drain;
        this.meters = meters;
    }

    @Override
    public Future<?> start() {
        MessagingLoop messaging = new MessagingLoop(parts.world(), loop);
        OpsContext context = new OpsContext(
                () -> parts.live().get().config(),
                key -> parts.live().get().apiKeys().find(key),
                messaging.publisher(),
                messaging.subscriber(),
                health,
                nodes,
                drain,
                meters.registry(),
                parts.connectionIds());
        Router router = Router.router(vertx);
        new OpsRoutes(context).mount(router);
        OpsConfig ops = parts.live().get().config().ops();
        HttpServerOptions options =
                new HttpServerOptions().setHost(ops.host()).setPort(ops.port()).setHttp2ClearTextEnabled(false);
        HttpServer made = vertx.createHttpServer(options).requestHandler(router);
        server = Optional.of(made);
        return messaging
                .start()
                .compose(started -> nodes.start())
                .compose(started -> ListenFailure.inPlainWords(made.listen(), "ops", options))
                .onSuccess(up -> parts.opsPort().set(up.actualPort()));
    }

    @Override
    public Future<?> stop() {
        meters.close();
        return server.map(HttpServer::close).orElse(Future.succeededFuture());
    }
}
