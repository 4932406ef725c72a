package dev.hubbub.messaging;

import dev.hubbub.protocol.Position;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * What operators look at on one node: who is connected, and which addresses are busy.
 *
 * <p>Answers are pages and counts. A search that has to look at every connection or address does so in slices, so that
 * no event loop stands still for it. Futures fail with {@code TIMEOUT} or {@code UNAVAILABLE} when a loop does not
 * answer.
 */
public interface Inspection {

    /**
     * Returns connections, the last that came first.
     *
     * @param before only connections that came before this one, for the next page
     * @param limit at most so many, at least 1
     */
    Future<List<ConnectionView>> connections(Filter filter, Optional<String> before, int limit);

    /** Returns one connection; empty when this node does not have it. */
    Future<Optional<ConnectionView.Detail>> connection(String id);

    /**
     * Closes one connection with {@link dev.hubbub.protocol.CloseCode#FORBIDDEN}.
     *
     * @return whether this node had it
     */
    Future<Boolean> disconnect(String id, String reason);

    /**
     * Returns the busiest addresses, the busiest first, at most a second old.
     *
     * @param match a pattern such as {@code room:{id}}, or how addresses begin; empty for all
     * @param limit at most so many, at least 1
     */
    Future<List<AddressLoad>> busiest(AddressLoad.Order order, String match, int limit);

    /** Returns how busy these addresses are, without those that nobody uses here. */
    Future<List<AddressLoad>> loads(List<String> addresses);

    /**
     * Tells which rule is about an address; empty when none is.
     *
     * @throws dev.hubbub.protocol.HubException with {@code BAD_ADDRESS}
     */
    Optional<RuleOf> rule(String address);

    /** Counts what is retained of an address, wherever it is; empty when it has no log. */
    Future<Optional<LogOf>> log(String address);

    /**
     * Which connections are wanted; what is empty does not matter.
     *
     * @param user whose
     * @param ip from where
     * @param address who is subscribed to it
     * @param slow only those that do not keep up
     */
    record Filter(Optional<String> user, Optional<String> ip, Optional<String> address, boolean slow) {}

    /**
     * The rule of an address.
     *
     * @param match its pattern
     * @param where its place, as {@code file:line:column}
     * @param delivery log, latest or signal
     */
    record RuleOf(String match, String where, String delivery) {}

    /**
     * What is retained of an address.
     *
     * @param events how many events
     * @param bytes their JSON, in bytes
     * @param first the oldest one's place
     * @param last the head of the log
     */
    record LogOf(int events, long bytes, Optional<Position> first, Optional<Position> last) {}
}
