package dev.hubbub.gateway;

import dev.hubbub.auth.Caller.ConnectionInfo;
import io.netty.channel.Channel;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sockets' part of the public listener: everything under {@code /eventbus}.
 *
 * <p>Made once for each instance of the HTTP verticle, on its event loop, and confined to it. Mount it before any
 * handler that reads bodies.
 */
public final class GatewayRoutes {

    /** Where the sockets live. */
    public static final String PREFIX = "/eventbus";

    private final GatewayLoop loop;
    private final Arrivals arrivals;
    private final long timer;

    /** Creates the sockets' state of the current event loop, and its one timer. */
    public GatewayRoutes(GatewayContext hub) {
        this.loop = new GatewayLoop(hub);
        this.arrivals = new Arrivals(loop);
        this.timer = hub.vertx().setPeriodic(1_000, id -> {
            loop.wheel().advance(hub.clock().millis());
            arrivals.look(hub.clock().millis());
        });
    }

    /** Adds the routes. */
    public void mount(Router router) {
        router.route(PREFIX + "/*").handler(this::checkOrigin);
        router.get(PREFIX + "/websocket").handler(rc -> upgrade(rc, plain(rc)));
        router.getWithRegex(PREFIX + "/[^/.]+/[^/.]+/websocket").handler(rc -> upgrade(rc, Framing.SOCKJS));
        new SockJsHttpRoutes(loop).mount(router);
        router.route(PREFIX + "/*").handler(rc -> Answers.end(rc, 404));
    }

    /** Takes a TCP connection; from now on it is held to time. */
    public void opened(HttpConnection connection) {
        arrivals.opened(connection);
    }

    /** Returns what hands requests on that two readers cannot understand in two ways, and refuses the others. */
    public Handler<HttpServerRequest> guard(Handler<HttpServerRequest> next) {
        return request -> {
            if (!arrivals.arrived(request)) {
                return;
            }
            if (RequestGuard.passes(request)) {
                next.handle(request);
            } else {
                arrivals.end(request);
            }
        };
    }

    /** Returns what went over the sockets of this loop so far; read from any thread. */
    public Traffic traffic() {
        return loop.traffic();
    }

    /** Returns how many connections this loop holds. */
    public int count() {
        return loop.sessions().size();
    }

    /** Returns how many bytes were sent to the connections of this loop and have not left for the network. */
    public long unsentBytes() {
        return loop.sessions().stream().mapToLong(Session::unsentBytes).sum();
    }

    /**
     * Sends every client of this loop away with {@code 1012}, each with another wait.
     *
     * @param spreadMillis the longest wait that clients are told, in milliseconds
     */
    public void closeAll(long spreadMillis) {
        List<Session> all = new ArrayList<>(loop.sessions());
        for (int i = 0; i < all.size(); i++) {
            all.get(i).goAway(spreadMillis * (i + 1) / all.size());
        }
    }

    /** Stops the timer; the sockets must be closed already. */
    public void stop() {
        loop.hub().vertx().cancelTimer(timer);
    }

    GatewayLoop loop() {
        return loop;
    }

    private void checkOrigin(RoutingContext rc) {
        HttpServerRequest request = rc.request();
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        OriginPolicy policy = new OriginPolicy(loop.hub().config().get().http().origins());
        if (!policy.allows(origin, request.getHeader(HttpHeaders.HOST))) {
            Answers.end(rc, 403);
            return;
        }
        rc.next();
    }

    private static Framing plain(RoutingContext rc) {
        return "true".equals(rc.request().getParam("batch")) ? Framing.BATCH : Framing.PLAIN;
    }

    private void upgrade(RoutingContext rc, Framing framing) {
        HttpServerRequest request = rc.request();
        if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
            Answers.end(rc, 400, "Can \"Upgrade\" only to \"WebSocket\".");
            return;
        }
        if (!"13".equals(request.getHeader("Sec-WebSocket-Version"))) {
            rc.response().putHeader("Sec-WebSocket-Version", "13");
            Answers.end(rc, 426);
            return;
        }
        if (!Handshake.isWhole(request)) {
            Answers.end(rc, 400, "This is no handshake of RFC 6455.");
            return;
        }
        if (loop.hub().connections().isDraining()) {
            Answers.draining(rc);
            return;
        }
        Optional<String> token = token(request);
        ConnectionInfo info = loop.info(request);
        // The routes' view of the upgraded socket is a wrapper; the connection's channel stays the same.
        Channel channel = ((ConnectionBase) request.connection()).channel();
        request.toWebSocket()
                .onSuccess(socket -> {
                    arrivals.forget(channel);
                    WebSocketHandler.takeOver(loop, channel, framing, info)
                            .session()
                            .open(token);
                })
                .onFailure(failure -> {
                    // For most faults of a handshake the answer has gone out already.
                    if (!rc.response().headWritten()) {
                        rc.fail(400, failure);
                    }
                });
    }

    /** Returns the token of a handshake, wherever it is. */
    static Optional<String> token(HttpServerRequest request) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return present(authorization.substring(7).strip());
        }
        return present(request.getParam("access_token")).or(() -> present(request.getParam("token")));
    }

    private static Optional<String> present(@Nullable String text) {
        return text == null || text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
