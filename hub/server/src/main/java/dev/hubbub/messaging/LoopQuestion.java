package dev.hubbub.messaging;

import dev.hubbub.messaging.LoopSubscriber.Audience;
import dev.hubbub.permission.PermissionRules;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.CloseCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What every event loop that holds connections can be asked; the answers of all loops make one. */
sealed interface LoopQuestion {

    /** Who listens to the addresses that begin so; answered with {@link Audiences}. */
    record CountAudiences(String prefix) implements LoopQuestion {}

    /** Which connections a user has; answered with {@link Entries}. */
    record ListUser(String user) implements LoopQuestion {}

    /** Close a user's connections; answered with {@link Closed}. */
    record CloseUser(String user, CloseCode code, String reason) implements LoopQuestion {}

    /** Refuse tokens from now on and close what they opened; answered with {@link Closed}. */
    record Revoke(Connections.Revocation revocation, long nowMillis) implements LoopQuestion {}

    /**
     * Send every client away, one after the other and each with another wait; answered at once with {@link Closed}, of
     * how many there are.
     *
     * @param windowMillis over how long they are closed; 0 for all at once
     * @param spreadMillis the longest wait that is told
     * @param turn what the waits of the asked loop leave as a remainder
     * @param turns of how many loops
     */
    record SendAway(long windowMillis, long spreadMillis, int turn, int turns) implements LoopQuestion {}

    /** Close what revoked tokens opened; answered with {@link Closed}. */
    record CutRevoked() implements LoopQuestion {}

    /**
     * Name the subscriptions that these rules would end; asked within the node only, answered with
     * {@link DoorQuestion.Cuts}.
     */
    record WouldCut(PermissionRules rules, int most) implements LoopQuestion {}

    /** The rules have changed: judge everything again; answered with {@link Closed}, of nothing. */
    record JudgeAll() implements LoopQuestion {}

    /** What operators look at, within a node. */
    sealed interface Look extends LoopQuestion {}

    /** The newest connections before one; answered with a list of {@link ConnectionView}. */
    record PageConnections(Inspection.Filter filter, Optional<String> before, int limit) implements Look {}

    /** One connection; answered with a list of {@link ConnectionView.Detail}, which is empty when it is not here. */
    record DescribeConnection(String id) implements Look {}

    /** Close one connection; answered with {@link Closed}. */
    record CloseConnection(String id, CloseCode code, String reason) implements Look {}

    /** The busiest addresses; answered with a list of {@link AddressLoad}. */
    record RankAddresses(AddressLoad.Order order, String match, int limit) implements Look {}

    /** How busy these addresses are; answered with a list of {@link AddressLoad}, without those that nobody uses. */
    record WeighAddresses(List<String> addresses) implements Look {}

    /** The answer to {@link CountAudiences}. */
    record Audiences(Map<Address, Audience> all) {
        /** Copies the counts. */
        public Audiences {
            all = Map.copyOf(all);
        }
    }

    /** The answer to {@link ListUser}. */
    record Entries(List<Connections.Entry> all) {
        /** Copies the list. */
        public Entries {
            all = List.copyOf(all);
        }
    }

    /** How many connections were closed. */
    record Closed(int connections) {}
}
