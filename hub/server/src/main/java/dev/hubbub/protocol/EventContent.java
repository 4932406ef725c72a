package dev.hubbub.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * One event as it travels through the hub: encoded once, with the few fields that the hub itself looks at.
 *
 * <p>Immutable and shared between event loops; nobody writes to {@link #json()}.
 *
 * @param id the event's id, unique within its address; what makes a retry safe
 * @param type the event's type; empty under a rule with {@code body: any}
 * @param conflationKey what {@code latest} and {@code signal} replace by: the resource, else the actor, else the sender
 * @param resourceId the resource it is about, if it says so
 * @param resourceVersion the version of that resource, or -1 when the event has none
 * @param occurredAtMillis when it happened, in milliseconds since 1970
 * @param payloadHash a digest of what the publisher gave, to tell a retry from another event with the same id
 * @param json the whole event as UTF-8 JSON, exactly as subscribers get it
 */
public record EventContent(
        String id,
        Optional<String> type,
        String conflationKey,
        Optional<String> resourceId,
        long resourceVersion,
        long occurredAtMillis,
        long payloadHash,
        Buffer json) {

    /** Says that an event carries no resource version. */
    public static final long NO_VERSION = -1;
}
