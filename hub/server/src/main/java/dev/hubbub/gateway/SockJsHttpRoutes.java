package dev.hubbub.gateway;

import dev.hubbub.auth.Caller.ConnectionInfo;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * SockJS for clients without WebSocket: {@code info}, {@code xhr}, {@code xhr_streaming} and {@code xhr_send}.
 *
 * <p>The requests of one session may come on any event loop of the node, at the same time. The session lives on the
 * loop of its first request; a request on another loop is handed over to it. Confined to its loop, but for the map of
 * sessions.
 */
final class SockJsHttpRoutes {
    private static final String SESSION = GatewayRoutes.PREFIX + "/[^/.]+/(?<session>[^/.]+)/";
    private static final int XHR_SEND_FACTOR = 8;

    private final GatewayLoop loop;
    private final LocalMap<String, SockJsHttpTransport> sessions;

    SockJsHttpRoutes(GatewayLoop loop) {
        this.loop = loop;
        this.sessions = loop.hub().vertx().sharedData().getLocalMap("hubbub.sockjs.sessions");
    }

    void mount(Router router) {
        int largestBody = XHR_SEND_FACTOR * loop.hub().config().get().limits().frameBytes();
        router.route(HttpMethod.OPTIONS, GatewayRoutes.PREFIX + "/info").handler(rc -> preflight(rc, "GET"));
        router.routeWithRegex(HttpMethod.OPTIONS, SESSION + "(xhr|xhr_send|xhr_streaming)")
                .handler(rc -> preflight(rc, "POST"));
        router.get(GatewayRoutes.PREFIX + "/info").handler(this::info);
        router.postWithRegex(SESSION + "xhr").handler(rc -> open(rc, false));
        router.postWithRegex(SESSION + "xhr_streaming").handler(rc -> open(rc, true));
        // The origin is answered first, so that a page may also see that its body was too large.
        router.postWithRegex(SESSION + "xhr_send").handler(rc -> {
            answerOrigin(rc.response(), rc.request().getHeader(HttpHeaders.ORIGIN));
            rc.next();
        });
        router.postWithRegex(SESSION + "xhr_send")
                .handler(BodyHandler.create(false).setBodyLimit(largestBody))
                .handler(this::send);
    }

    private void info(RoutingContext rc) {
        answerOrigin(rc.response(), rc.request().getHeader(HttpHeaders.ORIGIN));
        if (loop.hub().connections().isDraining()) {
            Answers.draining(rc);
            return;
        }
        JsonObject info = new JsonObject()
                .put("websocket", true)
                .put("cookie_needed", false)
                .put("origins", new JsonArray().add("*:*"))
                .put("entropy", ThreadLocalRandom.current().nextLong(1L << 32));
        rc.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=UTF-8")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        Answers.end(rc, 200, info.encode());
    }

    /** A poll or a stream; the first one begins the session. */
    private void open(RoutingContext rc, boolean streaming) {
        answerOrigin(rc.response(), rc.request().getHeader(HttpHeaders.ORIGIN));
        String id = rc.pathParam("session");
        SockJsHttpTransport known = sessions.get(id);
        if (known == null && loop.hub().connections().isDraining()) {
            Answers.draining(rc);
            return;
        }
        SockJsHttpTransport transport = known == null ? begin(rc, id) : known;
        if (!transport.isOf(owner(rc))) {
            Answers.end(rc, 404);
            return;
        }
        SockJsHttpAnswer answer = new SockJsHttpAnswer(loop.hub().vertx(), rc.response(), streaming);
        GatewayLoop home = transport.loop();
        answer.onLost(() -> home.onLoop(() -> transport.lost(answer), transport::abort));
        home.onLoop(() -> transport.serve(answer), transport::abort);
    }

    private SockJsHttpTransport begin(RoutingContext rc, String id) {
        SockJsHttpTransport mine = new SockJsHttpTransport(loop, owner(rc), () -> sessions.remove(id));
        Session session = new Session(loop, mine, loop.info(rc.request()));
        mine.begin(session);
        SockJsHttpTransport other = sessions.putIfAbsent(id, mine);
        if (other != null) {
            return other;
        }
        session.open(GatewayRoutes.token(rc.request()));
        return mine;
    }

    private void send(RoutingContext rc) {
        SockJsHttpTransport transport = sessions.get(rc.pathParam("session"));
        if (transport == null || !transport.isOf(owner(rc))) {
            Answers.end(rc, 404);
            return;
        }
        String text = rc.body().asString();
        if (text == null || text.isEmpty()) {
            Answers.end(rc, 500, "Payload expected.");
            return;
        }
        if (!isJson(text)) {
            Answers.end(rc, 500, "Broken JSON encoding.");
            return;
        }
        int frameBytes = loop.hub().config().get().limits().frameBytes();
        transport.loop().onLoop(() -> transport.hear(text, frameBytes), transport::abort);
        rc.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=UTF-8");
        Answers.end(rc, 204);
    }

    /** What SockJS wants to know of a message at once; what is wrong inside of it is told in frames. */
    private static boolean isJson(String text) {
        try {
            return Json.decodeValue(text) != null;
        } catch (DecodeException e) {
            return false;
        }
    }

    /**
     * A session id is chosen by the client and visible in paths: whoever uses one must show the token that began it,
     * and come from the same place with the same agent where there was none.
     */
    private String owner(RoutingContext rc) {
        return GatewayRoutes.token(rc.request()).map(token -> "token " + token).orElseGet(() -> {
            ConnectionInfo info = loop.info(rc.request());
            return "from " + info.ip() + " " + info.agent();
        });
    }

    private static void preflight(RoutingContext rc, String method) {
        answerOrigin(rc.response(), rc.request().getHeader(HttpHeaders.ORIGIN));
        rc.response()
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "OPTIONS, " + method)
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type")
                .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, "86400");
        Answers.end(rc, 204);
    }

    private static void answerOrigin(HttpServerResponse response, @Nullable String origin) {
        response.putHeader(HttpHeaders.VARY, "Origin");
        if (origin != null) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                    .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
    }
}
