package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.protocol.Address;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.util.Optional;

/** Reads rosters, after asking permission to see them. */
public interface Rosters {

    /** The most users of one page. */
    int MAX_PAGE = 1_000;

    /**
     * Reads a page of who is at an address, ordered by user.
     *
     * @param limit 1 to {@value #MAX_PAGE}
     * @param after the last user of the page before
     * @return fails with {@code ACCESS_DENIED}, {@code BAD_ADDRESS}, {@code UNAVAILABLE}, and with {@code NOT_FOUND}
     *     when no roster is kept there
     */
    Future<RosterPage> roster(Caller caller, String address, int limit, Optional<String> after);

    /**
     * Some of a roster.
     *
     * @param address where
     * @param users how many users there are in all
     * @param devices how many devices they have
     * @param roster users, each as in a {@code hub.presence} frame
     * @param more whether there are more behind these
     */
    record RosterPage(Address address, int users, int devices, JsonArray roster, boolean more) {}
}
