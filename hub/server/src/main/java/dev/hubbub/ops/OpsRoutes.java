package dev.hubbub.ops;

import dev.hubbub.auth.Caller;
import dev.hubbub.config.AddressRange;
import dev.hubbub.config.ConfigException;
import dev.hubbub.messaging.Outcome;
import dev.hubbub.messaging.PublishCommand;
import dev.hubbub.messaging.SubscribeOptions;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operators' calls: health, metrics, reload, drain, and publish and tail for the command line.
 *
 * <p>On a listener that is not on loopback every call but the two health checks asks for an API key with admin rights.
 */
public final class OpsRoutes {
    private static final Logger log = LoggerFactory.getLogger(OpsRoutes.class);
    private static final long MAX_BODY_BYTES = 1024 * 1024;
    private static final Caller OPERATOR = new Caller.Operator();

    private final OpsContext hub;
    private final NodeRates rates;

    /** Creates the routes; used on one event loop. */
    public OpsRoutes(OpsContext hub) {
        this.hub = hub;
        this.rates = new NodeRates(hub.questions(), hub.registry(), hub.clock());
    }

    /** Adds every route. */
    public void mount(Router router) {
        // A path that cannot be decoded fails before any route, and so before the failure handler.
        router.errorHandler(
                400, call -> error(call, 400, "bad_request", "the request cannot be understood", new JsonObject()));
        router.route().handler(this::harden);
        router.get("/health/live").handler(call -> json(call, 200, new JsonObject().put("status", "up")));
        router.get("/health/ready").handler(this::ready);
        router.route().handler(OpsRoutes::refuseOtherPages);
        new ConsolePage().mount(router);
        router.route().handler(this::requireOperator);
        mountConsoleCalls(router);
        router.get("/metrics").handler(new MetricsRoute(hub.registry()));
        router.get("/ops/v1/nodes").handler(this::nodes);
        router.get("/ops/v1/drain").handler(call -> json(call, 200, hub.drain().progress()));
        router.post("/ops/v1/drain").handler(this::drain);
        new ReloadRoute(hub.health()).mount(router);
        router.post("/ops/v1/publish")
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(this::publish);
        new TraceRoutes(hub.tracer()).mount(router);
        router.get("/ops/v1/tail").handler(this::tail);
        router.route().failureHandler(this::failed);
        router.route()
                .last()
                .handler(call -> call.fail(new HubException(ErrorCode.NOT_FOUND, "there is no such path")));
    }

    /** What changes something passes {@link Operators} before it comes to its own handler. */
    private void mountConsoleCalls(Router router) {
        AuditTrail trail = new AuditTrail(hub.questions(), hub.clock());
        Operators operators = new Operators(hub, trail);
        operators.mount(router);
        trail.mount(router);
        new NodeRoutes(hub, operators).mount(router);
        new ConnectionRoutes(hub, operators).mount(router);
        new AddressRoutes(hub).mount(router);
        new ExplainRoute(hub).mount(router);
        new ConfigRoute(hub).mount(router);
        rates.mount(router);
    }

    /** Begins what is done without being asked, on the listener's event loop. */
    public void start(Vertx vertx) {
        rates.start(vertx);
    }

    private void harden(RoutingContext call) {
        call.response().putHeader("X-Content-Type-Options", "nosniff").putHeader("Cache-Control", "no-store");
        try {
            var unused = call.request().params(); // a query that cannot be decoded throws at the first who asks
        } catch (IllegalArgumentException broken) {
            throw new HubException(ErrorCode.BAD_REQUEST, "the query string is not correctly percent-encoded");
        }
        call.next();
    }

    /** A page that an operator happens to look at must not drain the node behind her back. */
    private static void refuseOtherPages(RoutingContext call) {
        String origin = call.request().getHeader("Origin");
        if (origin == null || origin.endsWith("://" + call.request().getHeader("Host"))) {
            call.next();
        } else {
            call.fail(
                    new HubException(ErrorCode.ACCESS_DENIED, "web pages of other origins may not call this listener"));
        }
    }

    /**
     * On loopback whoever calls this machine by its own name is an operator. Under another name comes a page of a site
     * that let its name lead here, as {@link #refuseOtherPages} cannot see.
     */
    private void requireOperator(RoutingContext call) {
        if (hub.config().get().ops().isLoopback()
                && isForThisMachine(call.request().getHeader("Host"))) {
            call.next();
            return;
        }
        String key = call.request().getHeader("X-API-Key");
        Optional<Caller.Service> service =
                key == null ? Optional.empty() : hub.apiKeys().find(key);
        if (service.isEmpty()) {
            call.fail(new HubException(ErrorCode.NOT_LOGGED_IN, "this listener needs X-API-Key with an admin key"));
        } else if (!service.get().key().admin()) {
            call.fail(new HubException(ErrorCode.ACCESS_DENIED, "this key has no admin rights"));
        } else {
            call.next();
        }
    }

