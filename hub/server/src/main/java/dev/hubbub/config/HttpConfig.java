package dev.hubbub.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The public listener.
 *
 * @param host the address to bind; default 0.0.0.0
 * @param port 0 to 65535; default 8080; 0 lets the system choose
 * @param origins web origins that browsers may come from, such as {@code https://app.example.com}; {@code *} for any;
 *     empty means the listener's own origin only
 * @param tls certificate and key, both PEM files; empty for clear text
 * @param proxies whose word about a client's address is taken
 */
public record HttpConfig(String host, int port, List<String> origins, Optional<Tls> tls, List<AddressRange> proxies) {

    /** Copies the lists. */
    public HttpConfig {
        origins = List.copyOf(origins);
        proxies = List.copyOf(proxies);
    }

    /** Without proxies. */
    public HttpConfig(String host, int port, List<String> origins, Optional<Tls> tls) {
        this(host, port, origins, tls, List.of());
    }

    /** Tells whether only this machine can reach the listener. */
    public boolean isLoopback() {
        return AddressRange.isLoopback(host);
    }

    /** Certificate chain and private key, as PEM files. */
    public record Tls(Path certificate, Path key) {}
}
