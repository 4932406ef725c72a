package dev.hubbub.faults;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens for the clients of a test cluster. */
final class Tokens {
    private static final long YEAR_2100 = 4_102_444_800L;

    private Tokens() {}

    static String of(String user) {
        return of(user, "");
    }

    /** Signs a token with more claims, each as {@code ,"name":value}. */
    static String of(String user, String more) {
        String head = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
        String claims = encode("{\"sub\":\"" + user + "\",\"exp\":" + YEAR_2100 + more + "}");
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(ClusterPlan.SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] signature = mac.doFinal((head + "." + claims).getBytes(StandardCharsets.US_ASCII));
            return head + "." + claims + "."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String encode(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
