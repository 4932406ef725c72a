package dev.hubbub.demo;

import dev.hubbub.demo.canvas.CanvasService;
import dev.hubbub.demo.chat.ChatService;
import dev.hubbub.demo.cursors.CursorsService;
import dev.hubbub.demo.inbox.InboxService;
import dev.hubbub.demo.orders.OrdersService;
import dev.hubbub.demo.trading.TradingService;
import dev.hubbub.demo.wallet.WalletService;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The demos' back end: their pages, a login, and one {@link DemoService} for each demo; on loopback, on one event loop.
 *
 * <p>A node in development mode deploys it and leads {@code /demo} to its port; with {@code scripts/cluster} it is a
 * process of its own. To the hub it is a service like any other.
 */
public final class DemoVerticle extends VerticleBase {
    private static final long MAX_BODY_BYTES = 64 * 1024;

    private static List<DemoService> services(DemoContext context) {
        return List.of(
                new InboxService(context),
                new OrdersService(context),
                new WalletService(context),
                new CanvasService(context),
                new CursorsService(context),
                new ChatService(context),
                new TradingService(context));
    }

    @Override
    public Future<?> start() {
        DemoSettings settings = DemoSettings.of(config());
        DemoLogin login = new DemoLogin(settings.secret(), Clock.systemUTC());
        DemoContext context = new DemoContext(vertx, new DemoHub(vertx, settings), login);
        Map<String, DemoService> services =
                services(context).stream().collect(Collectors.toMap(DemoService::name, Function.identity()));
        Router router = router(settings, login, services);
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1"));
        return Future.all(services.values().stream().map(DemoService::start).toList())
                .compose(started -> server.requestHandler(router).listen(settings.port()))
                .onSuccess(up ->
                        vertx.sharedData().getLocalMap("hubbub.development").put("port", up.actualPort()));
    }

    private Router router(DemoSettings settings, DemoLogin login, Map<String, DemoService> services) {
        Router router = Router.router(vertx);
        ClusterControl cluster = new ClusterControl(settings);
        for (int status : new int[] {400, 404, 405, 413, 500}) {
            router.errorHandler(status, Answers::refuse);
        }
        router.route("/demo/api/*").handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
        router.get("/demo/login").handler(Answers.json(ctx -> Future.succeededFuture(login(ctx, login, services))));
        router.get("/demo/api/hub").handler(Answers.json(ctx -> Future.succeededFuture(cluster.describe())));
        router.post("/demo/api/hub/kill").handler(Answers.json(ctx -> Future.succeededFuture(cluster.kill(node(ctx)))));
        router.post("/demo/api/hub/start")
                .handler(Answers.json(ctx -> Future.succeededFuture(cluster.restart(node(ctx)))));
        services.forEach((name, service) -> {
            Router api = Router.router(vertx);
            service.mount(api);
            router.route("/demo/api/" + name + "/*").subRouter(api);
        });
        router.route("/demo/api/*").handler(ctx -> ctx.fail(404, DemoException.notFound("there is no such call")));
        new DemoPages(settings).mount(router);
        return router;
    }

    private static int node(RoutingContext ctx) {
        return Answers.whole(Answers.body(ctx), "node");
    }

    /** A real login would ask for a password; these people have none. */
    private static JsonObject login(RoutingContext ctx, DemoLogin login, Map<String, DemoService> services) {
        String demo = ctx.request().getParam("demo", "");
        String user = ctx.request().getParam("user", "");
        String space = ctx.request().getParam("space", "acme");
        Spaces.check(space);
        DemoService service = services.get(demo);
        if (service == null) {
            throw DemoException.notFound("there is no demo \"" + demo + "\"");
        }
        JsonObject claims = service.claims(user, space)
                .orElseThrow(() -> DemoException.notFound("there is no \"" + user + "\" in this demo"));
        return new JsonObject().put("token", login.token(claims)).put("claims", claims);
    }
}
