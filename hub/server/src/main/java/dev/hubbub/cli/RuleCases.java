package dev.hubbub.cli;

import dev.hubbub.auth.Caller;
import dev.hubbub.auth.ClaimsJson;
import dev.hubbub.auth.Identity;
import dev.hubbub.config.AuthConfig.ApiKeyConfig;
import dev.hubbub.config.HubConfig;
import dev.hubbub.permission.Action;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.HubException;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.Json;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads a file of cases: a YAML list, each entry with the keys that {@link #KEYS} names. */
final class RuleCases {
    private static final Set<String> KEYS =
            Set.of("name", "claims", "key", "ip", "agent", "address", "action", "expect", "rule");

    private final Path file;
    private final HubConfig config;

    private RuleCases(Path file, HubConfig config) {
        this.file = file;
        this.config = config;
    }

    /** Reads the cases for a config; a fault ends it, with its line. */
    static List<RuleCase> read(Path file, HubConfig config) throws IOException {
        return new RuleCases(file, config).read(text(file));
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        }
    }

    private List<RuleCase> read(String text) {
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        Object loaded;
        Node root;
        try {
            loaded = yaml.load(text);
            root = yaml.compose(new StringReader(text));
        } catch (YAMLException e) {
            throw new PlainFailures.Refusal(file + ": not YAML: " + e.getMessage());
        }
        if (!(loaded instanceof List<?> entries) || !(root instanceof SequenceNode list)) {
            throw new PlainFailures.Refusal(
                    file + ": a list of cases is expected, each as - { address: …, action: …," + " expect: allow }");
        }
        List<RuleCase> cases = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            int line = list.getValue().get(i).getStartMark().getLine() + 1;
            cases.add(new Entry(line, entries.get(i)).read());
        }
        return cases;
    }

    /** One entry of the list. */
    private final class Entry {
        private final int line;
        private final Map<?, ?> keys;

        Entry(int line, @Nullable Object value) {
            this.line = line;
            if (!(value instanceof Map<?, ?> map)) {
                throw fault("a case is expected, as { address: …, action: …, expect: allow }");
            }
            this.keys = map;
            for (Object key : map.keySet()) {
                if (!KEYS.contains(String.valueOf(key))) {
                    throw fault("unknown key \"" + key + "\" (known: "
                            + String.join(", ", KEYS.stream().sorted().toList()) + ")");
                }
            }
        }

        private PlainFailures.Refusal fault(String problem) {
            return new PlainFailures.Refusal(file + ":" + line + ": " + problem);
        }

        private Optional<String> optional(String key) {
            Object value = keys.get(key);
            return value == null ? Optional.empty() : Optional.of(String.valueOf(value));
        }

        private String required(String key) {
            return optional(key).orElseThrow(() -> fault("the key \"" + key + "\" is missing"));
        }

        RuleCase read() {
            Action action = Action.parse(required("action"))
                    .orElseThrow(() -> fault("action is subscribe, publish, presence or send"));
            String expect = required("expect");
            if (!expect.equals("allow") && !expect.equals("deny")) {
                throw fault("expect is allow or deny");
            }
            Address address = address(required("address"));
            String name = optional("name").orElse(expect + " " + action.wireName() + " " + address);
            return new RuleCase(line, name, caller(), action, address, expect.equals("allow"), optional("rule"));
        }

        private Address address(String text) {
            try {
                return new Address(text);
            } catch (HubException e) {
                throw fault(String.valueOf(e.getMessage()));
            }
        }

        private Caller caller() {
            Optional<String> key = optional("key");
            if (key.isPresent()) {
                return new Caller.Service(keyOf(key.get()));
            }
            Map<String, Object> claims = claims(keys.get("claims"));
            Optional<String> subject = claims.get("sub") instanceof String sub ? Optional.of(sub) : Optional.empty();
            return new Caller.User(
                    new Identity(subject, claims, Optional.empty(), 0, Long.MAX_VALUE),
                    new Caller.ConnectionInfo(
                            optional("ip").orElse("127.0.0.1"),
                            optional("agent").orElse("")));
        }

        private ApiKeyConfig keyOf(String name) {
            if (keys.containsKey("claims")) {
                throw fault("give claims or key, not both");
            }
            return config.auth().apiKeys().stream()
                    .filter(known -> known.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> fault("the config has no API key \"" + name + "\""));
        }

        /** By way of JSON, so that they are of the types that a token's claims have. */
        private Map<String, Object> claims(@Nullable Object written) {
            if (written == null) {
                return Map.of();
            }
            try {
                return ClaimsJson.parse(Json.encode(written));
            } catch (IllegalArgumentException | EncodeException e) {
                throw fault("claims are an object of JSON values, such as { sub: alice }");
            }
        }
    }
}
