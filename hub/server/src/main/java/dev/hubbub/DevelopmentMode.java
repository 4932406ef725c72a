package dev.hubbub;

import dev.hubbub.auth.TokenSigner;
import dev.hubbub.config.AuthConfig;
import dev.hubbub.config.HubConfig;
import dev.hubbub.config.SourcePosition;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Development mode: nobody configured how tokens are checked, and only this machine can reach the node.
 *
 * <p>A secret is made for the run, so a token of an earlier run is never accepted. Where the class path has a
 * {@link DevelopmentService}, it gets two keys of this run: one with the rights that it asks for, one of an operator.
 *
 * @param jwt the secret of this run
 * @param service what runs beside the node
 * @param serviceKey the service's own key
 * @param operatorKey the key with which it does what operators do
 */
public record DevelopmentMode(
        AuthConfig.Jwt jwt, Optional<DevelopmentService> service, String serviceKey, String operatorKey) {
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
        if (isLoopback(config.http().host()) && config.ops().isLoopback()) {
            AuthConfig.Jwt jwt =
                    new AuthConfig.Jwt(new AuthConfig.Secret(randomText()), Optional.empty(), Optional.empty(), LEEWAY);
            return Optional.of(new DevelopmentMode(jwt, DevelopmentService.find(), randomText(), randomText()));
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

    private static String randomText() {
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private static boolean isLoopback(String host) {
        return host.startsWith("127.") || host.equals("localhost") || host.equals("::1");
    }

    /** Returns the config with the secret and the keys of this run. */
    HubConfig applyTo(HubConfig config) {
        List<AuthConfig.ApiKeyConfig> keys = new ArrayList<>(config.auth().apiKeys());
        service.ifPresent(beside -> {
            keys.add(new AuthConfig.ApiKeyConfig(
                    "demos", sha256(serviceKey), false, patterns(beside.publish()), patterns(beside.read())));
            keys.add(new AuthConfig.ApiKeyConfig("demos-operator", sha256(operatorKey), true, List.of(), List.of()));
        });
        AuthConfig auth = new AuthConfig(Optional.of(jwt), keys, config.auth().anonymous());
        return new HubConfig(
                config.http(),
                config.ops(),
                config.drain(),
                auth,
                config.cluster(),
                config.replay(),
                config.limits(),
                config.events(),
                config.addresses());
    }

    private static List<AuthConfig.Pattern> patterns(List<String> texts) {
        return texts.stream()
                .map(text -> new AuthConfig.Pattern(text, SourcePosition.DEFAULT))
                .toList();
    }

    private static String sha256(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** Makes a token for a user, with claims that the shipped rules know. */
    public String token(String user) {
        Map<String, Object> claims =
                Map.of("name", user, "role", "agent", "workspaces", List.of("demo"), "documents", List.of("demo"));
        return TokenSigner.of(jwt, Clock.systemUTC()).orElseThrow().sign(user, claims, TOKEN_LIFE);
    }

    /** Hides the secret and the keys. */
    @Override
    public String toString() {
        return "DevelopmentMode[service=" + service + "]";
    }

    /** Returns a token that is ready to use. */
    public String token() {
        return token("alice");
    }
}
