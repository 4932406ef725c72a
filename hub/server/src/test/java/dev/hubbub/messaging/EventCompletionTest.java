package dev.hubbub.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.auth.Caller;
import dev.hubbub.auth.Identity;
import dev.hubbub.config.AddressRule;
import dev.hubbub.config.AddressRule.Expression;
import dev.hubbub.config.AuthConfig.ApiKeyConfig;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.config.SourcePosition;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventCompletionTest {
    private static final Caller ALICE = RecordingRecipient.user("alice");
    private static final Caller SERVICE =
            new Caller.Service(new ApiKeyConfig("orders", "0".repeat(64), false, List.of(), List.of()));

    private final EventContracts contracts = EventContracts.none();
    private final Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    private final EventCompletion completion = new EventCompletion(() -> contracts, clock, () -> "ID1");

    private static AddressRule rule(DeliveryKind kind, AddressRule.Body body, String... types) {
        return new AddressRule(
                0,
                new Expression("a", SourcePosition.DEFAULT),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                kind,
                Duration.ZERO,
                new AddressRule.Keep(10, Duration.ofHours(1), 1_000),
                Optional.empty(),
                List.of(types),
                false,
                body);
    }

    private static final AddressRule EVENTS = rule(DeliveryKind.LOG, AddressRule.Body.EVENT);

    private EventCompletion.Completed complete(Caller caller, AddressRule rule, @Nullable Object event, String... key) {
        Optional<String> idempotencyKey = key.length == 0 ? Optional.empty() : Optional.of(key[0]);
        return completion.complete(caller, rule, new PublishCommand("a", event, idempotencyKey, Optional.empty()));
    }

    private JsonObject completed(Caller caller, String event) {
        return complete(caller, EVENTS, new JsonObject(event)).content().json().toJsonObject();
    }

    @Test
    void theHubFillsInWhatThePublisherLeftOut() {
        JsonObject event = completed(ALICE, "{\"type\":\"a.b\",\"payload\":{\"x\":1}}");

        assertThat(event)
                .isEqualTo(new JsonObject("{\"id\":\"ID1\",\"type\":\"a.b\",\"version\":1,"
                        + "\"occurredAt\":\"2026-01-01T00:00:00.000Z\",\"actorId\":\"alice\",\"payload\":{\"x\":1}}"));
    }

    @Test
    void sendersWithoutANameAreToldApartByTheirConnectionAndOthersByTheirName() {
        Caller nobody = new Caller.User(Identity.anonymous(), new Caller.ConnectionInfo("127.0.0.1", ""));
        for (AddressRule.Body body : List.of(AddressRule.Body.EVENT, AddressRule.Body.ANY)) {
            AddressRule cursor = rule(DeliveryKind.SIGNAL, body);

            assertThat(signalKey(nobody, cursor, "c1")).isNotEqualTo(signalKey(nobody, cursor, "c2"));
            assertThat(signalKey(ALICE, cursor, "c1")).isEqualTo(signalKey(ALICE, cursor, "c2"));
        }
    }

    private String signalKey(Caller caller, AddressRule rule, String connection) {
        PublishCommand command = new PublishCommand(
                "a",
                new JsonObject("{\"type\":\"moved\",\"payload\":1}"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new ConnectionId(connection)));
        return completion.complete(caller, rule, command).content().conflationKey();
    }

    @Test
    void aUserIsAlwaysTheActorOfWhatItPublishes() {
        assertThat(completed(ALICE, "{\"type\":\"a\",\"actorId\":\"bob\",\"payload\":1}")
                        .getString("actorId"))
                .isEqualTo("alice");
    }

    @Test
    void aServiceMayNameTheActorOrNone() {
        assertThat(completed(SERVICE, "{\"type\":\"a\",\"actorId\":\"bob\",\"payload\":1}")
                        .getString("actorId"))
                .isEqualTo("bob");
        assertThat(completed(SERVICE, "{\"type\":\"a\",\"payload\":1}").containsKey("actorId"))
                .isFalse();
    }

    @Test
    void whatThePublisherGivesIsKept() {
        String given = "{\"id\":\"e-1\",\"type\":\"a\",\"version\":3,\"occurredAt\":\"2025-05-05T05:05:05.123Z\","
                + "\"resourceId\":\"n7\",\"resourceVersion\":43,\"payload\":[\"é\",null]}";

        JsonObject event = completed(SERVICE, given);

        assertThat(event).isEqualTo(new JsonObject(given));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"payload\":1}|type",
                "{\"type\":\"a\"}|payload",
                "{\"type\":\"\",\"payload\":1}|type",
                "{\"type\":\"a b\",\"payload\":1}|type",
                "{\"type\":7,\"payload\":1}|type",
                "{\"type\":\"a\",\"payload\":1,\"id\":\"\"}|id",
                "{\"type\":\"a\",\"payload\":1,\"id\":\"a\\nb\"}|id",
                "{\"type\":\"a\",\"payload\":1,\"version\":0}|version",
                "{\"type\":\"a\",\"payload\":1,\"version\":1.5}|version",
                "{\"type\":\"a\",\"payload\":1,\"version\":99999999999}|version",
                "{\"type\":\"a\",\"payload\":1,\"occurredAt\":\"yesterday\"}|occurredAt",
                "{\"type\":\"a\",\"payload\":1,\"resourceId\":\"\"}|resourceId",
                "{\"type\":\"a\",\"payload\":1,\"resourceId\":\"n\",\"resourceVersion\":-1}|resourceVersion",
                "{\"type\":\"a\",\"payload\":1,\"resourceVersion\":1}|resourceId",
                "{\"type\":\"a\",\"payload\":1,\"colour\":1}|colour",
            })
    void aBrokenEventIsRefusedAndTheFieldNamed(String event, String field) {
        assertThatThrownBy(() -> completed(ALICE, event)).isInstanceOfSatisfying(HubException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_EVENT);
            assertThat(refusal.getMessage()).contains(field);
        });
    }

    @Test
    void onlyTheTypesOfTheRulePass() {
        AddressRule typed = rule(DeliveryKind.LOG, AddressRule.Body.EVENT, "a@1", "b@2");
        JsonObject good = new JsonObject("{\"type\":\"b\",\"version\":2,\"payload\":1}");
        JsonObject bad = new JsonObject("{\"type\":\"b\",\"payload\":1}");

        assertThat(complete(ALICE, typed, good).content().type()).contains("b");
        assertThatThrownBy(() -> complete(ALICE, typed, bad)).hasMessageContaining("b@1");
    }

    @Test
    void anyJsonPassesUntouchedWhereTheRuleTakesAny() {
        AddressRule any = rule(DeliveryKind.LOG, AddressRule.Body.ANY);

        assertThat(complete(ALICE, any, "hello").content().json().toString()).isEqualTo("\"hello\"");
        assertThat(complete(ALICE, any, null).content().json().toString()).isEqualTo("null");
        assertThat(complete(ALICE, any, new JsonArray("[1,{\"a\":2}]"))
                        .content()
                        .json()
                        .toString())
                .isEqualTo("[1,{\"a\":2}]");
    }

    @Test
    void aRetryIsKnownByItsIdOrElseByItsKey() {
        JsonObject withId = new JsonObject("{\"id\":\"e1\",\"type\":\"a\",\"payload\":1}");
        JsonObject without = new JsonObject("{\"type\":\"a\",\"payload\":1}");

        assertThat(complete(ALICE, EVENTS, withId, "k1").dedupeKey()).isEqualTo("e1");
        assertThat(complete(ALICE, EVENTS, without, "k1").dedupeKey()).isEqualTo("key k1");
        assertThat(complete(ALICE, EVENTS, without, "k1").content().payloadHash())
                .isEqualTo(
                        complete(ALICE, EVENTS, without.copy(), "k1").content().payloadHash())
                .isNotEqualTo(complete(ALICE, EVENTS, without.copy().put("payload", 2), "k1")
                        .content()
                        .payloadHash());
    }

    @Test
    void latestReplacesByResourceAndSignalByTypeAndSender() {
        JsonObject event = new JsonObject("{\"type\":\"a\",\"resourceId\":\"r\",\"payload\":1}");
        JsonObject plain = new JsonObject("{\"type\":\"a\",\"payload\":1}");
        AddressRule latest = rule(DeliveryKind.LATEST, AddressRule.Body.EVENT);
        AddressRule signal = rule(DeliveryKind.SIGNAL, AddressRule.Body.EVENT);

        assertThat(complete(ALICE, latest, event).content().conflationKey()).isEqualTo("r");
        assertThat(complete(ALICE, latest, plain).content().conflationKey()).isEmpty();
        assertThat(complete(ALICE, signal, plain).content().conflationKey()).isEqualTo("a|alice");
        assertThat(complete(RecordingRecipient.user("bob"), signal, plain)
                        .content()
                        .conflationKey())
                .isEqualTo("a|bob");
    }
}
