package dev.hubbub.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys that tokens are verified with; never empty, so that it cannot fail open.
 *
 * @param keys at least one
 */
record KeySet(List<VerificationKey> keys) {

    KeySet {
        keys = List.copyOf(keys);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("there is no usable key");
        }
    }

    /**
     * Finds the key for a token's header. A token that names a key gets that key or none; one that names none gets the
     * only key of its algorithm, if there is only one.
     */
    Optional<VerificationKey> find(String algorithm, Optional<String> id) {
        List<VerificationKey> found = new ArrayList<>();
        for (VerificationKey key : keys) {
            if (key.algorithm().equals(algorithm) && (id.isEmpty() || key.id().equals(id))) {
                found.add(key);
            }
        }
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    /**
     * Reads a JWKS document; keys that cannot be used (another kind, too weak, for encryption, secret) are left out.
     *
     * @throws IllegalArgumentException when it is no JWKS document or no key can be used
     */
    static KeySet parseJwks(String text) {
        if (!(ClaimsJson.parse(text).get("keys") instanceof List<?> entries)) {
            throw new IllegalArgumentException("there is no \"keys\" list");
        }
        List<VerificationKey> keys = new ArrayList<>();
        for (Object entry : entries) {
            if (entry instanceof Map<?, ?> map) {
                parseJwk(map).ifPresent(keys::add);
            }
        }
        return new KeySet(keys);
    }

    /**
     * Reads a PEM public key.
     *
     * @throws IllegalArgumentException when it is none, or of a kind that is not supported
     */
    static KeySet parsePem(String pem) {
        String begin = "-----BEGIN PUBLIC KEY-----";
        int from = pem.indexOf(begin);
        int to = pem.indexOf("-----END PUBLIC KEY-----");
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("there is no \"BEGIN PUBLIC KEY\" in it");
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
        } catch (IllegalArgumentException bad) {
            throw new IllegalArgumentException("its public key is not base64", bad);
        }
        for (String kind : List.of("RSA", "EC", "Ed25519")) {
            Optional<PublicKey> key = decode(kind, der);
            if (key.isPresent()) {
                return new KeySet(List.of(VerificationKey.ofPublicKey(Optional.empty(), key.get())));
            }
        }
        throw new IllegalArgumentException("its public key is not an RSA, EC P-256 or Ed25519 key");
    }

    private static Optional<PublicKey> decode(String kind, byte[] der) {
        try {
            return Optional.of(KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(der)));
        } catch (GeneralSecurityException otherKind) {
            return Optional.empty();
        }
    }

    private static Optional<VerificationKey> parseJwk(Map<?, ?> map) {
        try {
            Map<String, Object> members = new java.util.LinkedHashMap<>();
            map.forEach((name, value) -> members.put(String.valueOf(name), value));
            JWK jwk = JWK.parse(members);
            if (KeyUse.ENCRYPTION.equals(jwk.getKeyUse()) || !(jwk instanceof AsymmetricJWK asymmetric)) {
                return Optional.empty();
            }
            PublicKey publicKey =
                    jwk instanceof OctetKeyPair pair ? ed25519(pair.getDecodedX()) : asymmetric.toPublicKey();
            VerificationKey key = VerificationKey.ofPublicKey(Optional.ofNullable(jwk.getKeyID()), publicKey);
            return jwk.getAlgorithm() == null || jwk.getAlgorithm().getName().equals(key.algorithm())
                    ? Optional.of(key)
                    : Optional.empty();
        } catch (ParseException | JOSEException | GeneralSecurityException | IllegalArgumentException unusable) {
            return Optional.empty();
        }
    }

    /** Reads RFC 8032's little-endian point: the top bit is the sign of x. */
    private static PublicKey ed25519(byte[] point) throws GeneralSecurityException {
        if (point.length != 32) {
            throw new IllegalArgumentException("an Ed25519 key has 32 bytes");
        }
        byte[] y = new byte[point.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = point[y.length - 1 - i];
        }
        boolean odd = (y[0] & 0x80) != 0;
        y[0] &= 0x7f;
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(
                        new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, y))));
    }
}
