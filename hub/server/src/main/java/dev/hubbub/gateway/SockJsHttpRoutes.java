package dev.hubbub.gateway;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The HTTP fallbacks of SockJS, served by the stock handler behind a narrow door.
 *
 * <p>Only {@code info}, {@code xhr}, {@code xhr_send} and {@code xhr_streaming} get through. What the stock handler
 * does not do is done here: answers to pages of other origins, an owner for each session id, and close codes.
 */
final class SockJsHttpRoutes {
    private static final String SESSION = GatewayRoutes.PREFIX + "/[^/.]+/(?<session>[^/.]+)/";
    private static final String VERBS = "(xhr|xhr_send|xhr_streaming)";
    private static final int XHR_SEND_FACTOR = 8;

    private final GatewayLoop loop;
    private final LocalMap<String, String> owners;
    private final LocalMap<String, String> goodbyes;

    SockJsHttpRoutes(GatewayLoop loop) {
        this.loop = loop;
        // A client's requests may come on any loop of the node, so what is known of a session is shared.
        this.owners = loop.hub().vertx().sharedData().getLocalMap("hubbub.sockjs.owners");
        this.goodbyes = loop.hub().vertx().sharedData().getLocalMap("hubbub.sockjs.goodbyes");
    }

    void mount(Router router) {
        SockJSHandler sockJs = SockJSHandler.create(
                loop.hub().vertx(),
                new SockJSHandlerOptions()
                        .setInsertJSESSIONID(false)
                        .setHeartbeatInterval(Pulse.PING_MILLIS)
                        .addDisabledTransport("EVENT_SOURCE")
                        .addDisabledTransport("HTML_FILE")
                        .addDisabledTransport("JSON_P"));
        Router stock = sockJs.socketHandler(this::accept);
        int largestBody = XHR_SEND_FACTOR * loop.hub().config().get().limits().frameBytes();

        router.route(HttpMethod.OPTIONS, GatewayRoutes.PREFIX + "/info").handler(rc -> preflight(rc, "GET"));
        router.routeWithRegex(HttpMethod.OPTIONS, SESSION + VERBS).handler(rc -> preflight(rc, "POST"));
        router.get(GatewayRoutes.PREFIX + "/info").handler(SockJsHttpRoutes::answerOrigin);
        router.postWithRegex(SESSION + VERBS).handler(SockJsHttpRoutes::answerOrigin);
        router.postWithRegex(SESSION + VERBS).handler(this::checkOwner);
        router.postWithRegex(SESSION + "(xhr|xhr_streaming)").handler(SockJsHttpRoutes::announceClose);
        router.postWithRegex(SESSION + "xhr_send").handler(this::dropWhatComesAfterTheGoodbye);
        router.postWithRegex(SESSION + "xhr_send")
                .handler(BodyHandler.create(false).setBodyLimit(largestBody));
        Set<String> doors = Set.of("info", "xhr", "xhr_send", "xhr_streaming");
        router.route(GatewayRoutes.PREFIX + "/*").handler(rc -> {
            if (!doors.contains(lastSegment(rc))) {
                Answers.end(rc, 404);
            } else {
                rc.next();
            }
        });
        router.route(GatewayRoutes.PREFIX + "/*")
                .handler(rc -> stock.handleContext(new SockJsHttpContext(
                        (RoutingContextInternal) rc, () -> Optional.ofNullable(goodbyes.get(sessionId(rc))))));
    }

    private static String lastSegment(RoutingContext rc) {
        String path = rc.normalizedPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void accept(SockJSSocket socket) {
        RoutingContext rc = socket.routingContext();
        String id = sessionId(rc);
        goodbyes.remove(id);
        owners.put(id, owner(rc));
        SockJsHttpTransport transport = new SockJsHttpTransport(loop, socket, goodbye -> goodbyes.put(id, goodbye));
        Session session = new Session(loop, transport, GatewayRoutes.info(rc.request()));
        transport.begin(session, () -> forget(id));
        session.open(GatewayRoutes.token(rc.request()));
    }

    /** The stock handler keeps a closed session for a while, to tell late polls; so do we. */
    private void forget(String id) {
        loop.hub().vertx().setTimer(10_000, timer -> {
            owners.remove(id);
            goodbyes.remove(id);
        });
    }

    /**
     * A session id is chosen by the client and visible in paths: whoever uses one must show the token that began it.
     */
    private void checkOwner(RoutingContext rc) {
        String owner = owners.get(sessionId(rc));
        if (owner != null && !owner.equals(owner(rc))) {
            Answers.end(rc, 404);
            return;
        }
        rc.next();
    }

    /**
     * The stock handler closes the connection after every poll and stream without a word; a client with a pool would
     * send its next request, to whatever path, into a connection that is about to be reset.
     */
    private static void announceClose(RoutingContext rc) {
        rc.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        rc.next();
    }

    /**
     * The stock handler answers 404 to a closed session, which the stock client takes for a broken network (1006)
     * before its poll can fetch the close code.
     */
    private void dropWhatComesAfterTheGoodbye(RoutingContext rc) {
        if (goodbyes.get(sessionId(rc)) == null) {
            rc.next();
        } else {
            Answers.end(rc, 204);
        }
    }

    private static String owner(RoutingContext rc) {
        return GatewayRoutes.token(rc.request()).orElse("");
    }

    private static String sessionId(RoutingContext rc) {
        List<String> path = List.of(rc.request().path().split("/"));
        return path.get(path.size() - 2);
    }

    private static void preflight(RoutingContext rc, String method) {
        answerOriginHeaders(rc);
        rc.response()
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "OPTIONS, " + method)
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type")
                .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, "86400");
        Answers.end(rc, 204);
    }

    private static void answerOrigin(RoutingContext rc) {
        answerOriginHeaders(rc);
        // Otherwise the stock handler answers every origin for us.
        ((RoutingContextInternal) rc).visitHandler(RoutingContextInternal.CORS_HANDLER);
        rc.next();
    }

    private static void answerOriginHeaders(RoutingContext rc) {
        String origin = rc.request().getHeader(HttpHeaders.ORIGIN);
        HttpServerResponse response = rc.response().putHeader(HttpHeaders.VARY, "Origin");
        if (origin != null) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                    .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
    }
}
