package dev.hubbub.presence;

import java.util.Optional;

/**
 * One connection of a user at an address.
 *
 * @param connection its name, unique across nodes
 * @param node the node that holds it
 * @param user whose it is
 * @param claims the claims of the user's token that others see, as a JSON object
 * @param claimsAtMillis since when it shows these claims; says which of a user's devices has the newest
 * @param sinceMillis since when it is here, in milliseconds since 1970
 * @param state what it says of itself
 */
record Device(
        String connection,
        String node,
        String user,
        String claims,
        long claimsAtMillis,
        long sinceMillis,
        Optional<DeviceState> state) {

    /** Returns what it says of itself at a time, as JSON; {@code null} where it says nothing. */
    String stateAt(long nowMillis) {
        return state.filter(set -> !set.isOver(nowMillis))
                .map(DeviceState::json)
                .orElse("null");
    }

    Device leaving(long nowMillis) {
        return with(state.map(set -> set.leaving(nowMillis)));
    }

    Device arriving(long nowMillis) {
        return with(state.map(set -> set.arriving(nowMillis)));
    }

    Device with(Optional<DeviceState> other) {
        return new Device(connection, node, user, claims, claimsAtMillis, sinceMillis, other);
    }
}
