package dev.hubbub.presence;

import dev.hubbub.protocol.Address;
import java.util.Optional;

/** What the event loops of a node say to its presence; each is answered when it is done. */
sealed interface LocalMessage {

    /** A connection has come, or shows other claims now. */
    record Enter(Address address, PresencePolicy policy, String connection, String user, String claims)
            implements LocalMessage {}

    /** A connection is not there any more. */
    record Leave(Address address, String connection) implements LocalMessage {}

    /**
     * A connection says something of itself.
     *
     * @param json any JSON; empty takes it back
     * @param expiresMillis after which time it is taken back; 0 for never
     */
    record SetState(Address address, String connection, Optional<String> json, long expiresMillis)
            implements LocalMessage {}

    /** A loop wants the roster of an address, and what changes in it. */
    record Watch(Address address, PresencePolicy policy, String inbox) implements LocalMessage {}

    /** A loop does not want it any more. */
    record Unwatch(Address address, String inbox) implements LocalMessage {}
}
