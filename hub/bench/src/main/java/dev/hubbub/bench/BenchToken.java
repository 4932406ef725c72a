package dev.hubbub.bench;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens of the benchmarks' people: signed with the secret of the benchmarks' config, good for a day. */
final class BenchToken {
    private static final String SECRET = "only-for-benchmarks-on-loopback-0123456789";
    private static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    private static final long DAY_SECONDS = 86_400;

    private BenchToken() {}

    /** A token that says who somebody is. */
    static String of(String subject, long nowSeconds) {
        String claims = "{\"sub\":\"" + subject + "\",\"exp\":" + (nowSeconds + DAY_SECONDS) + "}";
        String signed = encode(HEADER.getBytes(StandardCharsets.US_ASCII)) + "."
                + encode(claims.getBytes(StandardCharsets.US_ASCII));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            return signed + "." + encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
