package dev.hubbub.auth;

import dev.hubbub.config.AuthConfig;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/** Makes token verifiers of what the config says. */
public final class TokenVerifiers {

    private TokenVerifiers() {}

    /**
     * Makes a verifier whose keys are there.
     *
     * @return the verifier; fails with {@link ErrorCode#UNAVAILABLE} and a plain message for the operator when the
     *     secret is too short, or the key file or JWKS document cannot be read or has no usable key
     */
    public static Future<TokenVerifier> create(Vertx vertx, AuthConfig.Jwt config, Clock clock) {
        ClaimsCheck check = new ClaimsCheck(config.issuer(), config.audience(), config.leeway(), clock);
        return keys(vertx, config.keys(), clock)
                .<TokenVerifier>map(keys -> new JwtVerifier(keys, check))
                .recover(TokenVerifiers::explain);
    }

    private static Future<KeyProvider> keys(Vertx vertx, AuthConfig.KeySource source, Clock clock) {
        if (source instanceof AuthConfig.Secret secret) {
            return Future.succeededFuture(secret)
                    .map(given -> new KeySet(java.util.List.of(VerificationKey.ofSecret(given.value()))))
                    .map(KeyProvider.Fixed::new);
        }
        if (source instanceof AuthConfig.PublicKey file) {
            return vertx.fileSystem()
                    .readFile(file.file().toString())
                    .recover(
                            failure -> Future.failedFuture(new IllegalArgumentException("the key file cannot be read")))
                    .map(pem -> new KeyProvider.Fixed(KeySet.parsePem(pem.toString(StandardCharsets.US_ASCII))));
        }
        return JwksKeys.start(vertx, ((AuthConfig.Jwks) source).url(), clock).map(keys -> keys);
    }

    private static Future<TokenVerifier> explain(Throwable failure) {
        return failure instanceof IllegalArgumentException plain
                ? Future.failedFuture(new HubException(ErrorCode.UNAVAILABLE, "auth.jwt: " + plain.getMessage()))
                : Future.failedFuture(failure);
    }
}
