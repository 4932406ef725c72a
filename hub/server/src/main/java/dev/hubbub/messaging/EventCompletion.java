package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.config.AddressRule;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.HubException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes a complete event of what a publisher wrote: checks the contract, fills in what is missing, encodes it once.
 *
 * <p>Under {@code body: any} the JSON passes untouched and nothing is added. Safe to call from any event loop.
 */
final class EventCompletion {
    /** Always three digits of a second, as JavaScript writes it. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]*+={0,2}");

    private final Supplier<EventContracts> contracts;
    private final Clock clock;
    private final Supplier<String> ids;

    EventCompletion(Supplier<EventContracts> contracts, Clock clock, Supplier<String> ids) {
        this.contracts = contracts;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Completes one event.
     *
     * @throws HubException with {@code BAD_EVENT}
     */
    Completed complete(Caller caller, AddressRule rule, PublishCommand command) {
        if (rule.body() == AddressRule.Body.EVENT) {
            return event(caller, rule, command);
        }
        if (rule.body() == AddressRule.Body.BINARY) {
            requireBytes(command.event());
        }
        return any(caller, rule, command);
    }

    private Completed event(Caller caller, AddressRule rule, PublishCommand command) {
        EventDraft draft = EventDraft.of(command.event());
        String type = draft.type();
        int version = draft.version();
        Optional<String> ownId = draft.id();
        Optional<String> resourceId = draft.resourceId();
        long resourceVersion = draft.resourceVersion();
        requireContract(rule, type, version, draft.payload());

        long now = clock.millis();
        Instant occurredAt = draft.occurredAt(now);
        String id = ownId.orElseGet(ids);
        Optional<String> actor = draft.actorId(caller);
        JsonObject envelope = new JsonObject()
                .put("id", id)
                .put("type", type)
                .put("version", version)
                .put("occurredAt", TIME.format(occurredAt));
        actor.ifPresent(name -> envelope.put("actorId", name));
        resourceId.ifPresent(resource -> envelope.put("resourceId", resource));
        if (resourceVersion != EventContent.NO_VERSION) {
            envelope.put("resourceVersion", resourceVersion);
        }
        Buffer payload = EventDraft.encode(draft.payload());
        String given = type + "@" + version + "|" + resourceId.orElse("") + "|" + resourceVersion;
        EventContent content = new EventContent(
                id,
                Optional.of(type),
                EventDraft.conflationKey(rule, resourceId, type, sender(caller, actor, command)),
                resourceId,
                resourceVersion,
                occurredAt.toEpochMilli(),
                mayRepeat(ownId, command) ? EventDraft.digest(Buffer.buffer(given), payload) : 0,
                EventDraft.join(envelope, payload));
        return new Completed(content, dedupeKey(ownId, command, id));
    }

    private Completed any(Caller caller, AddressRule rule, PublishCommand command) {
        Buffer json = EventDraft.encode(command.event());
        String id = ids.get();
        Optional<String> resourceId =
                command.event() instanceof JsonObject object && object.getValue("resourceId") instanceof String resource
                        ? Optional.of(resource)
                        : Optional.empty();
        String sender = sender(caller, Optional.empty(), command);
        EventContent content = new EventContent(
                id,
                Optional.empty(),
                EventDraft.conflationKey(rule, resourceId, "", sender),
                resourceId,
                EventContent.NO_VERSION,
                clock.millis(),
                command.idempotencyKey().isPresent() ? EventDraft.digest(json) : 0,
                json);
        return new Completed(content, dedupeKey(Optional.empty(), command, id));
    }

    private static void requireBytes(@Nullable Object body) {
        if (!(body instanceof String text)) {
            throw EventDraft.bad("this address takes bytes: send them as text in base64");
        }
        // Four characters are three bytes; the last four may end in one or two "=".
        if (text.length() % 4 != 0 || !BASE64.matcher(text).matches()) {
            throw EventDraft.bad("this address takes bytes, and the text is not base64");
        }
    }

    private void requireContract(AddressRule rule, String type, int version, @Nullable Object payload) {
        String name = type + "@" + version;
        if (!rule.types().isEmpty() && !rule.types().contains(name)) {
            throw new HubException(
                    ErrorCode.BAD_EVENT,
                    name + " is not one of the types that this address takes",
                    new JsonObject().put("types", rule.types()));
        }
        Optional<String> fault = contracts.get().fault(type, version, payload);
        if (fault.isPresent()) {
            throw EventDraft.bad("the payload breaks the contract of " + name + ": " + fault.get());
        }
    }

    private static String sender(Caller caller, Optional<String> actor, PublishCommand command) {
        boolean nameless =
                caller instanceof Caller.User user && user.identity().subject().isEmpty();
        Optional<String> connection = command.from().filter(from -> nameless).map(ConnectionId::value);
        return actor.or(() -> connection).orElse(caller.name());
    }

    private static boolean mayRepeat(Optional<String> ownId, PublishCommand command) {
        return ownId.isPresent() || command.idempotencyKey().isPresent();
    }

    /** The event's own id wins; keys of the two kinds never meet, since an id holds no blank. */
    private static String dedupeKey(Optional<String> ownId, PublishCommand command, String id) {
        if (ownId.isEmpty() && command.idempotencyKey().isPresent()) {
            return "key " + command.idempotencyKey().get();
        }
        return id;
    }

    /** A complete event and what makes its retry recognisable. */
    record Completed(EventContent content, String dedupeKey) {}
}
