package dev.hubbub.permission;

import static dev.hubbub.permission.RulesFixture.rules;
import static dev.hubbub.permission.RulesFixture.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.auth.Caller;
import dev.hubbub.protocol.Address;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PermissionRulesTest {
    private static final Caller.User ALICE = user(Map.of(
            "sub",
            "alice",
            "role",
            "agent",
            "workspaces",
            List.of("w1", "w2"),
            "org",
            Map.of("id", "acme"),
            "level",
            3L));
    private static final Caller.User NOBODY = user(Map.of());

    private static Decision decide(PermissionRules rules, Caller caller, Action action, String address) {
        Decision decision = rules.decide(caller, action, new Address(address));
        assertThat(rules.allows(caller, action, new Address(address)))
                .as("the fast path says the same")
                .isEqualTo(decision.allowed());
        return decision;
    }

    private static Decision subscribe(String expression, Caller caller) {
        return decide(rules().subscribe("a:{id}", expression).compile(), caller, Action.SUBSCRIBE, "a:alice");
    }

    @Test
    void anAllowedUserIsShownTheEvidence() {
        PermissionRules rules = rules().subscribe("other:{x}", "true")
                .rule("workspace:{ws}", "ws in claims.workspaces", "claims.role in [\"agent\", \"admin\"]", "", true)
                .compile();

        Decision decision = decide(rules, ALICE, Action.SUBSCRIBE, "workspace:w1");

        assertThat(decision.allowed()).isTrue();
        assertThat(decision.rule()).contains("workspace:{ws}");
        assertThat(decision.where()).contains("hub.yaml:21:16");
        assertThat(decision.expression()).contains("ws in claims.workspaces");
        assertThat(decision.values())
                .containsExactly(Map.entry("ws", "w1"), Map.entry("claims.workspaces", List.of("w1", "w2")));
        assertThat(decision.reason()).isEqualTo("the expression is true");
        assertThat(decide(rules, ALICE, Action.PUBLISH, "workspace:w1").where()).contains("hub.yaml:22:16");
    }

    @Test
    void aDeniedUserIsShownTheEvidence() {
        Decision decision = subscribe("claims.sub == id && connection.ip == \"10.9.9.9\"", ALICE);

        assertThat(decision.allowed()).isFalse();
        assertThat(decision.reason()).isEqualTo("the expression is false");
        assertThat(decision.values())
                .containsExactly(
                        Map.entry("id", "alice"),
                        Map.entry("claims.sub", "alice"),
                        Map.entry("connection.ip", "10.1.2.3"));
    }

    @Test
    void aFailingExpressionIsANoThatSaysWhy() {
        Decision decision = subscribe("id in claims.workspaces", NOBODY);

        assertThat(decision.allowed()).isFalse();
        assertThat(decision.reason()).isEqualTo("claims has no \"workspaces\"");
        assertThat(decision.values()).containsEntry("claims.workspaces", "(missing)");
        assertThat(decision.where()).contains("hub.yaml:11:16");
        assertThat(decision.expression()).contains("id in claims.workspaces");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "claims.org.team == id           | claims.org has no \"team\"",
                "claims[\"team\"] == id          | claims has no \"team\"",
                "claims.sub.x == id              | claims.sub is a string, so it has no \"x\"",
                "claims[id] == 1                 | the expression looks up a key that is not there",
                "has(claims.sub) && claims.b == id | claims has no \"b\"",
                "id in claims.level              | the kinds of value do not fit \"in\": claims.level is a number",
                "claims.sub < 5                  | the kinds of value do not fit \"<\": claims.sub is a string",
                "!claims.sub                     | the kinds of value do not fit \"!\": claims.sub is a string",
                "claims.level && true            | a part of the expression is not true or false: claims.level is a number",
                "claims.workspaces[7] == id      | a list is shorter than the expression expects: claims.workspaces is a list",
                "1 / 0 == 1                      | the expression divides by zero",
                "int(claims.sub) == 1            | a text could not be converted: claims.sub is a string",
                "claims.sub                      | the expression gave a string and only true is a yes",
                "claims.org                      | the expression gave an object and only true is a yes",
                "9223372036854775807 + claims.level > 0 | a number is too large",
            })
    void whateverFailsAtRunTimeIsANoInPlainWords(String expression, String reason) {
        Decision decision = subscribe(expression, ALICE);
        assertThat(decision.allowed()).isFalse();
        assertThat(decision.reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "claims.sub == id",
                "id.startsWith('al')",
                "claims.org.id == 'acme'",
                "claims.level >= 2",
                "has(claims.zip) || true",
                "claims.workspaces.exists(w, w == 'w2')",
                "connection.agent == 'Firefox'",
                "claims.missing == 1 || claims.sub == 'alice'",
                "id.matches('^[a-z]+$')",
                "true",
                " true ",
            })
    void aTrueExpressionIsAYes(String expression) {
        assertThat(subscribe(expression, ALICE).allowed()).isTrue();
    }

    @Test
    void aClaimThatIsTheTextTrueIsNotTrue() {
        assertThat(subscribe("claims.admin", user(Map.of("admin", "true"))).allowed())
                .isFalse();
        assertThat(subscribe("claims.admin", user(Map.of("admin", 1L))).allowed())
                .isFalse();
        assertThat(subscribe("claims.admin", user(Map.of("admin", true))).allowed())
                .isTrue();
    }

    @Test
    void aLoopOverTooManyItemsIsANo() {
        List<Long> many = java.util.stream.LongStream.range(0, 200).boxed().toList();
        Decision decision =
                subscribe("claims.l.all(x, claims.l.all(y, x + y >= 0))", user(Map.of("sub", "a", "l", many)));
        assertThat(decision.allowed()).isFalse();
        assertThat(decision.reason()).isEqualTo("the expression looked at more than 10000 items of lists");
    }

    @Test
    void noMatchMeansNo() {
        Decision decision = decide(rules().subscribe("a:{x}", "true").compile(), ALICE, Action.SUBSCRIBE, "b:1");
        assertThat(decision.allowed()).isFalse();
        assertThat(decision.rule()).isEmpty();
        assertThat(decision.reason()).contains("no rule matches");
        assertThat(decide(rules().compile(), ALICE, Action.PUBLISH, "b:1").allowed())
                .isFalse();
    }

    @Test
    void theFirstMatchDecidesAlone() {
        PermissionRules rules = rules().subscribe("a:secret", "false")
                .subscribe("a:{x}", "true")
                .compile();
        assertThat(decide(rules, ALICE, Action.SUBSCRIBE, "a:secret").allowed()).isFalse();
        assertThat(decide(rules, ALICE, Action.SUBSCRIBE, "a:other").allowed()).isTrue();
        assertThat(rules.rule(new Address("a:secret")).orElseThrow().index()).isZero();
        assertThat(rules.rule(new Address("b"))).isEmpty();
    }

    @Test
    void anActionWithoutExpressionIsANo() {
        PermissionRules rules = rules().rule("a:{x}", "true", "", "", false).compile();
        Decision decision = decide(rules, ALICE, Action.PUBLISH, "a:1");
        assertThat(decision.allowed()).isFalse();
        assertThat(decision.reason()).isEqualTo("the rule has no \"publish\", so no user may");
        assertThat(decide(rules, ALICE, Action.SEND, "a:1").allowed()).isFalse();
    }

    @Test
    void presenceNeedsARosterAndTheRightToSubscribe() {
        PermissionRules rules = rules().rule("with:{id}", "claims.sub == id", "", "", true)
                .rule("without:{id}", "true", "", "", false)
                .compile();
        assertThat(decide(rules, ALICE, Action.PRESENCE, "with:alice").allowed())
                .isTrue();
        assertThat(decide(rules, ALICE, Action.PRESENCE, "with:bob").allowed()).isFalse();
        assertThat(decide(rules, ALICE, Action.PRESENCE, "without:alice").reason())
                .contains("no \"presence\"");
    }

    @Test
    void sendHasItsOwnExpression() {
        PermissionRules rules = rules().rule("service:rooms", "", "", "claims.role == 'agent'", false)
                .compile();
        assertThat(decide(rules, ALICE, Action.SEND, "service:rooms").allowed()).isTrue();
        assertThat(decide(rules, ALICE, Action.PUBLISH, "service:rooms").allowed())
                .isFalse();
        assertThat(decide(rules, NOBODY, Action.SEND, "service:rooms").allowed())
                .isFalse();
    }

    @Test
    void reservedAddressesAreANoForEverybody() {
        RulesFixture fixture =
                rules().rule("{any...}", "true", "true", "true", true).key("root", true, List.of(), List.of());
        PermissionRules rules = fixture.compile();
        for (String address : List.of("hub.auth", "hub.presence", "__vertx.subs", "__vertx")) {
            for (Action action : Action.values()) {
                assertThat(decide(rules, ALICE, action, address).allowed()).isFalse();
                assertThat(decide(rules, fixture.service("root"), action, address)
                                .allowed())
                        .isFalse();
            }
            assertThat(rules.rule(new Address(address))).isEmpty();
        }
        assertThat(decide(rules, ALICE, Action.SEND, "hubs").allowed()).isTrue();
    }

    @Test
    void aServiceMayWhatItsKeySays() {
        RulesFixture fixture = rules().rule("order:{tenant}:{id}", "false", "false", "", true)
                .key("orders", false, List.of("order:{tenant}:{id}"), List.of("order:acme:{id}"));
        PermissionRules rules = fixture.compile();
        Caller.Service orders = fixture.service("orders");

        Decision decision = decide(rules, orders, Action.PUBLISH, "order:x:7");
        assertThat(decision.allowed()).isTrue();
        assertThat(decision.where()).contains("hub.yaml:1:20");
        assertThat(decision.values()).containsExactly(Map.entry("tenant", "x"), Map.entry("id", "7"));
        assertThat(decide(rules, orders, Action.SEND, "order:x:7").allowed()).isTrue();
        assertThat(decide(rules, orders, Action.SUBSCRIBE, "order:acme:7").allowed())
                .isTrue();
        assertThat(decide(rules, orders, Action.PRESENCE, "order:acme:7").allowed())
                .isTrue();
        Decision refused = decide(rules, orders, Action.SUBSCRIBE, "order:x:7");
        assertThat(refused.allowed()).isFalse();
        assertThat(refused.reason()).isEqualTo("no pattern in \"read\" of the key \"orders\" matches");
    }

    @Test
    void anAdminKeyMayEverythingThatARuleMatches() {
        RulesFixture fixture =
                rules().rule("a:{x}", "false", "false", "", false).key("root", true, List.of(), List.of());
        PermissionRules rules = fixture.compile();
        Caller.Service root = fixture.service("root");
        assertThat(decide(rules, root, Action.PUBLISH, "a:1").allowed()).isTrue();
        assertThat(decide(rules, root, Action.SUBSCRIBE, "a:1").reason()).contains("admin key");
        assertThat(decide(rules, root, Action.PUBLISH, "b:1").allowed()).isFalse();
        assertThat(decide(rules, root, Action.PRESENCE, "a:1").allowed()).isFalse();
    }

    @Test
    void aKeyThatAReloadTookAwayMayNothing() {
        RulesFixture before = rules().subscribe("a:{x}", "true").key("old", true, List.of(), List.of());
        PermissionRules after = rules().subscribe("a:{x}", "true").compile();
        Decision decision = decide(after, before.service("old"), Action.SUBSCRIBE, "a:1");
        assertThat(decision.allowed()).isFalse();
        assertThat(decision.reason()).isEqualTo("the key \"old\" is not in the config");
    }

    @Test
    void tenantsNeverMeet() {
        PermissionRules rules = rules().subscribe("doc:{tenant}:{id}", "claims.tenant == tenant")
                .compile();
        for (int i = 0; i < 1000; i++) {
            Caller.User user = user(Map.of("sub", "u", "tenant", "t" + i));
            assertThat(decide(rules, user, Action.SUBSCRIBE, "doc:t" + i + ":1").allowed())
                    .isTrue();
            assertThat(decide(rules, user, Action.SUBSCRIBE, "doc:t" + (i + 1) + ":1")
                            .allowed())
                    .isFalse();
        }
    }
}
