package dev.hubbub;

import dev.hubbub.auth.TokenSigner;
import dev.hubbub.config.AuthConfig;
import dev.hubbub.config.HubConfig;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Development mode: nobody configured how tokens are checked, and only this machine can reach the node.
 *
 * <p>A secret is made for the run, so a token of an earlier run is never accepted.
 *
 * @param jwt the secret of this run
 */
public record DevelopmentMode(AuthConfig.Jwt jwt) {
    private static final int SECRET_BYTES = 32;
    private static final Duration TOKEN_LIFE = Duration.ofHours(12);
    private static final Duration LEEWAY = Duration.ofSeconds(5);

    /**
     * Decides whether a config means development mode.
     *
     * @return empty when the config says how tokens are checked, or lets everybody in as anonymous
     * @throws HubException with {@code NOT_LOGGED_IN} when it does neither and others can reach the node
     */
    static Optional<DevelopmentMode> of(HubConfig config) {
        if (config.auth().jwt().isPresent()) {
            return Optional.empty();
        }
        if (config.http().isLoopback() && config.ops().isLoopback()) {
            byte[] secret = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(secret);
            AuthConfig.Secret key = new AuthConfig.Secret(HexFormat.of().formatHex(secret));
            return Optional.of(
                    new DevelopmentMode(new AuthConfig.Jwt(key, Optional.empty(), Optional.empty(), LEEWAY)));
        }
        if (config.auth().anonymous()) {
            return Optional.empty();
        }
        throw new HubException(
                ErrorCode.NOT_LOGGED_IN,
                "refusing to start: auth.jwt is not configured and http.host "
                        + config.http().host()
                        + " can be reached by others. Configure auth.jwt (secret, publicKey or jwks), or bind http.host and"
                        + " ops.host to 127.0.0.1 for development.");
    }

    /** Returns the config with the secret of this run. */
    HubConfig applyTo(HubConfig config) {
        AuthConfig auth = new AuthConfig(
                Optional.of(jwt), config.auth().apiKeys(), config.auth().anonymous());
        return config.with(auth);
    }

    /** Makes a token for a user, with claims that the shipped rules know. */
    public String token(String user) {
        Map<String, Object> claims =
                Map.of("name", user, "role", "agent", "workspaces", List.of("demo"), "documents", List.of("demo"));
        return TokenSigner.of(jwt, Clock.systemUTC()).orElseThrow().sign(user, claims, TOKEN_LIFE);
    }

    /** Returns a token that is ready to use. */
    public String token() {
        return token("alice");
    }
}
