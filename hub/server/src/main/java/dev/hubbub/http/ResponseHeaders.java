package dev.hubbub.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** The headers that every answer carries, whatever became of the request. */
final class ResponseHeaders {
    /** The media type of every answer of the API but its own description. */
    static final String JSON = "application/json";

    private ResponseHeaders() {}

    /** Forbids guessing the type and keeping a copy. */
    static void secure(HttpServerResponse response) {
        response.putHeader("X-Content-Type-Options", "nosniff").putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
