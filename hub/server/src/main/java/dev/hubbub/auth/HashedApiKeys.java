package dev.hubbub.auth;

import dev.hubbub.config.AuthConfig.ApiKeyConfig;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The keys of the config, known by their SHA-256 only.
 *
 * <p>Every entry is compared, each in constant time, so the time of an answer does not tell which key was close.
 * Immutable; safe to call from any event loop.
 */
public final class HashedApiKeys implements ApiKeys {
    private static final int MAX_LENGTH = 512;

    private final List<Entry> entries = new ArrayList<>();

    private record Entry(Buffer hash, Caller.Service service) {}

    /**
     * Creates the keys.
     *
     * @throws IllegalArgumentException when a {@code sha256} is not 64 hex digits
     */
    public HashedApiKeys(List<ApiKeyConfig> keys) {
        for (ApiKeyConfig key : keys) {
            byte[] hash = HexFormat.of().parseHex(key.sha256().toLowerCase(Locale.ROOT));
            if (hash.length != 32) {
                throw new IllegalArgumentException("sha256 of the key " + key.name() + " (expected: 64 hex digits)");
            }
            entries.add(new Entry(Buffer.buffer(hash), new Caller.Service(key)));
        }
    }

    @Override
    public Optional<Caller.Service> find(String presented) {
        if (presented.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        byte[] hash = sha256(presented);
        Optional<Caller.Service> found = Optional.empty();
        for (Entry entry : entries) {
            if (MessageDigest.isEqual(entry.hash().getBytes(), hash) && found.isEmpty()) {
                found = Optional.of(entry.service());
            }
        }
        return found;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
