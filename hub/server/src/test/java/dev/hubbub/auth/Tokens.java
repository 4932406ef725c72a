package dev.hubbub.auth;

import dev.hubbub.config.AuthConfig;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes good and bad tokens with the platform's own cryptography, not with the code under test. */
final class Tokens {
    static final String SECRET = "a secret of the tests that is long enough";
    static final long NOW = 1_800_000_000L;
    static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC);

    private Tokens() {}

    static AuthConfig.Jwt config(AuthConfig.KeySource keys) {
        return new AuthConfig.Jwt(keys, Optional.of("me"), Optional.of("hub"), Duration.ofSeconds(5));
    }

    static JsonObject claims() {
        return new JsonObject()
                .put("sub", "alice")
                .put("iss", "me")
                .put("aud", "hub")
                .put("iat", NOW - 10)
                .put("exp", NOW + 60);
    }

    static KeyPair rsa(int bits) {
        return pair("RSA", generator -> generator.initialize(bits));
    }

    static KeyPair ec(String curve) {
        return pair("EC", generator -> generator.initialize(new ECGenParameterSpec(curve)));
    }

    static KeyPair ed25519() {
        return pair("Ed25519", generator -> {});
    }

    static String pem(KeyPair pair) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    static String hs256(JsonObject header, JsonObject claims, byte[] secret) {
        return hs256(header.encode(), claims.encode(), secret);
    }

    static String hs256(String header, String claims, byte[] secret) {
        return hmac("HmacSHA256", encode(header) + "." + encode(claims), secret);
    }

    static String hmac(String algorithm, String signed, byte[] secret) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret, algorithm));
            return signed + "." + encode(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException bad) {
            throw new IllegalStateException(bad);
        }
    }

    static String good(JsonObject claims) {
        return hs256(new JsonObject().put("alg", "HS256"), claims, secret());
    }

    static byte[] secret() {
        return SECRET.getBytes(StandardCharsets.UTF_8);
    }

    /** Signs with {@code SHA256withRSA}, {@code SHA256withECDSAinP1363Format} or {@code Ed25519}. */
    static String signed(JsonObject header, JsonObject claims, KeyPair pair, String algorithm) {
        try {
            String text = encode(header.encode()) + "." + encode(claims.encode());
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(pair.getPrivate());
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return text + "." + encode(signature.sign());
        } catch (GeneralSecurityException bad) {
            throw new IllegalStateException(bad);
        }
    }

    static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static TokenVerifier verifier(KeySet keys) {
        return new JwtVerifier(
                new KeyProvider.Fixed(keys),
                new ClaimsCheck(Optional.of("me"), Optional.of("hub"), Duration.ofSeconds(5), CLOCK));
    }

    static TokenVerifier secretVerifier() {
        return verifier(new KeySet(List.of(VerificationKey.ofSecret(SECRET))));
    }

    private interface Setup {
        void apply(KeyPairGenerator generator) throws GeneralSecurityException;
    }

    private static KeyPair pair(String kind, Setup setup) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            setup.apply(generator);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException bad) {
            throw new IllegalStateException(bad);
        }
    }
}
