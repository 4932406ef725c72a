package dev.hubbub.http;

import dev.hubbub.config.AddressRange;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Reads texts from paths, queries and headers, and refuses those that could break something further on.
 *
 * <p>Control characters (CR, LF, NUL and their kin) are refused with {@code BAD_REQUEST}, and so is broken encoding.
 */
final class RequestValues {

    private RequestValues() {}

    /** Reads the first query parameter of that name. */
    static Optional<String> query(HttpServerRequest request, String name) {
        return queryAll(request, name).stream().findFirst();
    }

    /** Reads every query parameter of that name, in order. */
    static List<String> queryAll(HttpServerRequest request, String name) {
        List<String> values;
        try {
            values = request.params().getAll(name);
        } catch (IllegalArgumentException broken) {
            throw new HubException(ErrorCode.BAD_REQUEST, "the query string is not correctly percent-encoded");
        }
        values.forEach(value -> requirePrintable(name, value));
        return values;
    }

    /** Reads a header. */
    static Optional<String> header(HttpServerRequest request, String name) {
        Optional<String> value = Optional.ofNullable(request.getHeader(name));
        value.ifPresent(text -> requirePrintable(name, text));
        return value;
    }

    /** Decodes one piece of a path; a plus sign stands for itself. */
    static String path(String name, String encoded) {
        String value;
        try {
            value = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            throw new HubException(ErrorCode.BAD_REQUEST, "the path is not correctly percent-encoded");
        }
        requirePrintable(name, value);
        return value;
    }

    /** Tells whether a browser's {@code Origin} is the listener that the request came to. */
    static boolean isSameOrigin(HttpServerRequest request, String origin) {
        // The scheme is left out: behind a proxy that ends TLS the hub sees http.
        String host = request.getHeader("Host");
        try {
            String authority = URI.create(origin).getRawAuthority();
            return host != null && authority != null && authority.equalsIgnoreCase(host);
        } catch (IllegalArgumentException notAnOrigin) {
            return false;
        }
    }

    /** Tells whether a request was sent to a name or an address that always means this machine. */
    static boolean isForThisMachine(HttpServerRequest request) {
        String host = request.getHeader("Host");
        return host == null
                || AddressRange.isLoopback(
                        host.startsWith("[")
                                ? host.substring(0, host.indexOf(']') + 1)
                                : host.replaceFirst(":[0-9]*$", ""));
    }

    private static void requirePrintable(String name, String value) {
        if (value.codePoints().anyMatch(Character::isISOControl)) {
            throw new HubException(ErrorCode.BAD_REQUEST, name + " holds a control character, such as a line break");
        }
    }
}
