package dev.hubbub.http;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Lets pages of the configured origins read answers; other pages get none of the headers that a browser asks for.
 *
 * <p>Never allows credentials: callers show tokens and keys in headers, so that {@code *} is safe to configure. Vert.x
 * Web's own handler is not used because it refuses the listener's own pages with 403 when they post. Origins are read
 * for each request, so that a reload counts at once.
 */
final class Cors implements Handler<RoutingContext> {
    private static final String ANY = "*";
    private static final String METHODS = "GET, POST, OPTIONS";
    private static final String REQUEST_HEADERS =
            "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, X-API-Key";
    private static final String RESPONSE_HEADERS = "Retry-After";
    private static final String PREFLIGHT_SECONDS = "600";

    private final HttpContext hub;

    Cors(HttpContext hub) {
        this.hub = hub;
    }

    @Override
    public void handle(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        HttpServerResponse response = ctx.response();
        response.headers().add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            ctx.next();
            return;
        }
        List<String> allowed = hub.config().get().http().origins();
        boolean anybody = allowed.contains(ANY);
        boolean listed = anybody || allowed.contains(origin);
        if (listed) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, anybody ? ANY : origin)
                    .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, RESPONSE_HEADERS);
        }
        if (!isPreflight(request)) {
            ctx.next();
        } else if (listed || RequestValues.isSameOrigin(request, origin)) {
            allow(ctx);
        } else {
            ctx.fail(new HubException(
                    ErrorCode.ACCESS_DENIED,
                    "pages of this origin may not call the hub: http.origins does not list it"));
        }
    }

    private static boolean isPreflight(HttpServerRequest request) {
        return request.method().equals(HttpMethod.OPTIONS)
                && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    }

    private static void allow(RoutingContext ctx) {
        ctx.response()
                .setStatusCode(204)
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS)
                .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS)
                .end()
                .onFailure(ctx::fail);
    }
}
