package dev.hubbub.messaging;

import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.EventFrame;
import java.util.List;

/**
 * Consecutive events of one address for the subscribers of one event loop.
 *
 * <p>One object goes to every subscriber of the loop, so that a transport can build the bytes of the whole batch once
 * and share them. Confined to its loop.
 */
public final class EventBatch {
    private final Address address;
    private final List<EventFrame> events;
    private final boolean selective;

    /** Creates a batch; {@code events} is in the order of delivery and not empty. */
    public EventBatch(Address address, List<EventFrame> events) {
        this.address = address;
        this.events = List.copyOf(events);
        boolean some = false;
        for (EventFrame event : this.events) {
            some |= event.notBackTo().isPresent();
        }
        this.selective = some;
    }

    /** Tells whether somebody asked not to hear an event of the batch. */
    public boolean isSelective() {
        return selective;
    }

    /** Returns where the events were published. */
    public Address address() {
        return address;
    }

    /** Returns the events in the order of delivery. */
    public List<EventFrame> events() {
        return events;
    }
}
