package dev.hubbub.replay;

import java.util.List;

/**
 * What one turn of an owner has for one listening event loop: one hand-over, whatever the number of addresses.
 *
 * @param all at most one delivery for each address and kind
 * @param origin since when the node has the oldest of it
 */
public record Deliveries(List<Delivery> all, Origin origin) implements FeedMessage {
    /** Copies the list. */
    public Deliveries {
        all = List.copyOf(all);
    }

    /**
     * Since when a node has what it delivers; clocks of different nodes are never compared.
     *
     * @param isLocal whether this node owns the addresses: then counted from the event's arrival at the owner, before
     *     it was appended; else from the arrival of the other owner's batch
     * @param nanos that moment, as {@link System#nanoTime} tells it
     */
    public record Origin(boolean isLocal, long nanos) {}
}
