package dev.hubbub.replay;

import java.util.List;

/**
 * What one turn of an owner has for one listening event loop: one hand-over, whatever the number of addresses.
 *
 * @param all at most one delivery for each address
 */
public record Deliveries(List<Delivery> all) implements FeedMessage {
    /** Copies the list. */
    public Deliveries {
        all = List.copyOf(all);
    }
}
