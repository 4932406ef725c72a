package dev.hubbub.replay;

import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.EventContent;
import java.util.Optional;

/**
 * The wish to add one event to an address.
 *
 * @param address where
 * @param policy what the address keeps
 * @param content the event
 * @param dedupeKey what makes a retry recognisable: the event's own id, or the publisher's idempotency key; the same
 *     key gives the first answer again, or {@code BAD_EVENT} when the payload differs
 * @param notBackTo the connection that asked not to hear its own event
 * @param publisher who published, for evidence
 */
public record Append(
        Address address,
        LogPolicy policy,
        EventContent content,
        String dedupeKey,
        Optional<ConnectionId> notBackTo,
        String publisher) {}
