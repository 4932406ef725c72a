package dev.hubbub;

import dev.hubbub.config.HubConfig;

/** Where a node's listeners are, as this machine writes it. */
final class HubUrls {
    private HubUrls() {}

    static String publicUrl(NodeParts parts) {
        HubConfig config = parts.live().get().config();
        String scheme = config.http().tls().isPresent() ? "https" : "http";
        return scheme + "://localhost:" + parts.publicPort().get();
    }

    static String opsUrl(NodeParts parts) {
        return "http://localhost:" + parts.opsPort().get();
    }
}
