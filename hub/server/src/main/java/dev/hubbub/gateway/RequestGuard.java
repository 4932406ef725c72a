package dev.hubbub.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Refuses requests that two readers may understand in two ways, before anything else looks at them.
 *
 * <p>The codec below refuses the rest with 400 and closes: two lengths, a length beside chunks, a name with a blank
 * behind it, a line that ends without CR, control characters. Here it is what the codec lets pass and a proxy in front
 * may see otherwise. The connection is closed, since nobody knows where such a request ends.
 */
final class RequestGuard {
    static final int MOST_HEADERS = 100;

    private record Refusal(int status, String error, String message) {}

    private RequestGuard() {}

    /** Tells whether the request may go on; one that may not has been answered. */
    static boolean passes(HttpServerRequest request) {
        Optional<Refusal> refusal = refusal(request);
        refusal.ifPresent(why -> request.response()
                .setStatusCode(why.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader(HttpHeaders.CONNECTION, "close")
                .end(body(why.error(), why.message()))
                .onComplete(said -> Arrivals.close(((ConnectionBase) request.connection()).channel())));
        return refusal.isEmpty();
    }

    private static Optional<Refusal> refusal(HttpServerRequest request) {
        int hosts = request.headers().getAll(HttpHeaders.HOST).size();
        if (hosts > 1 || (hosts == 0 && request.version() == HttpVersion.HTTP_1_1)) {
            return bad("a request names exactly one Host");
        }
        List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        if (!codings.isEmpty()
                && !(codings.size() == 1
                        && codings.get(0).toLowerCase(Locale.ROOT).equals("chunked"))) {
            return bad("the only Transfer-Encoding that is taken is chunked");
        }
        if (request.headers().entries().size() > MOST_HEADERS) {
            return Optional.of(new Refusal(
                    431, "request_header_fields_too_large", "a request has at most " + MOST_HEADERS + " headers"));
        }
        if (!isDecodable(request)) {
            return bad("the query string is not correctly percent-encoded");
        }
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.CONNECT) || method.equals(HttpMethod.TRACE)) {
            return Optional.of(new Refusal(405, "method_not_allowed", "this listener takes no such method"));
        }
        return Optional.empty();
    }

    private static boolean isDecodable(HttpServerRequest request) {
        try {
            return request.params() != null; // decoded here, and kept
        } catch (IllegalArgumentException broken) {
            return false;
        }
    }

    private static Optional<Refusal> bad(String message) {
        return Optional.of(new Refusal(400, "bad_request", message));
    }

    static Buffer body(String error, String message) {
        return new JsonObject()
                .put("error", error)
                .put("message", message)
                .put("details", new JsonObject())
                .toBuffer();
    }
}
