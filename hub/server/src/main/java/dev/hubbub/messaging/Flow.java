package dev.hubbub.messaging;

import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.Attached;
import java.util.List;
import java.util.Optional;

/** What a feed does with events and members, by delivery kind; confined to its event loop. */
interface Flow {

    /** The loop listens from here on; called again when it had to listen anew. */
    void attached(Attached answer);

    /** New events came from the owner, in order; old and repeated ones may be among them. */
    void events(List<EventFrame> events);

    /** A subscription has joined an attached feed: it gets what it asked for, then goes live. */
    void joined(Subscription subscription);

    /** Returns the place up to which a live subscription has been served; empty where events have no places. */
    Optional<Position> place();

    /** Returns how many events are held back for every live subscription. */
    default int held() {
        return 0;
    }

    /** A subscription whose recipient had refused events can take some again. */
    void drained(Subscription subscription);

    /** Gives back what is held in memory; nothing is called afterwards. */
    void closed();

    /** Leaves out the events without a place. */
    static List<EventFrame> placed(List<EventFrame> events) {
        for (EventFrame event : events) {
            if (event.position().isEmpty()) {
                return events.stream()
                        .filter(each -> each.position().isPresent())
                        .toList();
            }
        }
        return events;
    }
}
