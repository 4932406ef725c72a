package dev.hubbub.gateway;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends requests that get no socket. */
final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    private Answers() {}

    /** Ends a request with a status and without words. */
    static void end(RoutingContext rc, int status) {
        end(rc, status, "");
    }

    /** Refuses a new socket, as the node sends away those that it has. */
    static void draining(RoutingContext rc) {
        rc.response().putHeader(HttpHeaders.RETRY_AFTER, "1").putHeader(HttpHeaders.CONNECTION, "close");
        end(rc, 503, "This node is going away; connect again, to another one.");
    }

    /** Ends a request with a status and words for a developer. */
    static void end(RoutingContext rc, int status, String text) {
        rc.response()
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .setStatusCode(status)
                .end(text)
                .onFailure(gone -> LOG.debug("answer lost status={} cause={}", status, gone.getMessage()));
    }
}
