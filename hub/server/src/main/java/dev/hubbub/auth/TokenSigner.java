package dev.hubbub.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import dev.hubbub.config.AuthConfig;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Signs HS256 tokens with the configured secret, for development and {@code scripts/hub token}. */
public final class TokenSigner {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final String secret;
    private final AuthConfig.Jwt config;
    private final Clock clock;

    private TokenSigner(String secret, AuthConfig.Jwt config, Clock clock) {
        this.secret = secret;
        this.config = config;
        this.clock = clock;
    }

    /** Creates a signer; empty where the config knows public keys only. */
    public static Optional<TokenSigner> of(AuthConfig.Jwt config, Clock clock) {
        return config.keys() instanceof AuthConfig.Secret secret
                ? Optional.of(new TokenSigner(secret.value(), config, clock))
                : Optional.empty();
    }

    /**
     * Signs a token with issuer and audience of the config, issued now, with an id of its own.
     *
     * @param subject who it speaks for
     * @param claims more claims, as JSON values; {@code sub}, {@code iat}, {@code exp}, {@code iss}, {@code aud} among
     *     them are replaced, {@code jti} is kept
     * @param expires how long it lives
     * @throws IllegalArgumentException when the subject is empty, the life is not positive or the secret too short
     */
    public String sign(String subject, Map<String, Object> claims, Duration expires) {
        if (subject.isEmpty() || subject.length() > ClaimsCheck.MAX_SUBJECT) {
            throw new IllegalArgumentException("a sub has 1 to " + ClaimsCheck.MAX_SUBJECT + " characters");
        }
        if (expires.toSeconds() < 1) {
            throw new IllegalArgumentException("a token lives at least 1s");
        }
        long now = clock.millis() / 1000;
        JsonObject payload = new JsonObject().put("jti", UUID.randomUUID().toString());
        claims.forEach(payload::put);
        payload.put("sub", subject).put("iat", now).put("exp", now + expires.toSeconds());
        config.issuer().ifPresent(issuer -> payload.put("iss", issuer));
        config.audience().ifPresent(audience -> payload.put("aud", audience));
        return sign(payload);
    }

    private String sign(JsonObject payload) {
        String signed = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + encode(payload.encode());
        try {
            MACSigner signer = new MACSigner(secret.getBytes(StandardCharsets.UTF_8));
            JWSHeader header = new JWSHeader(JWSAlgorithm.HS256);
            return signed + "." + signer.sign(header, signed.getBytes(StandardCharsets.US_ASCII));
        } catch (JOSEException bad) {
            throw new IllegalArgumentException("the secret cannot sign; it needs 32 bytes", bad);
        }
    }

    private static String encode(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
