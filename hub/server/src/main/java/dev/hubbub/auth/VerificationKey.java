package dev.hubbub.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;

/**
 * A key and the one algorithm that it may be used with.
 *
 * <p>The algorithm belongs to the key, never to the token: a token that asks for another finds no key, which is what
 * makes an RSA key useless as a secret. Immutable; safe for many threads.
 *
 * @param id the {@code kid}; empty when the key has none
 * @param algorithm the token's {@code alg} must be exactly this
 * @param signature checks signatures
 */
record VerificationKey(Optional<String> id, String algorithm, SignatureCheck signature) {

    /** Shortest shared secret, in bytes: that of the hash (RFC 7518, 3.2). */
    static final int MIN_SECRET_BYTES = 32;

    private static final int MIN_RSA_BITS = 2048;

    /** Checks one signature. */
    @FunctionalInterface
    interface SignatureCheck {
        boolean accepts(byte[] signed, byte[] signature);
    }

    /**
     * Makes a key of a shared secret, for HS256.
     *
     * @throws IllegalArgumentException when it is too short
     */
    static VerificationKey ofSecret(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException("the secret is too short: it needs " + MIN_SECRET_BYTES + " bytes");
        }
        try {
            return nimbus(Optional.empty(), JWSAlgorithm.HS256, new MACVerifier(bytes));
        } catch (JOSEException bad) {
            throw new IllegalArgumentException("the secret cannot be used for HS256", bad);
        }
    }

    /**
     * Makes a key of a public key: RSA for RS256, EC P-256 for ES256, Ed25519 for EdDSA.
     *
     * @throws IllegalArgumentException when it is of another kind or too weak
     */
    static VerificationKey ofPublicKey(Optional<String> id, PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            if (rsa.getModulus().bitLength() < MIN_RSA_BITS) {
                throw new IllegalArgumentException("an RSA key needs " + MIN_RSA_BITS + " bits");
            }
            return nimbus(id, JWSAlgorithm.RS256, new RSASSAVerifier(rsa));
        }
        if (key instanceof ECPublicKey ec && Curve.P_256.equals(Curve.forECParameterSpec(ec.getParams()))) {
            try {
                return nimbus(id, JWSAlgorithm.ES256, new ECDSAVerifier(ec));
            } catch (JOSEException bad) {
                throw new IllegalArgumentException("the EC key cannot be used for ES256", bad);
            }
        }
        if (key instanceof EdECPublicKey ed && ed.getParams().getName().equals("Ed25519")) {
            return new VerificationKey(id, "EdDSA", (signed, signature) -> verifyEd25519(ed, signed, signature));
        }
        throw new IllegalArgumentException("this kind of key is not supported; use RSA, EC P-256 or Ed25519");
    }

    private static VerificationKey nimbus(Optional<String> id, JWSAlgorithm algorithm, JWSVerifier verifier) {
        // The verifier gets a header of our own: nothing of the token's header chooses what is done.
        JWSHeader header = new JWSHeader(algorithm);
        return new VerificationKey(id, algorithm.getName(), (signed, signature) -> {
            try {
                return verifier.verify(header, signed, Base64URL.encode(signature));
            } catch (JOSEException unusable) {
                return false;
            }
        });
    }

    /** The library's own Ed25519 needs another library; the platform has it. */
    private static boolean verifyEd25519(EdECPublicKey key, byte[] signed, byte[] signature) {
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(key);
            check.update(signed);
            return check.verify(signature);
        } catch (GeneralSecurityException unusable) {
            return false;
        }
    }
}
