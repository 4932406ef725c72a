package dev.hubbub.auth;

import static dev.hubbub.auth.Tokens.CLOCK;
import static dev.hubbub.auth.Tokens.NOW;
import static dev.hubbub.auth.Tokens.SECRET;
import static dev.hubbub.auth.Tokens.claims;
import static dev.hubbub.auth.Tokens.config;
import static dev.hubbub.auth.Tokens.good;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.config.AuthConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GoodTokensTest {

    private static Identity verify(TokenVerifier verifier, String token) {
        var answer = verifier.verify(token);
        assertThat(answer.succeeded()).as("%s", answer.cause()).isTrue();
        return answer.result();
    }

    @Test
    void aGoodTokenBecomesAnIdentity() {
        JsonObject claims = claims().put("jti", "t1")
                .put("workspaces", new JsonArray().add("w1").addNull().add(2))
                .put("org", new JsonObject().put("id", "acme"))
                .put("score", 1.5)
                .putNull("nothing");
        Identity identity = verify(Tokens.secretVerifier(), good(claims));
        assertThat(identity.subject()).contains("alice");
        assertThat(identity.tokenId()).contains("t1");
        assertThat(identity.issuedAtMillis()).isEqualTo((NOW - 10) * 1000);
        assertThat(identity.expiresAtMillis()).isEqualTo((NOW + 60) * 1000);
        assertThat(identity.claims())
                .containsEntry("workspaces", List.of("w1", 2L))
                .containsEntry("org", Map.of("id", "acme"))
                .containsEntry("score", 1.5)
                .doesNotContainKey("nothing");
    }

    @Test
    void theLeewayAndTheListOfAudiencesHold() {
        TokenVerifier verifier = Tokens.secretVerifier();
        JsonObject claims = claims().put("exp", NOW - 4)
                .put("nbf", NOW + 5)
                .put("iat", NOW + 5)
                .put("aud", new JsonArray().add("shop").add("hub"));
        assertThat(verify(verifier, good(claims)).subject()).contains("alice");
        JsonObject noIssuedAt = claims();
        noIssuedAt.remove("iat");
        assertThat(verify(verifier, good(noIssuedAt)).issuedAtMillis()).isZero();
    }

    @Test
    void eachKindOfPublicKeyVerifiesItsOwnAlgorithm() {
        accept(Tokens.rsa(2048), "RS256", "SHA256withRSA");
        accept(Tokens.ec("secp256r1"), "ES256", "SHA256withECDSAinP1363Format");
        accept(Tokens.ed25519(), "EdDSA", "Ed25519");
    }

    private static void accept(KeyPair pair, String algorithm, String signature) {
        TokenVerifier verifier = Tokens.verifier(KeySet.parsePem(Tokens.pem(pair)));
        String token = Tokens.signed(new JsonObject().put("alg", algorithm), claims(), pair, signature);
        assertThat(verify(verifier, token).subject()).contains("alice");
        String changed = token.substring(0, token.length() - 8) + "AAAAAAAA";
        assertThat(verifier.verify(changed).failed()).isTrue();
    }

    @Test
    void keysThatAreTooWeakOrOfAnotherKindAreRefused() {
        assertThatThrownBy(() -> VerificationKey.ofSecret("x".repeat(31))).hasMessageContaining("32 bytes");
        assertThatThrownBy(() -> KeySet.parsePem(Tokens.pem(Tokens.rsa(1024)))).hasMessageContaining("2048 bits");
        assertThatThrownBy(() -> KeySet.parsePem(Tokens.pem(Tokens.ec("secp384r1"))))
                .hasMessageContaining("not supported");
        assertThatThrownBy(() -> KeySet.parsePem("hello")).hasMessageContaining("BEGIN PUBLIC KEY");
        assertThatThrownBy(() -> new KeySet(List.of())).hasMessageContaining("no usable key");
    }

    @Test
    void aSignedTokenIsAcceptedByItsVerifier() {
        TokenSigner signer =
                TokenSigner.of(config(new AuthConfig.Secret(SECRET)), CLOCK).orElseThrow();
        String token = signer.sign("bob", Map.of("role", "agent", "exp", 1, "sub", "root"), Duration.ofHours(1));
        Identity identity = verify(Tokens.secretVerifier(), token);
        assertThat(identity.subject()).contains("bob");
        assertThat(identity.claims()).containsEntry("role", "agent").containsEntry("iss", "me");
        assertThat(identity.expiresAtMillis()).isEqualTo((NOW + 3600) * 1000);
        assertThat(identity.tokenId()).isPresent();
    }

    @Test
    void whereOnlyAPublicKeyIsKnownNothingIsSigned() {
        AuthConfig.Jwt config = config(new AuthConfig.PublicKey(java.nio.file.Path.of("k.pem")));
        assertThat(TokenSigner.of(config, CLOCK)).isEqualTo(Optional.empty());
    }
}
