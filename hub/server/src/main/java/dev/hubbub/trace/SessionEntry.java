package dev.hubbub.trace;

import dev.hubbub.protocol.Address;
import java.util.Optional;

/**
 * What happened to one connection: once for a stretch of time, never once for an event.
 *
 * @param atMillis when, in milliseconds since 1970; of a stretch its end
 * @param what what happened
 * @param connection the connection's name; empty for a caller over HTTP
 * @param user who it spoke for
 * @param address where; empty for what concerns the connection itself
 * @param stretch from where to where
 * @param detail why, in plain words or, of a denial, as JSON
 */
public record SessionEntry(
        long atMillis,
        What what,
        String connection,
        String user,
        Optional<Address> address,
        Optional<Stretch> stretch,
        String detail) {

    /** Tells whether it is the same refusal once more, as of a client that asks in a loop. */
    boolean repeats(SessionEntry other) {
        return (what == What.DENIED || what == What.PUBLISH_REFUSED)
                && what == other.what
                && connection.equals(other.connection)
                && user.equals(other.user)
                && address.equals(other.address);
    }

    /** What can happen to a connection. */
    public enum What {
        /** A subscription went live for the first time. */
        SUBSCRIBED,
        /** A stretch ended in which it got every event as it came. */
        LIVE,
        /** A stretch ended in which it was given what it had missed. */
        CAUGHT_UP,
        /** A stretch ended in which signals were dropped, as the client did not read. */
        DROPPED,
        /** It was told {@code POSITION_LOST}: what lies in the stretch it never got. */
        LOST,
        /** Events were owed to it when its subscription ended. */
        CUT_OFF,
        /** It asked for a subscription and was refused. */
        DENIED,
        /** Its subscription ended as the right was taken away. */
        REVOKED,
        /** It published and was refused. */
        PUBLISH_REFUSED,
        /** The connection was closed; the stretch says since when it was open. */
        DISCONNECTED
    }
}
