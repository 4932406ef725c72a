package dev.hubbub.messaging;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.messaging.Accounting.Account;
import dev.hubbub.messaging.Accounting.Loss;
import dev.hubbub.messaging.Subscription.Course;
import dev.hubbub.messaging.Subscription.State;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.ReadResult;
import dev.hubbub.trace.SessionEntry;
import dev.hubbub.trace.SessionEntry.What;
import dev.hubbub.trace.Stretch;
import dev.hubbub.trace.TraceLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the books and the record of one address on one event loop: what each member is owed, got and lost.
 *
 * <p>A live member is owed every event in the moment in which it comes, and what its flow holds back; one that catches
 * up is owed what lies between its place and the head. Nothing is kept for each event and member, only where each
 * member's stretches begin and end. Confined to its loop.
 */
final class Ledger {
    private final Address address;
    private final boolean keepsAll;
    private final Account account;
    private final TraceLog trace;
    private int live;
    private int behind;
    private long arrived;
    private long echoed;

    Ledger(Address address, DeliveryKind kind, Account account, TraceLog trace) {
        this.address = address;
        this.keepsAll = kind == DeliveryKind.LOG;
        this.account = account;
        this.trace = trace;
    }

    // ---- members

    /** A member begins to catch up from a place. */
    void begins(Subscription member, Position place, Position head) {
        behind++;
        Course course = member.course;
        course.owing = 0;
        course.given = 0;
        course.owedTo = keepsAll ? place.offset() : arrived;
        begin(course, place);
        owe(member, place, head);
    }

    private void begin(Course course, @Nullable Position place) {
        course.from = place;
        course.sinceMillis = trace.millis();
        course.fromSequence = trace.sequence();
    }

    /** A live member falls behind at a place; what its flow holds back for it, it is owed as before. */
    void fallsBehind(Subscription member, Position place, Position head, long held) {
        live--;
        behind++;
        note(What.LIVE, member, stretch(member, place, List.of()), "fell behind" + unsent(member));
        Course course = member.course;
        course.owing = keepsAll ? 0 : held;
        course.given = 0;
        course.owedTo = keepsAll ? place.offset() : arrived;
        begin(course, place);
        owe(member, place, head);
    }

    /** A member of a log that catches up is owed what lies before the head. */
    void owe(Subscription member, @Nullable Position place, Position head) {
        Course course = member.course;
        if (!keepsAll || place == null || !place.epoch().equals(head.epoch())) {
            return;
        }
        long more = head.offset() - course.owedTo;
        if (more > 0) {
            course.owedTo = head.offset();
            course.owing += more;
            account.owe(more);
        }
    }

    /** The head of a log has moved to another history, maybe to before what was heard: nobody is owed what is gone. */
    void headTakenBack(Subscription member, Position head) {
        Course course = member.course;
        Position place = member.position;
        if (member.state != State.CATCHING_UP || place == null || !place.epoch().equals(head.epoch())) {
            return;
        }
        long end = Math.max(head.offset(), place.offset());
        long gone = Math.min(course.owedTo - end, course.owing);
        if (gone > 0) {
            course.owing -= gone;
            account.lose(Loss.WITHDRAWN, gone);
        }
        course.owedTo = Math.min(course.owedTo, end);
    }

    /** A member of a log took events, up to a place. */
    void gave(Subscription member, List<EventFrame> events, Position last) {
        owe(member, member.position == null ? last : member.position, last);
        member.course.owing -= events.size();
        member.course.given += events.size();
        settle(member, events);
    }

    private void settle(Subscription member, List<EventFrame> events) {
        long echoes = echoes(member, events);
        account.deliver(events.size() - echoes);
        if (echoes > 0) {
            account.lose(Loss.ECHO, echoes);
        }
    }

    private static long echoes(Subscription member, List<EventFrame> events) {
        long echoes = 0;
        for (EventFrame event : events) {
            boolean own = event.notBackTo()
                    .filter(member.recipient.connection()::equals)
                    .isPresent();
            echoes += own ? 1 : 0;
        }
        return echoes;
    }

