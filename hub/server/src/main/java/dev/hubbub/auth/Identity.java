package dev.hubbub.auth;

import java.util.Map;
import java.util.Optional;

/**
 * Who a verified token speaks for.
 *
 * @param subject the token's {@code sub}; empty for an anonymous connection only
 * @param claims every claim of the token, as plain JSON values ({@code Map}, {@code List}, {@code String},
 *     {@code Long}, {@code Double}, {@code Boolean}); what rules see
 * @param tokenId the token's {@code jti}, if it has one
 * @param issuedAtMillis the token's {@code iat} in milliseconds since 1970; 0 when it has none
 * @param expiresAtMillis when the token ends, leeway not included; {@link Long#MAX_VALUE} for anonymous
 */
public record Identity(
        Optional<String> subject,
        Map<String, Object> claims,
        Optional<String> tokenId,
        long issuedAtMillis,
        long expiresAtMillis) {

    /** Copies the claims. */
    public Identity {
        claims = Map.copyOf(claims);
    }

    /** A connection without a token, where the config allows it: empty claims, no subject. */
    public static Identity anonymous() {
        return new Identity(Optional.empty(), Map.of(), Optional.empty(), 0, Long.MAX_VALUE);
    }
}
