package dev.hubbub.gateway;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may connect: a WebSocket is not held back by the browser, so the hub looks itself.
 *
 * <p>A request without {@code Origin} is not from a page of another site and passes.
 *
 * @param origins the allowed ones; {@code *} for any; empty for the listener's own only
 */
record OriginPolicy(List<String> origins) {

    /**
     * Decides.
     *
     * @param origin the request's {@code Origin}
     * @param host the request's {@code Host}
     */
    boolean allows(@Nullable String origin, @Nullable String host) {
        if (origin == null || origins.contains("*")) {
            return true;
        }
        String wanted = normalised(origin);
        if (origins.isEmpty()) {
            return host != null && isSameHost(wanted, host);
        }
        for (String allowed : origins) {
            if (normalised(allowed).equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    /** Compares without the scheme: behind a proxy that ends TLS, the page's scheme is not the listener's. */
    private static boolean isSameHost(String origin, String host) {
        int scheme = origin.indexOf("://");
        if (scheme < 0) {
            return false;
        }
        return origin.equals(normalised(origin.substring(0, scheme + 3) + host));
    }

    private static String normalised(String origin) {
        String text = origin.toLowerCase(Locale.ROOT);
        if (text.endsWith("/")) {
            text = text.substring(0, text.length() - 1);
        }
        if (text.startsWith("https://") && text.endsWith(":443")) {
            return text.substring(0, text.length() - 4);
        }
        if (text.startsWith("http://") && text.endsWith(":80")) {
            return text.substring(0, text.length() - 3);
        }
        return text;
    }
}
