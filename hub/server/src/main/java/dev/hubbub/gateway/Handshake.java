package dev.hubbub.gateway;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What a request to a socket's path must have beside its version; Vert.x upgrades less, too. */
final class Handshake {
    private static final int KEY_BYTES = 16;

    private Handshake() {}

    /** Tells whether it is HTTP/1.1, has no body, and its key is 16 bytes (RFC 6455, 4.1). */
    static boolean isWhole(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_1_1
                && !hasBody(request)
                && request.headers().getAll("Sec-WebSocket-Key").size() == 1
                && isKey(request.getHeader("Sec-WebSocket-Key"));
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.headers().contains(HttpHeaders.TRANSFER_ENCODING) || (length != null && !length.equals("0"));
    }

    private static boolean isKey(@Nullable String key) {
        try {
            return key != null && Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException noBase64) {
            return false;
        }
    }
}
