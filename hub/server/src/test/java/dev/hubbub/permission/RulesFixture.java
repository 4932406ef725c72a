package dev.hubbub.permission;

import dev.hubbub.auth.Caller;
import dev.hubbub.auth.Caller.ConnectionInfo;
import dev.hubbub.auth.Identity;
import dev.hubbub.config.AddressRule;
import dev.hubbub.config.AddressRule.Expression;
import dev.hubbub.config.AuthConfig;
import dev.hubbub.config.AuthConfig.ApiKeyConfig;
import dev.hubbub.config.AuthConfig.Pattern;
import dev.hubbub.config.ClusterConfig;
import dev.hubbub.config.ConfigException;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.config.DrainConfig;
import dev.hubbub.config.Fault;
import dev.hubbub.config.HttpConfig;
import dev.hubbub.config.HubConfig;
import dev.hubbub.config.LimitsConfig;
import dev.hubbub.config.LogConfig;
import dev.hubbub.config.OpsConfig;
import dev.hubbub.config.ReplayConfig;
import dev.hubbub.config.SourcePosition;
import dev.hubbub.config.TraceConfig;
import dev.hubbub.config.TracingConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds rules line by line: rule N stands on line 10 * N, its expressions on the lines behind it. */
final class RulesFixture {
    private static final String FILE = "hub.yaml";

    private final List<AddressRule> rules = new ArrayList<>();
    private final List<ApiKeyConfig> keys = new ArrayList<>();

    static RulesFixture rules() {
        return new RulesFixture();
    }

    /** Adds a rule; an empty expression leaves it out. */
    RulesFixture rule(String match, String subscribe, String publish, String send, boolean presence) {
        int line = 10 * (rules.size() + 1);
        rules.add(new AddressRule(
                rules.size(),
                new Expression(match, new SourcePosition(FILE, line, 13)),
                expression(subscribe, line + 1),
                expression(publish, line + 2),
                expression(send, line + 3),
                DeliveryKind.LOG,
                Duration.ZERO,
                new AddressRule.Keep(1000, Duration.ofHours(24), 4 << 20),
                presence
                        ? Optional.of(new AddressRule.Presence(List.of("sub"), Duration.ofSeconds(5), Optional.empty()))
                        : Optional.empty(),
                List.of(),
                false,
                AddressRule.Body.EVENT));
        return this;
    }

    RulesFixture subscribe(String match, String subscribe) {
        return rule(match, subscribe, "", "", false);
    }

    RulesFixture key(String name, boolean admin, List<String> publish, List<String> read) {
        keys.add(new ApiKeyConfig(name, hash(name), admin, patterns(publish, 1), patterns(read, 2)));
        return this;
    }

    HubConfig config() {
        return new HubConfig(
                new HttpConfig("127.0.0.1", 0, List.of(), Optional.empty()),
                new OpsConfig("127.0.0.1", 0),
                DrainConfig.DEFAULT,
                new AuthConfig(Optional.empty(), keys, false),
                new ClusterConfig(false, "hubbub", 5701, List.of(), 1, 1),
                new ReplayConfig(ReplayConfig.Store.MEMORY, "", 1 << 20),
                TraceConfig.DEFAULT,
                new LimitsConfig(
                        10,
                        10,
                        10,
                        10,
                        65536,
                        new LimitsConfig.Rate(100, Duration.ofSeconds(1), 200),
                        1 << 20,
                        LimitsConfig.Node.standard()),
                Optional.empty(),
                rules,
                LogConfig.DEFAULT,
                TracingConfig.NONE);
    }

    PermissionRules compile() {
        return PermissionRules.compile(config());
    }

    List<String> faults() {
        try {
            var unused = PermissionRules.compile(config());
            return List.of();
        } catch (ConfigException bad) {
            return bad.faults().stream().map(Fault::toString).toList();
        }
    }

    Caller.Service service(String name) {
        return new Caller.Service(
                keys.stream().filter(key -> key.name().equals(name)).findFirst().orElseThrow());
    }

    static Caller.User user(Map<String, Object> claims) {
        return new Caller.User(
                new Identity(
                        Optional.ofNullable((String) claims.get("sub")), claims, Optional.empty(), 0, Long.MAX_VALUE),
                new ConnectionInfo("10.1.2.3", "Firefox"));
    }

    private static String hash(String name) {
        return String.format("%064x", name.hashCode() & 0xffffffffL);
    }

    private static List<Pattern> patterns(List<String> texts, int line) {
        return texts.stream()
                .map(text -> new Pattern(text, new SourcePosition(FILE, line, 20)))
                .toList();
    }

    private static Optional<Expression> expression(String source, int line) {
        return source.isEmpty()
                ? Optional.empty()
                : Optional.of(new Expression(source, new SourcePosition(FILE, line, 16)));
    }
}
