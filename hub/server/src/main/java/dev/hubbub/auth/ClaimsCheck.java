package dev.hubbub.auth;

import static dev.hubbub.auth.JwtVerifier.refused;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Checks what a token with a good signature claims: who, by whom, for whom, and when.
 *
 * @param issuer the {@code iss} that is asked for; empty for any
 * @param audience the {@code aud} that is asked for; empty for any
 * @param leeway how far clocks may differ
 * @param clock the time
 */
record ClaimsCheck(Optional<String> issuer, Optional<String> audience, Duration leeway, Clock clock) {
    /** Longest {@code sub}, in characters. */
    static final int MAX_SUBJECT = 255;

    /** The end of the year 9999, in seconds since 1970; no time in a token is later. */
    private static final long LAST_SECOND = 253_402_300_799L;

    /**
     * Checks the claims.
     *
     * @throws dev.hubbub.protocol.HubException with {@code NOT_LOGGED_IN}
     */
    Identity identity(Map<String, Object> claims) {
        long now = clock.millis();
        long slack = leeway.toMillis();
        long expires = time(claims, "exp").orElseThrow(() -> refused("the token has no end (exp)"));
        if (now >= expires + slack) {
            throw refused("the token has expired; get a new one");
        }
        OptionalLong notBefore = time(claims, "nbf");
        OptionalLong issued = time(claims, "iat");
        if (notBefore.isPresent() && now < notBefore.getAsLong() - slack) {
            throw refused("the token is not valid yet (nbf)");
        }
        if (issued.isPresent() && now < issued.getAsLong() - slack) {
            throw refused("the token was issued in the future (iat); check the clocks");
        }
        checkIssuerAndAudience(claims);
        return new Identity(Optional.of(subject(claims)), claims, tokenId(claims), issued.orElse(0), expires);
    }

    private void checkIssuerAndAudience(Map<String, Object> claims) {
        if (issuer.isPresent() && !issuer.get().equals(claims.get("iss"))) {
            throw refused("the token is from another issuer (iss)");
        }
        if (audience.isPresent()) {
            Object given = claims.getOrDefault("aud", "");
            boolean ours = given instanceof List<?> many ? many.contains(audience.get()) : given.equals(audience.get());
            if (!ours) {
                throw refused("the token is for another audience (aud)");
            }
        }
    }

    private static String subject(Map<String, Object> claims) {
        if (!(claims.get("sub") instanceof String subject) || subject.isEmpty()) {
            throw refused("the token does not say who it is for (sub)");
        }
        if (subject.length() > MAX_SUBJECT || subject.chars().anyMatch(Character::isISOControl)) {
            throw refused("the token's sub has more than " + MAX_SUBJECT + " characters, or control characters");
        }
        return subject;
    }

    private static Optional<String> tokenId(Map<String, Object> claims) {
        Object id = claims.get("jti");
        if (id != null && !(id instanceof String)) {
            throw refused("the token's id (jti) is not a string");
        }
        return Optional.ofNullable((String) id);
    }

    /** Returns a time of the token in milliseconds. */
    private static OptionalLong time(Map<String, Object> claims, String name) {
        Object value = claims.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (value instanceof Long seconds && seconds >= 0 && seconds <= LAST_SECOND) {
            return OptionalLong.of(seconds * 1000);
        }
        throw refused("the token's " + name + " is not a whole number of seconds since 1970");
    }
}
