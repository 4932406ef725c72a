package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import dev.hubbub.protocol.ServerFrame;

/**
 * What a connection offers to messaging: a session on a socket, or a stream of Server-Sent Events.
 *
 * <p>Every method is called on the event loop of the connection and must not wait.
 */
public interface Recipient {

    /** Returns the connection's name, the same for its whole life. */
    ConnectionId connection();

    /** Returns who the connection speaks for now; changes when its token is refreshed. */
    Caller caller();

    /**
     * Takes events of one address, all of them or none.
     *
     * <p>A recipient that has more than its share of unsent bytes answers false. Nothing more is then delivered for
     * that address until it calls {@link Subscriber#drained}; what it missed is fed again from the log, replaced by
     * newer values, or dropped, as the address's delivery kind says. It must not call the subscriber from here.
     *
     * @return whether the events were taken
     */
    boolean deliver(EventBatch batch);

    /**
     * Takes a roster or its changes, as a whole frame that is shared by all recipients.
     *
     * <p>As with {@link #deliver(EventBatch)}, one that has more than its share of unsent bytes answers false; it then
     * gets a new roster after {@link Subscriber#drained}.
     *
     * @return whether the frame was taken
     */
    boolean deliver(ServerFrame presence);

    /** Tells about a subscription, when its owner asked for notices. */
    void notice(Notice notice);

    /**
     * Tells that a subscription was refused, interrupted or ended, as an {@code err} frame about {@code address}.
     *
     * <p>After {@code POSITION_LOST} the subscription goes on from {@code details.position}; after any other code it is
     * over.
     */
    void refuse(Address address, HubException why);

    /** A notice about one subscription; its {@code event} is {@link #name()}. */
    sealed interface Notice {
        /** Returns the address it is about. */
        Address address();

        /** Returns the name on the wire, such as {@code hub.subscribed}. */
        String name();

        /**
         * The subscription is live.
         *
         * @param position everything after this comes as events
         * @param delivery what the address keeps, so that a client knows what a newcomer is owed
         */
        record Subscribed(Address address, Position position, DeliveryKind delivery) implements Notice {
            /** Of an address with a log. */
            public Subscribed(Address address, Position position) {
                this(address, position, DeliveryKind.LOG);
            }

            @Override
            public String name() {
                return "hub.subscribed";
            }
        }

        /**
         * Everything that was missed since the client's position has been sent.
         *
         * @param position the last missed event's place
         * @param events how many events were missed
         */
        record Recovered(Address address, Position position, long events) implements Notice {
            @Override
            public String name() {
                return "hub.recovered";
            }
        }

        /**
         * The permission is gone.
         *
         * @param reason in plain words
         */
        record Revoked(Address address, String reason) implements Notice {
            @Override
            public String name() {
                return "hub.revoked";
            }
        }

        /** The address cannot be served for now; nothing will be skipped. */
        record Degraded(Address address) implements Notice {
            @Override
            public String name() {
                return "hub.degraded";
            }
        }
    }
}
