package dev.hubbub.config;

import dev.hubbub.config.AuthConfig.ApiKeyConfig;
import dev.hubbub.config.AuthConfig.Jwks;
import dev.hubbub.config.AuthConfig.Jwt;
import dev.hubbub.config.AuthConfig.KeySource;
import dev.hubbub.config.AuthConfig.Pattern;
import dev.hubbub.config.AuthConfig.PublicKey;
import dev.hubbub.config.AuthConfig.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code auth:}. */
final class AuthReader {
    private static final int SECRET_BYTES = 32;
    private static final List<String> KEY_SOURCES = List.of("secret", "publicKey", "jwks");

    private AuthReader() {}

    static AuthConfig read(SectionReader auth) {
        Optional<Jwt> jwt =
                auth.optionalSection("jwt").filter(in -> !in.isEmpty()).map(AuthReader::jwt);
        AuthConfig config = new AuthConfig(jwt, apiKeys(auth.sections("apiKeys")), auth.flag("anonymous"));
        auth.done();
        return config;
    }

    private static Jwt jwt(SectionReader jwt) {
        List<String> meant = KEY_SOURCES.stream().filter(jwt::isMeant).toList();
        if (meant.isEmpty()) {
            jwt.fault("one of secret, publicKey and jwks is missing");
        }
        List<String> given = KEY_SOURCES.stream()
                .filter(jwt::has)
                .sorted(Comparator.comparingInt((String key) -> jwt.at(key).line())
                        .thenComparingInt(key -> jwt.at(key).column()))
                .toList();
        for (String second : given.subList(Math.min(1, given.size()), given.size())) {
            jwt.refuse(
                    second, "only one of secret, publicKey and jwks may be given, and " + given.get(0) + " is there");
        }
        Jwt config =
                new Jwt(keys(jwt), jwt.optionalText("issuer"), jwt.optionalText("audience"), jwt.duration("leeway"));
        jwt.done();
        return config;
    }

    private static KeySource keys(SectionReader jwt) {
        Optional<KeySource> secret = jwt.optionalText("secret").map(Secret::new);
        jwt.optionalText("secret")
                .map(text -> text.getBytes(StandardCharsets.UTF_8).length)
                .filter(bytes -> bytes < SECRET_BYTES)
                .ifPresent(bytes -> jwt.fault(
                        "secret", "has " + bytes + " bytes (expected at least " + SECRET_BYTES + " bytes of text)"));
        Optional<KeySource> publicKey = jwt.file("publicKey").map(PublicKey::new);
        Optional<KeySource> jwks =
                jwt.parsed("jwks", text -> url(text, Set.of("http", "https"))).map(Jwks::new);
        return secret.or(() -> publicKey).or(() -> jwks).orElseGet(() -> new Secret(""));
    }

    /** Returns {@code text} as a URL with a host; empty when it is none, or of another scheme. */
    static Optional<URI> url(String text, Set<String> schemes) {
        try {
            URI url = new URI(text);
            boolean usable = url.getHost() != null && schemes.contains(String.valueOf(url.getScheme()));
            return usable ? Optional.of(url) : Optional.empty();
        } catch (java.net.URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static List<ApiKeyConfig> apiKeys(List<SectionReader> keys) {
        List<ApiKeyConfig> configs = new ArrayList<>();
        Map<String, SourcePosition> names = new HashMap<>();
        Map<String, SourcePosition> hashes = new HashMap<>();
        for (SectionReader key : keys) {
            String hash = key.text("sha256").toLowerCase(Locale.ROOT);
            configs.add(new ApiKeyConfig(
                    key.text("name"), hash, key.flag("admin"), patterns(key, "publish"), patterns(key, "read")));
            refuseRepeated(key, "name", key.text("name"), names);
            refuseRepeated(key, "sha256", hash, hashes);
            key.done();
        }
        return configs;
    }

    private static void refuseRepeated(
            SectionReader key, String field, String value, Map<String, SourcePosition> seen) {
        if (key.has(field)) {
            SourcePosition first = seen.putIfAbsent(value, key.at(field));
            if (first != null) {
                String shown = field.equals("name") ? "\"" + value + "\"" : "this SHA-256";
                key.fault(field, shown + " is another API key's already (line " + first.line() + ")");
            }
        }
    }

    private static List<Pattern> patterns(SectionReader key, String field) {
        return key.expressions(field).stream()
                .map(text -> new Pattern(text.source(), text.at()))
                .toList();
    }
}
