package dev.hubbub.presence;

import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ConnectionId;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * The rosters of addresses: who is where, as every node sees it.
 *
 * <p>Whether somebody may see or be seen is decided before, by permission. A roster and its changes come as
 * {@link PresenceNews} to the inbox of the loop that watches.
 */
public interface Presence {

    /**
     * Lets a connection stand in a roster; called again when its claims are others.
     *
     * @param user whose connection it is
     * @param claims the claims that others see, as a JSON object
     */
    void enter(Address address, PresencePolicy policy, ConnectionId connection, String user, String claims);

    /** Ends that; nothing happens for a connection that does not stand there. */
    void leave(Address address, ConnectionId connection);

    /**
     * Sets what a connection says of itself.
     *
     * @param json any JSON; empty takes it back
     * @param expiresMillis after which time it is taken back by itself; 0 for never
     * @return fails with {@code ACCESS_DENIED} for a connection that does not stand in that roster
     */
    Future<Void> setState(Address address, ConnectionId connection, Optional<String> json, long expiresMillis);

    /** Sends a loop the roster, at once and each time that it is asked for, and from then on what changes. */
    void watch(Address address, PresencePolicy policy, String inbox);

    /** Ends that. */
    void unwatch(Address address, String inbox);

    /**
     * Reads a page of a roster, ordered by user.
     *
     * @param limit at least 1
     * @param after the last user of the page before
     * @return fails with {@code UNAVAILABLE} when the owner of the address cannot be reached
     */
    Future<Page> read(Address address, int limit, Optional<String> after);

    /**
     * Some of a roster.
     *
     * @param users how many users there are in all
     * @param devices how many devices they have
     * @param roster a JSON array
     * @param more whether there are more users behind these
     */
    record Page(int users, int devices, String roster, boolean more) {}
}