    /** A member of a log goes live; then it has got all that it was owed. */
    void goesLive(Subscription member, Position head) {
        if (member.state == State.CATCHING_UP && member.course.from != null) {
            caughtUp(member, head, List.of());
            loseAll(member, Loss.UNEXPLAINED);
        }
        nowLive(member, head);
    }

    /**
     * A member of an address that keeps no log goes live.
     *
     * @param given the current values that it took
     * @param held how many events are held back, which it will get as the others do
     */
    void goesLive(Subscription member, Position head, List<EventFrame> given, long held) {
        long needed = given.size() + held;
        long owing = 0;
        if (member.course.from != null) {
            owing = owingNow(member);
            caughtUp(member, head, given);
        }
        if (owing < needed) {
            account.owe(needed - owing);
        } else if (owing > needed) {
            account.lose(Loss.CONFLATED, owing - needed);
        }
        settle(member, given);
        member.course.owing = 0;
        nowLive(member, head);
    }

    private long owingNow(Subscription member) {
        return member.course.owing + (keepsAll ? 0 : arrived - member.course.owedTo);
    }

    private void caughtUp(Subscription member, Position head, List<EventFrame> given) {
        behind--;
        member.course.given += given.size();
        if (member.course.given > 0) {
            List<String> ids = new ArrayList<>();
            given.stream()
                    .limit(Stretch.MOST_IDS)
                    .forEach(event -> ids.add(event.content().id()));
            note(What.CAUGHT_UP, member, stretch(member, head, ids), "");
        }
    }

    private void nowLive(Subscription member, Position head) {
        live++;
        begin(member.course, keepsAll ? head : null);
        if (!member.announced) {
            note(What.SUBSCRIBED, member, stretch(member, head, List.of()), wish(member));
        }
    }

    private static String wish(Subscription member) {
        if (member.options.position().isPresent()) {
            return member.resuming ? "resumed" : "resumed, but its position was lost";
        }
        return member.options.recent().isPresent() ? "asked for the latest events first" : "new events only";
    }

    /** A member is told that what came before a place is lost to it. */
    void lost(Subscription member, ReadResult.Reason reason, Position place) {
        Course course = member.course;
        boolean began = course.from != null;
        if (began) {
            loseAll(member, Loss.POSITION_LOST);
            if (course.given > 0 && member.position != null) {
                note(What.CAUGHT_UP, member, stretch(member, member.position, List.of()), "");
            }
            behind--;
        }
        Optional<Position> from = Optional.ofNullable(member.position);
        Stretch gap =
                new Stretch(keepsAll, from, Optional.of(place), course.sinceMillis, 0, 0, course.owing, List.of());
        note(What.LOST, member, gap, reason.wireName());
        course.owing = 0;
        begins(member, place, place);
    }

    private void loseAll(Subscription member, Loss why) {
        long owing = owingNow(member);
        if (owing > 0) {
            account.lose(why, owing);
        } else if (owing < 0) {
            account.owe(-owing); // it got more than it was owed
        }
        member.course.owing = 0;
        member.course.owedTo = keepsAll ? member.course.owedTo : arrived;
    }

    /**
     * A member has left.
     *
     * @param place up to where the live members were served
     * @param held how many events the flow holds back
     */
    void left(Subscription member, State before, Optional<Position> place, long held, Loss why) {
        stopsDropping(member);
        if (before == State.LIVE) {
            live--;
            if (held > 0) {
                account.lose(why, held);
            }
            note(What.LIVE, member, openStretch(member, place), words(why));
        } else if (member.course.from != null) {
            behind--;
            long owing = owingNow(member);
            loseAll(member, why);
            What what = owing > 0 ? What.CUT_OFF : What.CAUGHT_UP;
            if (owing > 0 || member.course.given > 0) {
                Position until = member.position == null ? member.course.from : member.position;
                note(what, member, stretch(member, until, List.of()), words(why) + unsent(member));
            }
        }
        account.post();
    }

