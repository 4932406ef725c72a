package dev.hubbub.auth;

import static dev.hubbub.auth.Tokens.NOW;
import static dev.hubbub.auth.Tokens.claims;
import static dev.hubbub.auth.Tokens.encode;
import static dev.hubbub.auth.Tokens.good;
import static dev.hubbub.auth.Tokens.hs256;
import static dev.hubbub.auth.Tokens.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.attack.Attack;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BadTokensTest {
    private static final JsonObject HEADER = new JsonObject().put("alg", "HS256");

    static Stream<Arguments> badTokens() {
        Map<String, String> bad = new LinkedHashMap<>();
        shapes(bad);
        headers(bad);
        times(bad);
        people(bad);
        return bad.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    private static void shapes(Map<String, String> bad) {
        String good = good(claims());
        String[] parts = good.split("\\.", -1);
        bad.put("empty", "");
        bad.put("two segments", parts[0] + "." + parts[1]);
        bad.put("empty signature", parts[0] + "." + parts[1] + ".");
        bad.put("empty payload", parts[0] + ".." + parts[2]);
        bad.put("four segments", good + "." + parts[2]);
        bad.put("five segments like an encrypted token", good + "." + parts[2] + "." + parts[2]);
        bad.put("padding", good + "=");
        bad.put("space behind", good + " ");
        bad.put("line break inside", parts[0] + ".\n" + parts[1] + "." + parts[2]);
        bad.put("plain base64 alphabet", parts[0] + "." + parts[1] + ".+/+/");
        bad.put("too long", good(claims().put("x", "y".repeat(8 * 1024))));
        bad.put("last character with other unused bits", good.substring(0, good.length() - 1) + flipUnused(good));
        bad.put("truncated signature", good.substring(0, good.length() - 4));
        bad.put("signature of other claims", parts[0] + "." + parts[1] + "." + lastPart(good(claims().put("x", 1))));
        bad.put("payload is a list", hs256(HEADER.encode(), "[]", secret()));
        bad.put("payload is not JSON", hs256(HEADER.encode(), "{", secret()));
        bad.put("something behind the payload", hs256(HEADER.encode(), claims().encode() + "{}", secret()));
        bad.put("header is not JSON", hs256("alg", claims().encode(), secret()));
        bad.put("claim twice", hs256(HEADER.encode(), claims().encode().replace("{", "{\"sub\":\"root\","), secret()));
        bad.put(
                "claim twice inside",
                replaced(HEADER, claims().put("o", 1), secret(), "\"o\":1", "\"o\":{\"a\":1,\"a\":2}"));
        bad.put("header member twice", hs256("{\"alg\":\"HS256\",\"alg\":\"HS256\"}", claims().encode(), secret()));
        bad.put("deeply nested", hs256(HEADER.encode(), "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}", secret()));
    }

    private static String replaced(JsonObject header, JsonObject claims, byte[] secret, String from, String to) {
        return Tokens.hs256(header.encode(), claims.encode().replace(from, to), secret);
    }

    private static void headers(Map<String, String> bad) {
        for (String none : List.of("none", "None", "nOnE", "NONE", "")) {
            String unsigned = encode(new JsonObject().put("alg", none).encode()) + "." + encode(claims().encode());
            bad.put("alg " + none + " unsigned", unsigned + ".");
            bad.put("alg " + none + " signed", Tokens.hmac("HmacSHA256", unsigned, secret()));
        }
        bad.put("alg missing", header(new JsonObject()));
        bad.put("alg a number", header(new JsonObject().put("alg", 256)));
        bad.put("alg null", header(new JsonObject().putNull("alg")));
        bad.put("alg in small letters", header(new JsonObject().put("alg", "hs256")));
        String hs512 = encode(new JsonObject().put("alg", "HS512").encode()) + "." + encode(claims().encode());
        bad.put("alg HS512", Tokens.hmac("HmacSHA512", hs512, secret()));
        bad.put("alg RS256", header(new JsonObject().put("alg", "RS256")));
        for (String kid :
                List.of("unknown", "../../etc/passwd", "' or 1=1 --", "http://127.0.0.1/k", "k".repeat(4096))) {
            bad.put("kid " + kid.substring(0, 5), header(HEADER.copy().put("kid", kid)));
        }
        bad.put("kid a number", header(HEADER.copy().put("kid", 1)));
        bad.put(
                "crit unknown",
                header(HEADER.copy().put("crit", new JsonArray().add("x")).put("x", 1)));
        bad.put(
                "crit b64",
                header(HEADER.copy().put("crit", new JsonArray().add("b64")).put("b64", true)));
        bad.put("crit empty", header(HEADER.copy().put("crit", new JsonArray())));
        bad.put(
                "other secret",
                Tokens.hs256(
                        HEADER, claims(), "another secret that is long enough too".getBytes(StandardCharsets.UTF_8)));
        bad.put("empty secret", Tokens.hs256(HEADER, claims(), new byte[1]));
    }

    private static String header(JsonObject header) {
        return Tokens.hs256(header, claims(), secret());
    }

    private static void times(Map<String, String> bad) {
        bad.put("exp missing", good(without("exp")));
        bad.put("exp null", good(claims().putNull("exp")));
        bad.put("exp a string", good(claims().put("exp", String.valueOf(NOW + 60))));
        bad.put("exp a float", good(claims().put("exp", NOW + 60.5)));
        bad.put("exp negative", good(claims().put("exp", -1)));
        bad.put("exp huge", replaced(HEADER, claims().put("exp", 1), secret(), "\"exp\":1", "\"exp\":1e300"));
        bad.put("exp overflows", good(claims().put("exp", Long.MAX_VALUE)));
        bad.put("exp at the end of the leeway", good(claims().put("exp", NOW - 5)));
        bad.put("nbf ahead", good(claims().put("nbf", NOW + 6)));
        bad.put("nbf a string", good(claims().put("nbf", "now")));
        bad.put("iat ahead", good(claims().put("iat", NOW + 6)));
        bad.put("iat an object", good(claims().put("iat", new JsonObject())));
    }

    private static void people(Map<String, String> bad) {
        bad.put("iss missing", good(without("iss")));
        bad.put("iss wrong", good(claims().put("iss", "you")));
        bad.put("iss a list", good(claims().put("iss", new JsonArray().add("me"))));
        bad.put("aud missing", good(without("aud")));
        bad.put("aud wrong", good(claims().put("aud", "shop")));
        bad.put(
                "aud without us",
                good(claims().put("aud", new JsonArray().add("shop").add("hub2"))));
        bad.put("sub missing", good(without("sub")));
        bad.put("sub empty", good(claims().put("sub", "")));
        bad.put("sub a number", good(claims().put("sub", 7)));
        bad.put("sub too long", good(claims().put("sub", "x".repeat(256))));
        bad.put("sub with a line break", good(claims().put("sub", "a\nb")));
        bad.put("jti a number", good(claims().put("jti", 1)));
    }

    private static JsonObject without(String name) {
        JsonObject claims = claims();
        claims.remove(name);
        return claims;
    }

    private static String lastPart(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    /** 32 bytes leave two unused bits in the last of 43 characters. */
    private static char flipUnused(String token) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return alphabet.charAt(alphabet.indexOf(token.charAt(token.length() - 1)) ^ 1);
    }

    private static void assertRefused(String name, Future<Identity> answer) {
        assertThat(answer.failed()).as(name).isTrue();
        assertThat(answer.cause()).as(name).isInstanceOfSatisfying(HubException.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.NOT_LOGGED_IN);
            assertThat(refused.details()).isEmpty();
            assertThat(refused.getMessage()).hasSizeBetween(15, 120).doesNotContain("Exception", "alice", "eyJ");
        });
    }

    @ParameterizedTest(name = "{0}")
    @Attack({"S10", "S12", "S13", "S14", "S15", "S16", "S18", "S19", "S20"})
    @MethodSource("badTokens")
    void aBadTokenIsRefused(String name, String token) {
        assertRefused(name, Tokens.secretVerifier().verify(token));
    }

    @Test
    void thereAreFortyKindsAtLeast() {
        assertThat(badTokens().count()).isGreaterThanOrEqualTo(40);
    }

    @Test
    @Attack("S20")
    void aTokenWithAnyBitFlippedIsRefused() {
        byte[] good = good(claims()).getBytes(StandardCharsets.US_ASCII);
        TokenVerifier verifier = Tokens.secretVerifier();
        Random random = new Random(42);
        for (int i = 0; i < 5_000; i++) {
            byte[] flipped = good.clone();
            flipped[random.nextInt(good.length)] ^= (byte) (1 << random.nextInt(8));
            assertRefused("flip " + i, verifier.verify(new String(flipped, StandardCharsets.ISO_8859_1)));
        }
    }

    @Test
    void aTokenCutAnywhereIsRefused() {
        String good = good(claims());
        TokenVerifier verifier = Tokens.secretVerifier();
        for (int length = 0; length < good.length(); length++) {
            assertRefused("cut at " + length, verifier.verify(good.substring(0, length)));
        }
    }

    @Test
    @Attack({"S11", "S12"})
    void aPublicKeyIsNoSecret() {
        KeyPair rsa = Tokens.rsa(2048);
        TokenVerifier verifier = Tokens.verifier(KeySet.parsePem(Tokens.pem(rsa)));
        String pem = Tokens.pem(rsa);
        List<byte[]> secrets = List.of(
                pem.getBytes(StandardCharsets.US_ASCII),
                pem.strip().getBytes(StandardCharsets.US_ASCII),
                rsa.getPublic().getEncoded(),
                Base64.getEncoder().encode(rsa.getPublic().getEncoded()));
        for (byte[] secret : secrets) {
            assertRefused("HS256 with the public key", verifier.verify(Tokens.hs256(HEADER, claims(), secret)));
            assertRefused(
                    "HMAC said to be RS256",
                    verifier.verify(Tokens.hs256(new JsonObject().put("alg", "RS256"), claims(), secret)));
        }
        assertRefused(
                "RS512 with the right key",
                verifier.verify(Tokens.signed(new JsonObject().put("alg", "RS512"), claims(), rsa, "SHA512withRSA")));
        assertRefused(
                "PS256 name",
                verifier.verify(Tokens.signed(new JsonObject().put("alg", "PS256"), claims(), rsa, "SHA256withRSA")));
    }

    @Test
    @Attack("S17")
    void aKeyInTheTokenIsNotBelieved() {
        KeyPair attacker = Tokens.rsa(2048);
        TokenVerifier verifier = Tokens.verifier(KeySet.parsePem(Tokens.pem(Tokens.rsa(2048))));
        String encoded = Base64.getEncoder().encodeToString(attacker.getPublic().getEncoded());
        for (String member : List.of("jwk", "x5c", "jku", "x5u")) {
            JsonObject header = new JsonObject().put("alg", "RS256").put(member, encoded);
            assertRefused(member, verifier.verify(Tokens.signed(header, claims(), attacker, "SHA256withRSA")));
        }
    }

    @Test
    void anEcSignatureOfZerosIsRefused() {
        TokenVerifier verifier = Tokens.verifier(KeySet.parsePem(Tokens.pem(Tokens.ec("secp256r1"))));
        String signed = encode(new JsonObject().put("alg", "ES256").encode()) + "." + encode(claims().encode());
        assertRefused("r = s = 0", verifier.verify(signed + "." + encode(new byte[64])));
    }
}
