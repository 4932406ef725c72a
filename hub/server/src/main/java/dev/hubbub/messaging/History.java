package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what is retained, after asking permission to subscribe (a service: its {@code read} patterns).
 *
 * <p>Futures fail with {@code ACCESS_DENIED}, {@code NOT_LOGGED_IN}, {@code BAD_ADDRESS} or {@code UNAVAILABLE}.
 */
public interface History {

    /**
     * Reads what came after a position; everything retained when there is none.
     *
     * <p>Fails with {@code POSITION_LOST} ({@code details.position}, {@code details.reason}) when that cannot be told.
     *
     * @param limit 1 to 1,000
     */
    Future<Page> after(Caller caller, String address, Optional<String> position, int limit);

    /** Reads the newest events, oldest of them first. */
    Future<Page> recent(Caller caller, String address, int limit);

    /** Searches the newest events for a text, ignoring case, oldest of them first. */
    Future<Page> search(Caller caller, String address, String text, int limit);

    /** Counts one address. */
    Future<AddressCounts> counts(Caller caller, String address);

    /**
     * Lists live addresses that match a pattern and that the caller may read, ordered by address.
     *
     * @param pattern such as {@code workspace:{ws}}
     */
    Future<List<AddressCounts>> list(Caller caller, String pattern, int limit);

    /**
     * Events of one address.
     *
     * @param events in the order of the log
     * @param position where to go on; empty when nothing was ever published there
     * @param more whether there is more
     */
    record Page(List<EventFrame> events, Optional<Position> position, boolean more) {
        /** Copies the list. */
        public Page {
            events = List.copyOf(events);
        }
    }

    /**
     * Counts of one address.
     *
     * @param address the address
     * @param delivery log, latest or signal
     * @param subscribers how many subscriptions there are
     * @param users how many different users they belong to
     * @param events how many events are retained
     * @param first the oldest retained event's place
     * @param last the head of the log
     * @param types retained events of each type
     */
    record AddressCounts(
            Address address,
            String delivery,
            int subscribers,
            int users,
            int events,
            Optional<Position> first,
            Optional<Position> last,
            Map<String, Integer> types) {
        /** Copies the counts. */
        public AddressCounts {
            types = Map.copyOf(types);
        }
    }
}
