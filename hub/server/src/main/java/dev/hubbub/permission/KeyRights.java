package dev.hubbub.permission;

import dev.hubbub.config.SourcePosition;
import dev.hubbub.protocol.Address;
import java.util.List;
import java.util.Optional;

/**
 * The compiled rights of one API key.
 *
 * @param admin everything
 * @param publish where it may publish and send
 * @param read where it may subscribe, read and see rosters
 */
record KeyRights(boolean admin, List<Right> publish, List<Right> read) {

    KeyRights {
        publish = List.copyOf(publish);
        read = List.copyOf(read);
    }

    /** One pattern and where it stands in the config. */
    record Right(AddressPattern pattern, SourcePosition at) {}

    /** Tells whether the key may; an admin key always may. */
    boolean allows(Action action, Address address) {
        return admin || right(action, address).isPresent();
    }

    /** Finds the pattern that allows it. */
    Optional<Right> right(Action action, Address address) {
        for (Right right : listFor(action)) {
            if (right.pattern().matches(address)) {
                return Optional.of(right);
            }
        }
        return Optional.empty();
    }

    /** Returns what the config calls the list that the action looks into. */
    static String listName(Action action) {
        return isRead(action) ? "read" : "publish";
    }

    private List<Right> listFor(Action action) {
        return isRead(action) ? read : publish;
    }

    private static boolean isRead(Action action) {
        return action == Action.SUBSCRIBE || action == Action.PRESENCE;
    }
}
