package dev.hubbub.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hubbub.config.ConfigException;
import dev.hubbub.config.Fault;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Payloads against contracts, and contracts against the drafts they claim to follow. */
class EventContractsTest {
    private static final String ORDER = """
            {
              "type": "object",
              "required": ["id"],
              "additionalProperties": false,
              "properties": {
                "id": { "type": "string", "minLength": 2, "pattern": "^[a-z]+$" },
                "state": { "enum": ["open", "closed"] },
                "count": { "$ref": "#/$defs/count" },
                "lines": { "type": "array", "items": { "type": "object", "properties": { "sku": { "type": "string" } } } },
                "labels": { "type": "object", "additionalProperties": { "type": "string" } }
              },
              "$defs": { "count": { "type": "integer", "minimum": 1, "maximum": 9 } }
            }
            """;

    private final EventContracts contracts = EventContracts.of(Map.of("events/order.placed@2.json", ORDER));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | payload.id is missing",
                "{\"id\": 7} | payload.id must be text",
                "{\"id\": \"a\"} | payload.id must have at least 2 characters",
                "{\"id\": \"A1\"} | payload.id must match ^[a-z]+$",
                "{\"id\": \"ab\", \"state\": \"gone\"} | payload.state must be one of \"open\", \"closed\"",
                "{\"id\": \"ab\", \"count\": 0} | payload.count must be 1 or more",
                "{\"id\": \"ab\", \"count\": 10} | payload.count must be 9 or less",
                "{\"id\": \"ab\", \"count\": 1.5} | payload.count must be a whole number",
                "{\"id\": \"ab\", \"lines\": [{\"sku\": \"x\"}, {\"sku\": 1}]} | payload.lines[1].sku must be text",
                "{\"id\": \"ab\", \"labels\": {\"a/b c\": 1}} | payload.labels.a/b c must be text",
                "{\"id\": \"ab\", \"colour\": 1} | payload.colour is not known to this event type",
            })
    void faultNamesThePlaceInPlainWords(String payload, String message) {
        assertThat(contracts.fault("order.placed", 2, new JsonObject(payload))).contains(message);
    }

    @Test
    void payloadAsAgreedPasses() {
        JsonObject payload = new JsonObject()
                .put("id", "ab")
                .put("state", "open")
                .put("count", 9)
                .put("lines", new JsonArray().add(new JsonObject().put("sku", "x")))
                .put("labels", new JsonObject().put("a", "b"));
        assertThat(contracts.fault("order.placed", 2, payload)).isEmpty();
    }

    @Test
    void onlyTheVersionThatHasAContractIsJudged() {
        JsonObject empty = new JsonObject();
        assertThat(contracts.fault("order.placed", 1, empty)).isEmpty();
        assertThat(contracts.fault("order.closed", 2, empty)).isEmpty();
        assertThat(EventContracts.none().fault("order.placed", 2, empty)).isEmpty();
        assertThat(contracts.has("order.placed", 2)).isTrue();
        assertThat(contracts.has("order.placed", 1)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ \"type\": \"strin\" } | 1:11 | not a JSON Schema: the schema.type",
                "{ \"properties\": { \"a\": { \"minLength\": -1 } } } | 1:39 | not a JSON Schema: the schema.properties.a",
                "{ \"type\": \"object\", } | 1:21 | not JSON",
                "{ \"type\": \"object\", \"type\": \"string\" } | 1:27 | not JSON: Duplicate field 'type'",
                "[] | 1:1 | not a JSON object",
                "{} {} | 1:4 | something follows",
                "{ \"$schema\": \"http://json-schema.org/draft-04/schema#\" } | 1:14 | contracts are written in draft 2020-12",
                "{ \"items\": { \"$ref\": \"#/$defs/no\" } } | 1:22 | \"#/$defs/no\" leads nowhere",
                "{ \"items\": { \"$ref\": \"other.json\" } } | 1:22 | \"other.json\" leads nowhere",
                "{ \"$ref\": \"#\" } | 1:11 | \"#\" leads back to itself",
                "{ \"pattern\": \"(\" } | 1:14 | not a regular expression",
            })
    void badContractIsRefusedWithItsPlace(String text, String place, String problem) {
        ConfigException refused =
                catchThrowableOfType(ConfigException.class, () -> EventContracts.of(Map.of("events/a.b@1.json", text)));
        assertThat(refused.faults()).hasSize(1);
        Fault fault = refused.faults().get(0);
        assertThat(fault.at()).hasToString("events/a.b@1.json:" + place);
        assertThat(fault.message()).startsWith(problem);
    }

    @Test
    void everyBadFileIsNamedAtOnceInOrder() {
        Map<String, String> files = Map.of(
                "b@1.json",
                "{",
                "a@x.json",
                "{}",
                "readme.md",
                "words",
                "c@1.json",
                "{ \"type\": 1 }",
                "d@1.json",
                "{}");
        assertThatThrownBy(() -> EventContracts.of(files))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.faults())
                                .extracting(fault -> fault.at().file())
                                .isEqualTo(List.of("a@x.json", "b@1.json", "c@1.json")));
    }

    @Test
    void shippedContractsCompileAndJudge() throws IOException {
        Map<String, String> files = new HashMap<>();
        try (Stream<Path> folder = Files.list(Path.of("../../config/events"))) {
            for (Path file : folder.toList()) {
                files.put(file.toString(), Files.readString(file));
            }
        }
        EventContracts shipped = EventContracts.of(files);
        assertThat(shipped.fault("message.created", 1, new JsonObject().put("text", "hello")))
                .isEmpty();
        assertThat(shipped.fault("message.created", 1, new JsonObject())).contains("payload.text is missing");
        assertThat(shipped.fault(
                        "booking.updated",
                        1,
                        new JsonObject().put("bookingId", "b").put("status", "lost")))
                .contains("payload.status must be one of \"requested\", \"confirmed\", \"cancelled\"");
    }
}
