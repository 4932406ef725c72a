package dev.hubbub.replay;

import dev.hubbub.protocol.Address;
import java.util.List;

/** What an event loop that listens is told about its addresses; stays within the node. */
public sealed interface FeedMessage permits Deliveries, FeedMessage.AttachedAgain, FeedMessage.Unreachable {

    /**
     * The node listens anew, to another owner or after a doubt: everything between the loop's own place and this head
     * has to be read from the log.
     */
    record AttachedAgain(Address address, Attached attached) implements FeedMessage {}

    /**
     * Nobody can be listened to for now; the node keeps trying, and tells {@link AttachedAgain} when it has succeeded.
     */
    record Unreachable(List<Address> addresses) implements FeedMessage {
        /** Copies the list. */
        public Unreachable {
            addresses = List.copyOf(addresses);
        }
    }
}
