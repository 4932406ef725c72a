package dev.hubbub.ops;

import dev.hubbub.config.AddressRule;
import dev.hubbub.config.AddressRule.Expression;
import dev.hubbub.config.AuthConfig;
import dev.hubbub.config.HubConfig;
import dev.hubbub.config.LimitsConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Shows the config in force: rules with their place in the file, keys by name, limits; never a secret or a hash. */
final class ConfigRoute {
    private final Supplier<HubConfig> config;
    private final NodeHealth health;

    ConfigRoute(OpsContext hub) {
        this.config = hub.config();
        this.health = hub.health();
    }

    void mount(Router router) {
        router.get("/ops/v1/config").handler(call -> OpsCall.json(call, 200, of(config.get())));
    }

    private JsonObject of(HubConfig shown) {
        JsonArray rules = new JsonArray();
        shown.addresses().forEach(rule -> rules.add(rule(rule)));
        return new JsonObject()
                .put("rules", rules)
                .put("keys", keys(shown.auth()))
                .put("tokens", tokens(shown.auth()))
                .put("limits", limits(shown.limits()))
                .put("cluster", cluster(shown))
                .put("store", shown.replay().store().name().toLowerCase(Locale.ROOT))
                .put("lastReload", health.details().getJsonObject("lastReload", new JsonObject()));
    }

    private static JsonObject rule(AddressRule rule) {
        JsonObject json = new JsonObject()
                .put("match", rule.match().source())
                .put("where", rule.match().at().toString())
                .put("delivery", rule.delivery().configName());
        expression(json, "subscribe", rule.subscribe());
        expression(json, "publish", rule.publish());
        expression(json, "send", rule.send());
        json.put("keepEvents", rule.keep().events())
                .put("keepSeconds", rule.keep().age().toSeconds());
        if (!rule.every().isZero()) {
            json.put("everyMillis", rule.every().toMillis());
        }
        rule.presence().ifPresent(presence -> json.put("presence", list(presence.show())));
        if (!rule.types().isEmpty()) {
            json.put("types", list(rule.types()));
        }
        return json.put("body", rule.body().name().toLowerCase(Locale.ROOT)).put("rising", rule.risingVersions());
    }

    private static void expression(JsonObject json, String name, Optional<Expression> expression) {
        expression.ifPresent(one -> json.put(
                name,
                new JsonObject()
                        .put("source", one.source())
                        .put("where", one.at().toString())));
    }

    private static JsonArray list(List<String> texts) {
        return new JsonArray(List.copyOf(texts));
    }

    private static JsonArray keys(AuthConfig auth) {
        JsonArray keys = new JsonArray();
        auth.apiKeys()
                .forEach(key -> keys.add(new JsonObject()
                        .put("name", key.name())
                        .put("admin", key.admin())
                        .put("publish", patterns(key.publish()))
                        .put("read", patterns(key.read()))));
        return keys;
    }

    private static JsonArray patterns(List<AuthConfig.Pattern> patterns) {
        return list(patterns.stream().map(AuthConfig.Pattern::text).toList());
    }

    private static JsonObject tokens(AuthConfig auth) {
        JsonObject tokens = new JsonObject().put("anonymous", auth.anonymous());
        auth.jwt().ifPresent(jwt -> {
            tokens.put("keys", source(jwt.keys()));
            jwt.issuer().ifPresent(issuer -> tokens.put("issuer", issuer));
            jwt.audience().ifPresent(audience -> tokens.put("audience", audience));
        });
        return tokens;
    }

    private static String source(AuthConfig.KeySource source) {
        if (source instanceof AuthConfig.PublicKey) {
            return "public key";
        }
        return source instanceof AuthConfig.Jwks ? "jwks" : "secret";
    }

    private static JsonObject limits(LimitsConfig limits) {
        return new JsonObject()
                .put("connections", limits.connections())
                .put("connectionsPerUser", limits.connectionsPerUser())
                .put("connectionsPerIp", limits.connectionsPerIp())
                .put("subscriptions", limits.subscriptions())
                .put("frameBytes", limits.frameBytes())
                .put("pendingBytes", limits.pendingBytes());
    }

    private static JsonObject cluster(HubConfig shown) {
        return new JsonObject()
                .put("enabled", shown.cluster().enabled())
                .put("name", shown.cluster().name())
                .put("backups", shown.cluster().backups())
                .put("minimumNodes", shown.cluster().minimumNodes());
    }
}
