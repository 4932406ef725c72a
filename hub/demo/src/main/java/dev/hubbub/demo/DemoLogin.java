package dev.hubbub.demo;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs tokens for the demos' users, as the login service of an application would: HS256, with a short life.
 *
 * <p>Used from one event loop.
 */
public final class DemoLogin {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final String HEADER = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    private static final long LIFE_SECONDS = 3_600;
    private static final int MOST_REVOKED = 1_000;

    /** From which second on tokens of a user count again. */
    private final Map<String, Long> revokedBefore = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_REVOKED;
        }
    };

    private final SecretKeySpec key;
    private final Clock clock;

    /** Creates a signer with the secret that the hub knows, too. */
    public DemoLogin(String secret, Clock clock) {
        this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        this.clock = clock;
    }

    /**
     * Signs a token that is valid for an hour.
     *
     * @param claims who it is ({@code sub}) and what the rules look at
     */
    public String token(JsonObject claims) {
        long now = clock.millis() / 1_000;
        // Tokens count in whole seconds: one that is issued right after a revocation is of the next one.
        long issued = Math.max(now, revokedBefore.getOrDefault(claims.getString("sub"), 0L));
        JsonObject payload = claims.copy()
                .put("jti", UUID.randomUUID().toString())
                .put("iat", issued)
                .put("exp", now + LIFE_SECONDS);
        String signed = HEADER + "." + encode(payload.encode());
        return signed + "." + signature(signed);
    }

    /**
     * Returns who sends a request to a back end: the {@code sub} of its token.
     *
     * @throws DemoException with 401 for a token that is missing, not of this service or over
     */
    public String user(RoutingContext ctx) {
        return claims(ctx).getString("sub");
    }

    /** Returns the claims of who sends a request; throws like {@link #user}. */
    public JsonObject claims(RoutingContext ctx) {
        String header = ctx.request().getHeader("Authorization");
        String[] parts = (header == null ? "" : header.replaceFirst("^Bearer ", "")).split("\\.", -1);
        if (parts.length == 3 && parts[0].equals(HEADER)) {
            byte[] expected = signature(parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
            if (MessageDigest.isEqual(expected, parts[2].getBytes(StandardCharsets.UTF_8))) {
                JsonObject claims =
                        new JsonObject(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
                if (claims.getLong("exp") > clock.millis() / 1_000) {
                    return claims;
                }
            }
        }
        throw new DemoException(401, "not_logged_in", "there is no valid token; log in again");
    }

    private String signature(String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return BASE64.encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has HmacSHA256", impossible);
        }
    }

    /** Returns the second before which every token of a user has been issued until now, for {@link DemoHub#revoke}. */
    public long endTokensOf(String user) {
        long next = clock.millis() / 1_000 + 1;
        // Twice in a second: those that were issued in between are of that next second already.
        long before = Math.max(next, revokedBefore.getOrDefault(user, 0L) + 1);
        revokedBefore.put(user, before);
        return before;
    }

    private static String encode(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
