package dev.hubbub.http;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells callers about every failure in one shape: {@code {"error","message","details"}} with the right status.
 *
 * <p>The one place where failures leave the HTTP room. A failure that nobody expected becomes {@code internal_error}
 * with a reference that stands in the log beside the stack trace; nothing else of it is told.
 */
final class ErrorHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorHandler.class);
    private static final List<Integer> STATUSES =
            List.of(400, 401, 403, 404, 405, 406, 408, 410, 413, 414, 415, 422, 429, 431, 500, 501, 502, 503, 504);
    private static final long MILLIS_PER_SECOND = 1_000;
    private static final String RETRY_AFTER_MILLIS = "retryAfterMillis";

    /** Makes the router tell every failure and every unknown path and method in this shape. */
    static void install(Router router) {
        ErrorHandler handler = new ErrorHandler();
        // The context knows no status of what failed before any route was found, such as a path that cannot be decoded.
        STATUSES.forEach(status -> router.errorHandler(status, ctx -> handler.handle(ctx, status)));
    }

    private void handle(RoutingContext ctx, int status) {
        HttpServerResponse response = ctx.response();
        if (response.ended() || response.headWritten()) {
            if (response.closed()) {
                LOG.debug("caller left in the middle", ctx.failure());
                return;
            }
            LOG.warn("answer broken off path={} status={}", ctx.request().path(), status, ctx.failure());
            ctx.request().connection().close().onFailure(gone -> LOG.debug("connection was gone already"));
            return;
        }
        if (ctx.failure() instanceof HubException expected) {
            send(response, expected);
        } else if (status >= 400 && status < 500) {
            send(response, status, body(status));
        } else {
            unexpected(ctx);
        }
    }

    /** Returns the failure's body, as it stands in an answer or in an entry of a list of answers. */
    static JsonObject body(HubException failure) {
        JsonObject details = failure.details();
        JsonObject body = body(failure.code().snakeCase(), message(failure)).put("details", details);
        if (failure.code() == ErrorCode.POSITION_LOST) {
            body.put("snapshot", true);
            Optional.ofNullable(details.getValue("position")).ifPresent(position -> body.put("position", position));
        }
        return body;
    }

    private static String message(HubException failure) {
        return Optional.ofNullable(failure.getMessage()).orElse("the request was refused");
    }

    private static JsonObject body(String error, String message) {
        return new JsonObject().put("error", error).put("message", message).put("details", new JsonObject());
    }

    private static JsonObject body(int status) {
        return switch (status) {
            case 400 ->
                body(ErrorCode.BAD_REQUEST.snakeCase(), "the request is malformed; is its path percent-encoded?");
            case 404 ->
                body(
                        ErrorCode.NOT_FOUND.snakeCase(),
                        "there is nothing under this path; the API is described by /api/v1/openapi.yaml");
            case 405 -> body("method_not_allowed", "this path takes another method; see the Allow header");
            case 408 -> body(ErrorCode.TIMEOUT.snakeCase(), "the request took too long to arrive");
            case 413 ->
                body(
                        ErrorCode.TOO_LARGE.snakeCase(),
                        "the body is larger than " + ApiRoutes.MAX_BODY_BYTES / (1024 * 1024) + " MiB");
            case 415 -> body("unsupported_media_type", "send JSON, with Content-Type: application/json");
            default -> {
                String reason = HttpResponseStatus.valueOf(status).reasonPhrase();
                yield body(reason.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "_"), "the request was refused");
            }
        };
    }

    private static void unexpected(RoutingContext ctx) {
        String reference = UUID.randomUUID().toString();
        LOG.error(
                "request failed reference={} method={} route={}",
                reference,
                ctx.request().method(),
                Optional.ofNullable(ctx.currentRoute()).map(route -> route.getName()),
                ctx.failure());
        JsonObject body = body("internal_error", "the hub failed; its log has more under this reference");
        send(ctx.response(), 500, body.put("details", new JsonObject().put("reference", reference)));
    }

    private static void send(HttpServerResponse response, HubException failure) {
        retryAfterSeconds(failure)
                .ifPresent(seconds -> response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds)));
        if (failure.code() == ErrorCode.NOT_LOGGED_IN) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        send(response, failure.code().httpStatus(), body(failure));
    }

    private static Optional<Long> retryAfterSeconds(HubException failure) {
        int status = failure.code().httpStatus();
        if (status != 429 && status != 503) {
            return Optional.empty();
        }
        long millis = failure.details().getValue(RETRY_AFTER_MILLIS) instanceof Number told ? told.longValue() : 0;
        return Optional.of(Math.max(1, (millis + MILLIS_PER_SECOND - 1) / MILLIS_PER_SECOND));
    }

    private static void send(HttpServerResponse response, int status, JsonObject body) {
        ResponseHeaders.secure(response);
        if (status == 413) {
            // What is still on its way is not worth reading.
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, ResponseHeaders.JSON)
                .end(body.toBuffer())
                .onFailure(gone -> LOG.debug("caller left before the answer"));
    }
}
