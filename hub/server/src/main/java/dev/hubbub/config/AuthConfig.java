package dev.hubbub.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who is believed.
 *
 * @param jwt how tokens are checked; empty when nothing is configured (development mode makes a secret for the run)
 * @param apiKeys the services' keys
 * @param anonymous whether a connection without a token is let in with empty claims
 */
public record AuthConfig(Optional<Jwt> jwt, List<ApiKeyConfig> apiKeys, boolean anonymous) {
    /**
     * The name of the admin key that development mode makes for the service beside the node; as nobody chose it, it
     * does not mean that operators have keys.
     */
    public static final String DEVELOPMENT_OPERATOR = "development-operator";

    /** Copies the keys. */
    public AuthConfig {
        apiKeys = List.copyOf(apiKeys);
    }

    /**
     * How tokens are checked.
     *
     * @param keys the one source of keys
     * @param issuer the {@code iss} that is asked for; empty for any
     * @param audience the {@code aud} that is asked for; empty for any
     * @param leeway how far clocks may differ; default 5 s, at most 30 s
     */
    public record Jwt(KeySource keys, Optional<String> issuer, Optional<String> audience, Duration leeway) {}

    /** Where the keys that verify tokens come from. */
    public sealed interface KeySource {}

    /** A shared secret for HS256; at least 32 bytes of UTF-8. */
    public record Secret(String value) implements KeySource {
        @Override
        public String toString() {
            return "Secret[hidden]";
        }
    }

    /** A PEM public key file; RSA gives RS256, EC P-256 gives ES256, Ed25519 gives EdDSA. */
    public record PublicKey(Path file) implements KeySource {}

    /** A JWKS document, fetched again as keys rotate. */
    public record Jwks(URI url) implements KeySource {}

    /**
     * One service's key and its rights.
     *
     * @param name who it is, as it appears in evidence and logs
     * @param sha256 the SHA-256 of the key, 64 lower-case hex digits
     * @param admin everything, and the operators' listener
     * @param publish address patterns it may publish to
     * @param read address patterns it may read
     */
    public record ApiKeyConfig(String name, String sha256, boolean admin, List<Pattern> publish, List<Pattern> read) {

        /** Copies the patterns. */
        public ApiKeyConfig {
            publish = List.copyOf(publish);
            read = List.copyOf(read);
        }
    }

    /** An address pattern as the file has it, such as {@code order:{tenant}:{id}}, and where it stands. */
    public record Pattern(String text, SourcePosition at) {}
}
