package dev.hubbub;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.hubbub.config.OpsConfig;
import dev.hubbub.messaging.MessagingLoop;
import dev.hubbub.messaging.NodeTraces;
import dev.hubbub.ops.DrainControl;
import dev.hubbub.ops.NodeDirectory;
import dev.hubbub.ops.NodeHealth;
import dev.hubbub.ops.NodeQuestions;
import dev.hubbub.ops.OpsContext;
import dev.hubbub.ops.OpsRoutes;
import dev.hubbub.ops.Tracer;
import dev.hubbub.telemetry.Spans;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operators' listener, on an event loop of its own. */
final class OpsVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(OpsVerticle.class);
    private static final long LAST_SPANS_MILLIS = 2_000;

    private final NodeParts parts;
    private final NodeHealth health;
    private final NodeDirectory nodes;
    private final DrainControl drain;
    private final ProcessMeters meters;
    private final Spans spans;
    private Optional<HttpServer> server = Optional.empty();

    /** Creates the verticle; the parts' port is set once it listens. */
    OpsVerticle(
            NodeParts parts,
            NodeHealth health,
            NodeDirectory nodes,
            DrainControl drain,
            ProcessMeters meters,
            Spans spans) {
        this.parts = parts;
        this.health = health;
        this.nodes = nodes;
        this.drain = drain;
        this.meters = meters;
        this.spans = spans;
    }

    @Override
    public Future<?> start() {
        MessagingLoop messaging =
                new MessagingLoop(parts.world(), parts.world().loops().count() - 1);
        NodeQuestions questions = nodes.questions();
        NodeTraces traces = new NodeTraces(parts.world());
        OpsContext context = new OpsContext(
                () -> parts.live().get().config(),
                key -> parts.live().get().apiKeys().find(key),
                token -> parts.live().get().verifier().verify(token),
                messaging.publisher(),
                messaging.subscriber(),
                messaging.connections(),
                messaging.inspection(),
                messaging.explainer(),
                health,
                nodes,
                questions,
                new Tracer(traces, messaging.history()),
                drain,
                meters.registry(),
                parts.connectionIds(),
                parts.clock());
        Router router = Router.router(vertx);
        OpsRoutes routes = new OpsRoutes(context);
        routes.mount(router);
        routes.start(vertx);
        OpsConfig ops = parts.live().get().config().ops();
        HttpServerOptions options =
                new HttpServerOptions().setHost(ops.host()).setPort(ops.port()).setHttp2ClearTextEnabled(false);
        HttpServer made = vertx.createHttpServer(options).requestHandler(router);
        server = Optional.of(made);
        return messaging
                .start()
                .compose(started -> nodes.start())
                .compose(started -> questions.start())
                .compose(started -> traces.start())
                .compose(started -> ListenFailure.inPlainWords(made.listen(), "ops", options))
                .onSuccess(up -> parts.opsPort().set(up.actualPort()));
    }

    @Override
    public Future<?> stop() {
        meters.close();
        return server.map(HttpServer::close)
                .orElse(Future.succeededFuture())
                .transform(closed -> spans.close().timeout(LAST_SPANS_MILLIS, MILLISECONDS))
                .otherwise(late -> {
                    log.info("last spans not sent reason={}", late.getMessage());
                    return null;
                });
    }
}
