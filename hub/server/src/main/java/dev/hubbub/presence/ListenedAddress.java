package dev.hubbub.presence;

import dev.hubbub.protocol.Address;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An address that subscribers of this node look at; confined to one event loop. */
final class ListenedAddress {
    final Address address;

    /** Names the numbering of the frames. */
    final long generation;

    final ToldRoster roster;

    /** The inboxes of the loops that have subscribers. */
    final Set<String> inboxes = new LinkedHashSet<>();

    /** Those of them that wait for a roster. */
    final Set<String> waiting = new LinkedHashSet<>();

    /** Whether it is known who is there. */
    boolean ready;

    /** The owner that tells; empty before the first answer. */
    String owner = "";

    boolean asking;

    /** Whether something happened that asks for another question. */
    boolean doubtful;

    /** Whether the question will be sent again in a moment. */
    boolean retrying;

    /** Whether a failure has been logged since the last success. */
    boolean failing;

    private @Nullable PresenceFrame frame;
    private long frameLooks = -1;

    ListenedAddress(Address address, long generation, long graceMillis) {
        this.address = address;
        this.generation = generation;
        this.roster = ToldRoster.forSubscribers(graceMillis);
    }

    /** Returns the roster frame, made anew only when the roster has changed. */
    PresenceFrame frame() {
        PresenceFrame known = frame;
        if (known == null || frameLooks != roster.looks()) {
            known = new PresenceFrame(RosterText.roster(address, roster.roster()));
            frame = known;
            frameLooks = roster.looks();
        }
        return known;
    }
}
