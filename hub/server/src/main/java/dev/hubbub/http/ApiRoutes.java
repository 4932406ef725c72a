package dev.hubbub.http;

import dev.hubbub.auth.Caller;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.Json;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.openapi.contract.Operation;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The door of the HTTP room: the API, its description, Server-Sent Events, and in development the welcome page.
 *
 * <p>Make one for each instance of the HTTP verticle and mount it on that instance's router; everything then happens on
 * that instance's event loop. Every call of {@code openapi.yaml} is served, and nothing else under {@code /api}.
 */
public final class ApiRoutes {
    /** The largest request body; single events are bounded by {@code limits.frame}. */
    static final long MAX_BODY_BYTES = 8L * 1024 * 1024;

    /** The header that makes a retry safe. */
    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private static final String DESCRIPTION = "/api/v1/openapi.yaml";
    private static final String CALLER = "hub.caller";

    private final HttpContext hub;
    private final ApiContract contract;
    private final Authentication authentication;
    private final Map<String, ApiCall> calls;
    private final BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);

    private ApiRoutes(HttpContext hub, ApiContract contract) {
        this.hub = hub;
        this.contract = contract;
        this.authentication = new Authentication(hub);
        this.calls = calls();
    }

    /** Reads the API's description; fails when it is not correct. */
    public static Future<ApiRoutes> create(HttpContext hub) {
        return ApiContract.load(hub.vertx()).map(contract -> new ApiRoutes(hub, contract));
    }

    /** Adds every route, and the one shape of errors for the whole router. */
    public void mount(Router router) {
        ErrorHandler.install(router);
        Cors cors = new Cors(hub);
        for (String path : new String[] {"/api/*", "/sse"}) {
            router.route(path).handler(ApiRoutes::secure).handler(cors);
        }
        router.get(DESCRIPTION).handler(this::describe);
        contract.operations().forEach(operation -> mount(router, operation));
        refuseOtherMethods(router);
        router.get("/sse").handler(new SseRoute(hub, authentication, SseTiming.STANDARD));
        if (hub.development()) {
            new WelcomePage(hub).mount(router);
            hub.demoPort().ifPresent(port -> new DemoProxy(hub.vertx(), port).mount(router));
        }
    }

    /** Comes after every call, so that it gets only what no call takes. */
    private void refuseOtherMethods(Router router) {
        Map<String, Set<String>> methods = new LinkedHashMap<>();
        contract.operations()
                .forEach(operation -> methods.computeIfAbsent(
                                new PathTemplate(operation.getAbsoluteOpenAPIPath()).regex(), path -> new TreeSet<>())
                        .add(operation.getHttpMethod().name()));
        methods.forEach((path, allowed) -> router.routeWithRegex(path).handler(ctx -> {
            ctx.response().putHeader(HttpHeaders.ALLOW, String.join(", ", allowed));
            ctx.fail(405);
        }));
    }

    private Map<String, ApiCall> calls() {
        PublishCalls publish = new PublishCalls(hub);
        HistoryCalls history = new HistoryCalls(hub);
        UserCalls users = new UserCalls(hub);
        return Map.ofEntries(
                Map.entry("publish", publish::publish),
                Map.entry("broadcast", publish::broadcast),
                Map.entry("sendToUser", publish::sendToUser),
                Map.entry("readEvents", history::events),
                Map.entry("countAddress", history::count),
                Map.entry("listAddresses", history::list),
                Map.entry("readRoster", new RosterCall(hub)::roster),
                Map.entry("listConnections", users::list),
                Map.entry("disconnectUser", users::disconnect),
                Map.entry("revokeTokens", users::revoke),
                Map.entry("explain", new ExplainCall(hub, authentication)::explain));
    }

    private void mount(Router router, Operation operation) {
        ApiCall call = Optional.ofNullable(calls.get(operation.getOperationId()))
                .orElseThrow(() -> new IllegalStateException("call without code: " + operation.getOperationId()));
        PathTemplate path = new PathTemplate(operation.getAbsoluteOpenAPIPath());
        router.routeWithRegex(HttpMethod.valueOf(operation.getHttpMethod().name()), path.regex())
                .handler(ctx -> identify(ctx, operation))
                .handler(this::readBody)
                .handler(ctx -> answer(ctx, operation, path, call));
    }

    /** Lets nobody send a body before it is known who sends it. */
    private void identify(RoutingContext ctx, Operation operation) {
        HttpServerRequest request = ctx.request().pause();
        authentication
                .caller(request)
                .onComplete(
                        caller -> {
                            ctx.put(CALLER, caller);
                            if (isReadable(operation, request)) {
                                ctx.next();
                            } else {
                                ctx.fail(415);
                            }
                            resume(request);
                        },
                        refused -> {
                            ctx.fail(refused);
                            resume(request);
                        });
    }

    private static void resume(HttpServerRequest request) {
        if (!request.isEnded()) {
            request.resume();
        }
    }

    /** Hides what it is from the router, which wants bodies read before callers are known. */
    private void readBody(RoutingContext ctx) {
        body.handle(ctx);
    }

    private static boolean isReadable(Operation operation, HttpServerRequest request) {
        if (operation.getRequestBody() == null) {
            return true;
        }
        String type =
                Optional.ofNullable(request.getHeader(HttpHeaders.CONTENT_TYPE)).orElse("");
        String mediaType = type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
        String encoding = Optional.ofNullable(request.getHeader(HttpHeaders.CONTENT_ENCODING))
                .orElse("identity");
        return mediaType.equals(ResponseHeaders.JSON) && encoding.equalsIgnoreCase("identity");
    }

    private void answer(RoutingContext ctx, Operation operation, PathTemplate path, ApiCall call) {
        Caller caller = ctx.<Caller>get(CALLER);
        Buffer sent = Optional.ofNullable(ctx.body().buffer()).orElseGet(Buffer::buffer);
        Map<String, String> values = new HashMap<>(path.values(ctx.request().path()));
        contract.check(operation, ctx.request(), values, sent)
                .compose(fit -> call.answer(new ApiRequest(caller, fit.values(), fit.body(), sent.length())))
                .compose(json -> ctx.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, ResponseHeaders.JSON)
                        .end(Json.encodeToBuffer(json)))
                .onFailure(ctx::fail);
    }

    private void describe(RoutingContext ctx) {
        ctx.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml")
                .end(contract.text())
                .onFailure(ctx::fail);
    }

    private static void secure(RoutingContext ctx) {
        ResponseHeaders.secure(ctx.response());
        ctx.next();
    }
}
