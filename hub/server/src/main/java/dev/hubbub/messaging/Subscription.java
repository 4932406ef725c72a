package dev.hubbub.messaging;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.Position;
import org.jspecify.annotations.Nullable;

/** One connection's subscription to one address; confined to the connection's event loop. */
final class Subscription {

    /** How far a subscription is. */
    enum State {
        /** The loop is still attaching to the address. */
        WAITING,
        /** It is fed from what is kept until it has reached the head. */
        CATCHING_UP,
        /** It gets every new event; its place is the feed's head. */
        LIVE,
        /** It is over. */
        ENDED
    }

    final Recipient recipient;
    final Address address;
    final SubscribeOptions options;

    State state = State.WAITING;

    /** The last event that was delivered; only meaningful while catching up. */
    @Nullable
    Position position;

    /** Whether {@link #position} came from this hub's own answer and not from the client. */
    boolean positionTrusted;

    /** Whether a read is under way, or has failed and waits to be tried again. */
    boolean reading;

    /** Whether the recipient did not take what it was given, and has not drained since. */
    boolean blocked;

    /** Events that were delivered before the subscription first went live. */
    long missed;

    /** Whether it was told that its address cannot be served for now. */
    boolean degraded;

    /** Whether it has been live before, so that its notices are sent once. */
    boolean announced;

    /** Whether a resume was asked for and succeeded so far. */
    boolean resuming;

    /** Where its feed counts; none before it joins one. */
    @Nullable
    AddressActivity activity;

    /** Whether signals are dropped, since the recipient did not take the last ones. */
    boolean dropping;

    /** What its ledger writes about it. */
    final Course course = new Course();

    /** Whether the log was read for it since it came. */
    boolean fromLog;

    /** Its place in the feed's list of members, for removal in constant time. */
    int index = -1;

    Subscription(Recipient recipient, Address address, SubscribeOptions options) {
        this.recipient = recipient;
        this.address = address;
        this.options = options;
    }

    /** What a subscription is owed, and since when it is in the state that it is in. */
    static final class Course {
        /** Events that it was owed while it caught up, and has not got. */
        long owing;

        /** Up to which offset, or number of arrivals, it is known what it is owed. */
        long owedTo;

        /** The place at which its present stretch began; empty where it began without one. */
        @Nullable
        Position from;

        long sinceMillis;
        long fromSequence;

        /** The first event's number of the stretch in which signals are dropped. */
        long droppedFrom;

        long droppedMillis;
        long dropped;

        /** How many events it was given since it caught up last. */
        long given;
    }

    boolean isOver() {
        return state == State.ENDED;
    }

    /** Tells the recipient, if it asked for notices. */
    void notice(Recipient.Notice notice) {
        if (options.notices()) {
            recipient.notice(notice);
        }
    }

    /** Goes live at {@code head}; the first time it is told so, with what the address keeps. */
    void goLive(Position head, DeliveryKind delivery) {
        state = State.LIVE;
        position = null;
        if (announced) {
            return;
        }
        announced = true;
        if (resuming) {
            if (activity != null) {
                activity.resumed();
            }
            notice(new Recipient.Notice.Recovered(address, head, missed));
        }
        notice(new Recipient.Notice.Subscribed(address, head, delivery));
    }
}
