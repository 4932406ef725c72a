package dev.hubbub.replay;

import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.Position;
import java.util.List;

/**
 * What an owner sends to a node that listens: one message, whatever the number of addresses; travels between nodes.
 *
 * @param owner the sender
 * @param link the numbering, as {@link OwnerAnswer.Listening} named it
 * @param number counts up by one with each batch of the link; an empty one is the beat
 * @param deliveries new events, at most one delivery for each address
 * @param heads heads that may have moved without a delivery
 * @param moved addresses that have to be listened to again, wherever they are owned now
 * @param sinceNanos since when the owner has the oldest of it, on the owner's own clock; 0 after it has travelled
 */
record LinkBatch(
        String owner,
        String link,
        long number,
        List<Delivery> deliveries,
        List<Head> heads,
        List<Address> moved,
        long sinceNanos)
        implements ListenerMessage {
    /** Copies the lists. */
    LinkBatch {
        deliveries = List.copyOf(deliveries);
        heads = List.copyOf(heads);
        moved = List.copyOf(moved);
    }

    /** A batch that comes from another node. */
    LinkBatch(
            String owner, String link, long number, List<Delivery> deliveries, List<Head> heads, List<Address> moved) {
        this(owner, link, number, deliveries, heads, moved, 0);
    }

    /** Where a log ends. */
    record Head(Address address, Position position) {}
}
