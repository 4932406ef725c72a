package dev.hubbub.presence;

import dev.hubbub.presence.PresenceMessage.At;
import java.util.List;
import java.util.Optional;

/** What is answered to a {@link PresenceMessage}. */
sealed interface PresenceAnswer {

    /** What a node has at the addresses that it was asked about. */
    record Lists(Incarnation who, List<At> all) implements PresenceAnswer {
        /** Copies the list. */
        public Lists {
            all = List.copyOf(all);
        }
    }

    /**
     * Who is at the addresses that a node listens to, as of a number of the link.
     *
     * @param link names the numbering
     * @param number the last that has gone over the link
     * @param all one for each address, in the order of the question; empty where this node is not the owner
     */
    record Listening(String link, long number, List<Optional<List<Person>>> all) implements PresenceAnswer {
        /** Copies the list. */
        public Listening {
            all = List.copyOf(all);
        }
    }

    /** A page of a roster, as a JSON array, and the counts of all of it. */
    record Page(int users, int devices, String roster, boolean more) implements PresenceAnswer {}
}
