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
 * @param traceparent what led to it, as W3C trace context writes it; empty where nothing is traced
 */
public record Append(
        Address address,
        LogPolicy policy,
        EventContent content,
        String dedupeKey,
        Optional<ConnectionId> notBackTo,
        String publisher,
        String traceparent) {

    /** The wish to add an event that is not traced. */
    public Append(
            Address address,
            LogPolicy policy,
            EventContent content,
            String dedupeKey,
            Optional<ConnectionId> notBackTo,
            String publisher) {
        this(address, policy, content, dedupeKey, notBackTo, publisher, "");
    }

    /** Returns the same wish as a part of a trace. */
    public Append within(String parent) {
        return new Append(address, policy, content, dedupeKey, notBackTo, publisher, parent);
    }
}
