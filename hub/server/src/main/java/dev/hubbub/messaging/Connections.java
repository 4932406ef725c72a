package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.auth.Identity;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import java.util.List;

/**
 * The open connections: admission, look-up and cutting.
 *
 * <p>Counts are kept for the whole node on one context; the calls may be made from any event loop and answer on the
 * caller's.
 */
public interface Connections {

    /** Why a connection ended, for who counts; those after {@link #FAILED} are the close codes of the same names. */
    enum Ending {
        /** The client said that it goes. */
        CLIENT,
        /** It was gone without a word; streams and polls always go like this. */
        LOST,
        /** It did not answer two pings. */
        SILENT,
        /** It broke the protocol below ours. */
        INVALID,
        /** Something failed in the hub. */
        FAILED,
        /** No token, a bad one or an expired one. */
        UNAUTHENTICATED,
        /** Forbidden, or cut by an operator. */
        FORBIDDEN,
        /** It did not read. */
        TOO_SLOW,
        /** One connection too many. */
        TOO_MANY_CONNECTIONS,
        /** A frame above {@code limits.frame}. */
        FRAME_TOO_LARGE,
        /** Messages above {@code limits.rate}. */
        TOO_FAST,
        /** The node sent it away. */
        GOING_AWAY;

        /** Returns the ending of a connection that the hub closed. */
        public static Ending of(CloseCode code) {
            return valueOf(code.name());
        }
    }

    /** What a connection must let itself be told by the hub; called on the connection's own loop. */
    interface Connection extends Recipient {

        @Override
        Caller.User caller();

        /** Returns how the client is connected, such as {@code websocket}. */
        String transport();

        /** Returns how many bytes were sent and have not left for the network. */
        long unsentBytes();

        /** Returns why the connection ended; asked when it is counted out. */
        default Ending ending() {
            return Ending.LOST;
        }

        /**
         * Tells a client that asked for notices that the hub is about to close the connection.
         *
         * @param reconnectInMillis when to come back, as the close will say too
         */
        void draining(long reconnectInMillis);

        /** Returns why the connection ended, in plain words, once it has. */
        default String goodbye() {
            return "the client left";
        }

        /** Closes the connection with a code and a reason that the client sees. */
        void close(CloseCode code, String reason);
    }

    /** Tells whether the node sends its connections away, so that new ones belong elsewhere. */
    boolean isDraining();

    /**
     * Counts a new connection in, before its user is known.
     *
     * @return fails with {@code LIMIT_REACHED} when the node or the IP address has its number of connections; with
     *     {@code RATE_LIMITED} when too many come at once and with {@code UNAVAILABLE} when the node's memory is full,
     *     both with {@code details.retryAfterMillis}, which is another for each
     */
    Future<Void> open(Connection connection);

    /**
     * Counts the connection for its user, now that a token was verified; called again after a refresh.
     *
     * @return fails with {@code LIMIT_REACHED} when the user has its number of connections, and with
     *     {@code NOT_LOGGED_IN} when the token was revoked
     */
    Future<Void> identified(Connection connection, Identity identity);

    /** Counts the connection out; nothing happens when it was not counted in. */
    void closed(Connection connection);

    /** Lists a user's connections. The caller must be a service with admin rights, or that user. */
    Future<List<Entry>> of(Caller caller, String user);

    /**
     * Closes a user's connections with {@link CloseCode#FORBIDDEN}.
     *
     * @return how many were closed; fails with {@code ACCESS_DENIED} unless the caller is a service with admin rights
     */
    Future<Integer> disconnect(Caller caller, String user);

    /**
     * Refuses tokens from now on and closes the sessions that they opened, with {@link CloseCode#UNAUTHENTICATED}.
     *
     * @return how many sessions were closed; fails with {@code ACCESS_DENIED} unless the caller is a service with admin
     *     rights
     */
    Future<Integer> revoke(Caller caller, Revocation revocation);

    /** Checks a token that comes with an HTTP request; throws when it was revoked. */
    void requireNotRevoked(Identity identity) throws HubException;

    /**
     * Lets an address from which many bad tokens or keys came wait before the next one is looked at.
     *
     * @throws HubException with {@code RATE_LIMITED} and {@code details.retryAfterMillis}
     */
    void requirePatience(Caller.ConnectionInfo from) throws HubException;

    /**
     * Counts an HTTP request of a user, or of an address without one, against {@code limits.requests}.
     *
     * @throws HubException with {@code RATE_LIMITED} and {@code details.retryAfterMillis}
     */
    void countRequest(Caller.User user) throws HubException;

    /** Counts a refusal that only the caller's room knows of, and logs it: one line a second for each code. */
    void refused(Caller.User caller, HubException why);

    /** Counts that the hub ends a connection with a code, and logs it: one line a second for each code. */
    void cut(Connection connection, CloseCode code);

    /**
     * One open connection.
     *
     * @param id its name
     * @param user its user, {@code anonymous} when it has none
     * @param ip the client's address
     * @param transport how it is connected
     * @param sinceMillis when it was opened, in milliseconds since 1970
     * @param node the node that holds it
     */
    record Entry(ConnectionId id, String user, String ip, String transport, long sinceMillis, String node) {}

    /** Which tokens to refuse. */
    sealed interface Revocation {
        /** One token, by its {@code jti}. */
        record Token(String jti) implements Revocation {}

        /** Every token of a user that was issued before a time, in milliseconds since 1970. */
        record User(String sub, long beforeMillis) implements Revocation {}
    }
}
