package dev.hubbub.presence;

import dev.hubbub.protocol.Address;

/**
 * A frame for the subscribers of one event loop who asked for presence.
 *
 * @param address where
 * @param generation names the numbering of the frames; another one begins with a roster
 * @param kind what the frame is
 * @param number a roster's own number
 * @param from who got a roster with this number or a later one gets this one, too
 * @param frame the frame
 */
public record PresenceNews(Address address, long generation, Kind kind, long number, long from, PresenceFrame frame) {

    /** What a frame is. */
    public enum Kind {
        /** For who waits for a roster, and for who {@code from} says. */
        ROSTER,
        /** For who has a roster of this generation. */
        CHANGES
    }

    /** Says that nobody but who waits gets a roster. */
    public static final long NOBODY_ELSE = Long.MAX_VALUE;
}
