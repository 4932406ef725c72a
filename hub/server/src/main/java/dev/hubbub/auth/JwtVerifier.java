package dev.hubbub.auth;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Verifies JSON Web Tokens (RFC 7519, with the advice of RFC 8725).
 *
 * <p>Stricter than the standard where it leaves a choice: three segments in canonical base64url, at most
 * {@value #MAX_LENGTH} characters, no member twice, no critical extension, a named key must be known, and {@code exp}
 * and {@code sub} must be there. Keys and addresses of keys inside the token ({@code jwk}, {@code jku}, {@code x5u},
 * {@code x5c}) are not looked at. Stateless but for its keys; safe to call from any event loop.
 */
final class JwtVerifier implements TokenVerifier {
    /** Longest token that is looked at, in characters. */
    static final int MAX_LENGTH = 8 * 1024;

    private final KeyProvider keys;
    private final ClaimsCheck claimsCheck;

    JwtVerifier(KeyProvider keys, ClaimsCheck claimsCheck) {
        this.keys = keys;
        this.claimsCheck = claimsCheck;
    }

    @Override
    public Future<Identity> verify(String token) {
        Parsed parsed;
        try {
            parsed = parse(token);
        } catch (HubException bad) {
            return Future.failedFuture(bad);
        }
        return keys.current().compose(current -> keyFor(parsed, current)).map(key -> identity(parsed, key));
    }

    /** A token in its parts, nothing of it believed yet. */
    private record Parsed(String algorithm, Optional<String> keyId, String signed, String payload, String signature) {}

    private Future<VerificationKey> keyFor(Parsed token, KeySet current) {
        Optional<VerificationKey> key = current.find(token.algorithm(), token.keyId());
        if (key.isPresent()) {
            return Future.succeededFuture(key.get());
        }
        if (token.keyId().isEmpty()) {
            return Future.failedFuture(
                    refused("the token is signed with an algorithm or a key that this hub does not accept"));
        }
        return keys.refreshed()
                .compose(fresh -> fresh.find(token.algorithm(), token.keyId())
                        .map(Future::succeededFuture)
                        .orElseGet(() -> Future.failedFuture(
                                refused("the token names a key (kid) that this hub does not have for its algorithm"))));
    }

    private Identity identity(Parsed token, VerificationKey key) {
        byte[] signed = token.signed().getBytes(StandardCharsets.US_ASCII);
        if (!key.signature().accepts(signed, decode(token.signature()))) {
            throw refused("the token's signature is wrong");
        }
        return claimsCheck.identity(object(token.payload()));
    }

    private static Parsed parse(String token) {
        if (token.length() > MAX_LENGTH) {
            throw refused("the token is longer than " + MAX_LENGTH + " characters");
        }
        String[] segments = token.split("\\.", -1);
        if (segments.length != 3) {
            throw refused("this is not a signed token; it has three parts with a dot between them");
        }
        Map<String, Object> header = object(text(decode(segments[0])));
        if (!(header.get("alg") instanceof String algorithm)) {
            throw refused("the token does not say its algorithm");
        }
        if (header.containsKey("crit")) {
            throw refused("the token asks for an extension (crit) that this hub does not know");
        }
        Object keyId = header.get("kid");
        if (keyId != null && !(keyId instanceof String)) {
            throw refused("the token's key id (kid) is not a string");
        }
        int signedLength = segments[0].length() + 1 + segments[1].length();
        return new Parsed(
                algorithm,
                Optional.ofNullable((String) keyId),
                token.substring(0, signedLength),
                text(decode(segments[1])),
                segments[2]);
    }

    /** Decodes canonical base64url only: one text for one content, so that no changed character goes unseen. */
    private static byte[] decode(String segment) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(segment);
            String canonical = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            if (bytes.length > 0 && canonical.equals(segment)) {
                return bytes;
            }
        } catch (IllegalArgumentException bad) {
            throw refused("the token is damaged: a part of it is not base64url");
        }
        throw refused("the token is damaged: a part of it is empty or not base64url");
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException bad) {
            throw refused("the token is damaged: a part of it is not text");
        }
    }

    private static Map<String, Object> object(String json) {
        try {
            return ClaimsJson.parse(json);
        } catch (IllegalArgumentException bad) {
            throw refused("the token is damaged: a part of it is not a JSON object with each member once");
        }
    }

    /** Makes the one kind of failure that the outside sees. */
    static HubException refused(String message) {
        return new HubException(ErrorCode.NOT_LOGGED_IN, message);
    }
}