    private static String words(Loss why) {
        return switch (why) {
            case UNSUBSCRIBED -> "the client unsubscribed";
            case REVOKED -> "the right was taken away";
            case CLOSED -> "the connection ended";
            default -> "the connection failed";
        };
    }

    // ---- events

    /** Events came to an address without a log: every member is owed them. */
    void arrived(int events) {
        arrived += events;
        account.owe((long) events * (live + behind));
    }

    /** Notes what is particular of a member that took a batch: its own event, or the end of a drop. */
    void tookSome(Subscription member, EventBatch batch) {
        echoed += batch.isSelective() ? echoes(member, batch.events()) : 0;
        stopsDropping(member);
    }

    /** A live member's connection failed over a batch. */
    void broken(EventBatch batch) {
        if (keepsAll) {
            account.withhold(Loss.BROKEN, batch.events().size());
        } else {
            account.lose(Loss.BROKEN, batch.events().size());
        }
    }

    /** A batch of signals was too much for a live member. */
    void dropped(Subscription member, int events) {
        account.lose(Loss.DROPPED, events);
        Course course = member.course;
        if (!member.dropping) {
            member.dropping = true;
            course.droppedFrom = trace.sequence();
            course.droppedMillis = trace.millis();
            course.dropped = 0;
        }
        course.dropped += events;
    }

    private void stopsDropping(Subscription member) {
        if (member.dropping) {
            note(What.DROPPED, member, droppedStretch(member), "the client did not read" + unsent(member));
            member.dropping = false;
        }
    }

    /** A newer event took the place of one that was held back. */
    void conflated(EventFrame older, EventFrame newer) {
        if (live > 0) {
            account.lose(Loss.CONFLATED, live);
            trace.conflated(older, newer, live);
        }
    }

    /** A batch has been offered to every live member. */
    void offered(EventBatch batch, int took, int missed) {
        if (took + missed == 0) {
            return;
        }
        long events = (long) took * batch.events().size();
        if (keepsAll) {
            account.owe(events);
        }
        account.deliver(events - echoed);
        if (echoed > 0) {
            account.lose(Loss.ECHO, echoed);
            echoed = 0;
        }
        trace.delivered(batch.events(), took, missed);
    }

    /** Shows the turn's notes in the metrics. */
    void post() {
        account.post();
    }

    // ---- what is asked of it

    /** Returns the stretch that a member is in now, up to its place. */
    Stretch openStretch(Subscription member, Optional<Position> to) {
        return stretch(member, to.orElse(null), List.of());
    }

    /** Returns the stretch in which a member's signals are being dropped now. */
    Stretch droppedStretch(Subscription member) {
        Course course = member.course;
        return new Stretch(
                false,
                Optional.empty(),
                Optional.empty(),
                course.droppedMillis,
                course.droppedFrom,
                trace.sequence(),
                course.dropped,
                List.of());
    }

    private Stretch stretch(Subscription member, @Nullable Position to, List<String> ids) {
        Course course = member.course;
        return new Stretch(
                keepsAll,
                Optional.ofNullable(course.from),
                Optional.ofNullable(to),
                course.sinceMillis,
                course.fromSequence,
                trace.sequence(),
                course.given,
                ids);
    }

    private static String unsent(Subscription member) {
        return member.recipient instanceof Connections.Connection connection && connection.unsentBytes() > 0
                ? ", " + connection.unsentBytes() + " bytes unsent"
                : "";
    }

    private void note(What what, Subscription member, Stretch stretch, String detail) {
        trace.add(new SessionEntry(
                trace.millis(),
                what,
                member.recipient.connection().value(),
                member.recipient.caller().name(),
                Optional.of(address),
                Optional.of(stretch),
                detail));
    }
}