    private static boolean isForThisMachine(@Nullable String host) {
        return host == null
                || AddressRange.isLoopback(
                        host.startsWith("[")
                                ? host.substring(0, host.indexOf(']') + 1)
                                : host.replaceFirst(":[0-9]*$", ""));
    }

    private void ready(RoutingContext call) {
        boolean ready = hub.health().isReady();
        JsonObject body = new JsonObject().put("status", ready ? "ready" : "not_ready");
        json(call, ready ? 200 : 503, body.put("details", hub.health().details()));
    }

    private void nodes(RoutingContext call) {
        hub.nodes()
                .list()
                .onSuccess(all -> json(
                        call,
                        200,
                        new JsonObject().put("node", hub.nodes().node()).put("nodes", all)))
                .onFailure(call::fail);
    }

    /** Answers when the drain has begun; a second call finds it under way. */
    private void drain(RoutingContext call) {
        hub.drain().begin().onSuccess(begun -> json(call, 202, begun)).onFailure(call::fail);
    }

    private void publish(RoutingContext call) {
        JsonObject body = object(call.body().buffer());
        if (!(body.getValue("address") instanceof String text)) {
            throw noPublish();
        }
        PublishCommand command = new PublishCommand(text, body.getValue("event"), Optional.empty(), Optional.empty());
        hub.publisher()
                .publish(OPERATOR, command)
                .onSuccess(published -> json(call, 200, answer(published)))
                .onFailure(call::fail);
    }

    private static JsonObject object(@Nullable Buffer text) {
        try {
            if (text != null && Json.decodeValue(text) instanceof JsonObject object) {
                return object;
            }
        } catch (DecodeException e) {
            log.debug("publish is no JSON reason={}", e.getMessage());
        }
        throw noPublish();
    }

    private static HubException noPublish() {
        return new HubException(ErrorCode.BAD_REQUEST, "the body is {\"address\": …, \"event\": …}");
    }

    private static JsonObject answer(Outcome.Published published) {
        JsonObject answer = new JsonObject().put("id", published.id());
        published.position().ifPresent(position -> answer.put("position", position.toString()));
        return answer.put("duplicate", published.duplicate());
    }

    /** Streams the {@code rec} frames of an address, one JSON text per line, until the caller goes away. */
    private void tail(RoutingContext call) {
        String address = call.request().getParam("address", "");
        OptionalInt recent = recent(call);
        HttpServerResponse response = call.response();
        TailStream stream =
                new TailStream(hub.connectionIds().get(), OPERATOR, response, TailView.of(call, hub.clock()));
        SubscribeOptions options =
                new SubscribeOptions(Optional.ofNullable(call.request().getParam("position")), recent, false, false);
        hub.subscriber().subscribe(stream, address, options);
        response.drainHandler(drained -> hub.subscriber().drained(stream));
        response.closeHandler(closed -> hub.subscriber().close(stream));
    }

    private static OptionalInt recent(RoutingContext call) {
        String text = call.request().getParam("recent");
        try {
            return text == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            throw new HubException(ErrorCode.BAD_FRAME, "recent is a whole number");
        }
    }

    private void failed(RoutingContext call) {
        Throwable failure = call.failure();
        if (failure instanceof HubException expected) {
            error(
                    call,
                    expected.code().httpStatus(),
                    expected.code().snakeCase(),
                    String.valueOf(expected.getMessage()),
                    expected.details());
        } else if (failure instanceof ConfigException config) {
            JsonArray faults = new JsonArray();
            config.faults().forEach(fault -> faults.add(fault.toString()));
            String message = "the config has faults; nothing was changed";
            error(call, 409, "bad_config", message, new JsonObject().put("faults", faults));
        } else if (failure instanceof IOException) {
            error(call, 409, "bad_config", "nothing was changed: " + failure.getMessage(), new JsonObject());
        } else if (failure == null || call.statusCode() < 500) {
            error(call, call.statusCode(), "bad_request", "the request cannot be understood", new JsonObject());
        } else {
            String id = UUID.randomUUID().toString();
            log.error("operators call failed id={} path={}", id, call.normalizedPath(), failure);
            error(
                    call,
                    500,
                    "internal_error",
                    "this is a fault of the hub; its log tells more under " + id,
                    new JsonObject());
        }
    }

    private static void error(RoutingContext call, int status, String code, String message, JsonObject details) {
        json(
                call,
                status,
                new JsonObject().put("error", code).put("message", message).put("details", details));
    }

    static void json(RoutingContext call, int status, JsonObject body) {
        call.response().setStatusCode(status).putHeader("Content-Type", "application/json");
        end(call, body.encode());
    }

    private static void end(RoutingContext call, String body) {
        call.response().end(body).onFailure(gone -> log.debug("caller left early reason={}", gone.getMessage()));
    }
}
