package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.config.AddressRule;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.HubException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher wrote, read field by field, on its way to a complete event.
 *
 * <p>Every method that reads throws {@link HubException} with {@code BAD_EVENT} and names the field.
 */
final class EventDraft {
    static final int MAX_ID_LENGTH = 128;
    static final int MAX_RESOURCE_ID_LENGTH = 255;
    private static final long MAX_SAFE_INTEGER = 9_007_199_254_740_991L;
    private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");
    private static final Pattern ID = Pattern.compile("[\\x21-\\x7e]{1," + MAX_ID_LENGTH + "}");
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");
    private static final Set<String> FIELDS =
            Set.of("id", "type", "version", "occurredAt", "actorId", "resourceId", "resourceVersion", "payload");

    private final JsonObject json;

    private EventDraft(JsonObject json) {
        this.json = json;
    }

    static EventDraft of(@Nullable Object event) {
        if (!(event instanceof JsonObject json)) {
            throw bad("an event is an object with a type and a payload");
        }
        List<String> unknown = new ArrayList<>(json.fieldNames());
        unknown.removeAll(FIELDS);
        if (!unknown.isEmpty()) {
            throw bad("an event has no field \"" + clip(unknown.get(0)) + "\"; your own data goes into payload");
        }
        if (!json.containsKey("payload")) {
            throw bad("payload is missing; it may be any JSON value");
        }
        return new EventDraft(json);
    }

    Optional<String> id() {
        return text("id", ID, "1 to " + MAX_ID_LENGTH + " visible ASCII characters without blanks");
    }

    String type() {
        return text("type", TYPE, "1 to 128 characters of A-Z a-z 0-9 _ . : -")
                .orElseThrow(() -> bad("type is missing; it names what happened, such as \"message.created\""));
    }

    int version() {
        return (int) whole("version", 1, Integer.MAX_VALUE, 1);
    }

    Optional<String> resourceId() {
        Optional<String> id = string("resourceId");
        id.ifPresent(text -> {
            if (text.isEmpty() || text.length() > MAX_RESOURCE_ID_LENGTH) {
                throw bad("resourceId has 1 to " + MAX_RESOURCE_ID_LENGTH + " characters");
            }
        });
        return id;
    }

    long resourceVersion() {
        long version = whole("resourceVersion", 0, MAX_SAFE_INTEGER, EventContent.NO_VERSION);
        if (version != EventContent.NO_VERSION && !json.containsKey("resourceId")) {
            throw bad("resourceVersion is the version of a resource; resourceId is missing");
        }
        return version;
    }

    /** The time that the publisher gives, else now. */
    Instant occurredAt(long nowMillis) {
        Optional<String> text = string("occurredAt");
        try {
            Instant given = text.isPresent() ? Instant.parse(text.get()) : Instant.ofEpochMilli(nowMillis);
            if (given.isBefore(EARLIEST) || given.isAfter(LATEST)) {
                throw bad("occurredAt is a time of the years 0000 to 9999");
            }
            return given;
        } catch (DateTimeParseException e) {
            throw bad("occurredAt is a time like 2026-01-01T00:00:00.000Z");
        }
    }

    /** A user is the actor of what it publishes, whatever it writes; a service may name one. */
    Optional<String> actorId(Caller caller) {
        return caller instanceof Caller.User user ? user.identity().subject() : string("actorId");
    }

    @Nullable
    Object payload() {
        return json.getValue("payload");
    }

    private Optional<String> text(String field, Pattern pattern, String expected) {
        Optional<String> text = string(field);
        if (text.isPresent() && !pattern.matcher(text.get()).matches()) {
            throw bad(field + " has " + expected);
        }
        return text;
    }

    private Optional<String> string(String field) {
        Object value = json.getValue(field);
        if (value != null && !(value instanceof String)) {
            throw bad(field + " is a string");
        }
        return Optional.ofNullable((String) value);
    }

    private long whole(String field, long least, long most, long otherwise) {
        Object value = json.getValue(field);
        if (value == null) {
            return otherwise;
        }
        boolean whole = value instanceof Integer || value instanceof Long;
        if (!whole || ((Number) value).longValue() < least || ((Number) value).longValue() > most) {
            throw bad(field + " is a whole number from " + least + " to " + most);
        }
        return ((Number) value).longValue();
    }

    /** What {@code latest} and {@code signal} replace by: see {@link EventContent#conflationKey()}. */
    static String conflationKey(AddressRule rule, Optional<String> resourceId, String type, String sender) {
        if (rule.delivery() == DeliveryKind.LATEST) {
            return resourceId.orElse("");
        }
        return type + "|" + resourceId.orElse(sender);
    }

    /** The first 64 bits of SHA-256 over what the publisher gave. */
    static long digest(Buffer... parts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (Buffer part : parts) {
                sha.update(part.getBytes());
                sha.update((byte) 0);
            }
            return Buffer.buffer(sha.digest()).getLong(0);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Puts an encoded payload behind the other fields without encoding it twice. */
    static Buffer join(JsonObject envelope, Buffer payload) {
        byte[] head = envelope.encode().getBytes(StandardCharsets.UTF_8);
        return Buffer.buffer(head.length + payload.length() + 12)
                .appendBytes(head, 0, head.length - 1)
                .appendString(",\"payload\":")
                .appendBuffer(payload)
                .appendByte((byte) '}');
    }

    static Buffer encode(@Nullable Object value) {
        return Json.encodeToBuffer(value);
    }

    static HubException bad(String message) {
        return new HubException(ErrorCode.BAD_EVENT, message);
    }

    private static String clip(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64) + "…";
    }
}
