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
 */
record LinkBatch(
        String owner, String link, long number, List<Delivery> deliveries, List<Head> heads, List<Address> moved)
        implements ListenerMessage {
    /** Copies the lists. */
    LinkBatch {
        deliveries = List.copyOf(deliveries);
        heads = List.copyOf(heads);
        moved = List.copyOf(moved);
    }

    /** Where a log ends. */
    record Head(Address address, Position position) {}
}
