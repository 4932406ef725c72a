package dev.hubbub.messaging;

import dev.hubbub.protocol.Position;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What operators see of an open connection.
 *
 * @param entry its name, user, address and so on
 * @param agent what the client says that it is
 * @param unsentBytes bytes that were sent and have not left for the network
 * @param slow whether it does not keep up: an address waits for it, or half of what it may have unsent is
 * @param subscriptions how many subscriptions it has
 */
public record ConnectionView(Connections.Entry entry, String agent, long unsentBytes, boolean slow, int subscriptions) {

    /**
     * All there is to tell.
     *
     * @param view the same as in a list
     * @param claims the claims of its token
     * @param expiresAtMillis when its token ends; {@link Long#MAX_VALUE} for never
     * @param addresses what it is subscribed to, ordered by address
     */
    public record Detail(ConnectionView view, Map<String, Object> claims, long expiresAtMillis, List<Place> addresses) {
        /** Copies both. */
        public Detail {
            claims = Map.copyOf(claims);
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * One of its subscriptions.
     *
     * @param address the address
     * @param delivery log, latest or signal
     * @param state waiting, catching_up or live
     * @param position the last event that it was given, or that its address has, when it is live
     * @param blocked whether it waits until the client has read
     * @param presence whether it asked for the roster
     */
    public record Place(
            String address,
            String delivery,
            String state,
            Optional<Position> position,
            boolean blocked,
            boolean presence) {}
}
