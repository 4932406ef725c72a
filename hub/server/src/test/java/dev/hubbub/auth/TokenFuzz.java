package dev.hubbub.auth;

import static dev.hubbub.fuzz.FuzzText.must;

import dev.hubbub.fuzz.FuzzText;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;

/**
 * Any text is a token that is believed, or {@code NOT_LOGGED_IN}.
 *
 * <p>Line one and the rest are also taken as header and claims, and signed with the right key: what is then read is
 * what an issuer with strange ideas could send.
 */
public final class TokenFuzz {
    private static final TokenVerifier VERIFIER = Tokens.secretVerifier();

    private TokenFuzz() {}

    /** Feeds one input. */
    public static void fuzzerTestOneInput(byte[] data) {
        String text = FuzzText.of(data);
        judge(text);
        String[] lines = text.split("\n", 2);
        judge(Tokens.hs256(lines[0], lines[lines.length - 1], Tokens.secret()));
    }

    private static void judge(String token) {
        Future<Identity> verified = VERIFIER.verify(token);
        must(verified.isComplete(), "a key that is at hand needs no waiting");
        if (verified.succeeded()) {
            must(!verified.result().subject().orElseThrow().isEmpty(), "who is believed has a name");
            return;
        }
        if (verified.cause() instanceof HubException refused) {
            must(refused.code() == ErrorCode.NOT_LOGGED_IN, "refused with " + refused.code());
            FuzzText.saysNothingOfTheInside(String.valueOf(refused.getMessage()), "");
            return;
        }
        throw new AssertionError("not an expected failure", verified.cause());
    }
}
