package dev.hubbub.auth;

import io.vertx.core.Future;

/** Turns a token's text into an identity; safe to call from any event loop. */
@FunctionalInterface
public interface TokenVerifier {

    /**
     * Verifies signature, algorithm, times, issuer and audience.
     *
     * @return the identity; fails with {@link dev.hubbub.protocol.ErrorCode#NOT_LOGGED_IN} for every kind of bad token,
     *     with a message that helps an honest developer (expired, wrong audience) and repeats nothing of the token
     */
    Future<Identity> verify(String token);
}
