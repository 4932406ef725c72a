package dev.hubbub.messaging;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.messaging.Subscription.State;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.Attached;
import dev.hubbub.replay.ReadFrom;
import dev.hubbub.replay.ReadResult;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The flow of a log address: every event, in order, without a hole.
 *
 * <p>One mechanism serves a new subscriber, one that comes back and one that was too slow: it is fed from the tail or
 * the log, after its own position, until it has reached the head; only then does it get live events. Nothing is queued
 * for it meanwhile, since the log has it all. Offsets that this loop has seen are dropped; when one is skipped for
 * longer than {@value Hold#MILLIS} ms, or the epoch or term is another, the loop attaches anew and every member catches
 * up from where it stood.
 */
final class LogFlow implements Flow {
    private static final int CHUNK_EVENTS = 256;
    private static final long CHUNK_BYTES = 256 * 1024;
    private static final long PORTION_BYTES = 64 * 1024;
    private static final long RECENT_MILLIS = 250;

    private final Feed feed;
    private Position head;
    private Tail tail;
    private final Hold hold = new Hold();
    private final SharedReads reads;
    private @Nullable Recent recent;
    private boolean fillPending;
    /** Whether the log itself has said that it ends before {@link #head}. */
    private boolean headInDoubt;

    LogFlow(Feed feed, Position head) {
        this.feed = feed;
        this.head = head;
        this.tail = new Tail(head);
        this.reads = new SharedReads(this::readLog);
    }

    @Override
    public void attached(Attached answer) {
        Position old = head;
        boolean sameHistory = answer.head().isSameHistory(head);
        // An answer of the same history that is behind was under way while newer events passed it. But if the log has
        // said so, too, then what this loop heard of was lost before it was safe, and was never answered to anybody.
        boolean takenBack = sameHistory && headInDoubt && answer.head().offset() < head.offset();
        boolean news = !sameHistory || takenBack || answer.head().offset() > head.offset();
        headInDoubt = false;
        if (news) {
            head = answer.head();
            feed.tails().gone(tail);
            tail = new Tail(head);
        }
        feed.forEachMember(member -> {
            if (news && member.state == State.LIVE) {
                catchUpFrom(member, old);
            } else if (!sameHistory || takenBack) {
                feed.ledger().headTakenBack(member, head);
            }
            feed.ledger().owe(member, member.position, head);
            member.positionTrusted &= !takenBack; // the log has to say whether it ever was one
            advance(member);
        });
        hold.dropUpTo(head);
        takeHeld();
    }

    @Override
    public void events(List<EventFrame> events) {
        deliver(takeFollowing(events));
        takeHeld();
    }

    private void deliver(List<EventFrame> fresh) {
        if (fresh.isEmpty()) {
            return;
        }
        Position before = before(fresh.get(0));
        feed.offer(
                new EventBatch(feed.address(), fresh),
                refused -> {
                    catchUpFrom(refused, before);
                    refused.blocked = true;
                },
                behind -> {
                    feed.ledger().owe(behind, behind.position, head);
                    advance(behind);
                });
    }

    /**
     * Moves the head over the events that follow it. What is at or below it is dropped, what is ahead is held for a
     * moment, and anything of another epoch or term makes the loop attach anew: those are never taken from an event.
     */
    private List<EventFrame> takeFollowing(List<EventFrame> events) {
        List<EventFrame> fresh = new ArrayList<>(events.size());
        long heldBefore = tail.heldBytes();
        for (EventFrame event : events) {
            Position position = event.position().orElseThrow();
            if (!position.isSameHistory(head)) {
                feed.attachAgain();
                break;
            }
            if (position.offset() == head.offset() + 1) {
                head = position;
                tail.add(event);
                fresh.add(event);
            } else if (position.offset() > head.offset()) {
                hold.add(event);
            }
        }
        if (!fresh.isEmpty()) {
            feed.tails().used(tail, tail.heldBytes() - heldBefore);
        }
        return fresh;
    }

    /** Goes on with held events if the hole before them has been filled; if not, the log fills it in a while. */
    private void takeHeld() {
        deliver(takeFollowing(hold.takeFollowing(head)));
        if (hold.isOverfull()) {
            hold.clear();
            feed.meters().hole();
            feed.attachAgain();
        } else if (!hold.isEmpty() && !fillPending) {
            fillPending = true;
            feed.after(Hold.MILLIS, () -> {
                fillPending = false;
                if (!hold.isEmpty()) {
                    hold.clear();
                    feed.meters().hole();
                    feed.attachAgain();
                }
            });
        }
    }

    private void catchUpFrom(Subscription member, Position position) {
        member.state = State.CATCHING_UP;
        member.position = position;
        member.positionTrusted = true;
        feed.ledger().fallsBehind(member, position, head, 0);
    }

    @Override
    public void joined(Subscription member) {
        SubscribeOptions options = member.options;
        member.state = State.CATCHING_UP;
        if (options.position().isPresent()) {
            Optional<Position> position = Position.parse(options.position().get());
            if (position.isEmpty()) {
                lost(member, ReadResult.Reason.EPOCH, head);
                return;
            }
            member.resuming = true;
            member.position = position.get();
            feed.ledger().begins(member, position.get(), head);
            advance(member);
        } else if (options.recent().isPresent()) {
            readRecent(member, new ReadFrom.Recent(options.recent().getAsInt()));
        } else {
            goLive(member);
        }
    }

    private void goLive(Subscription member) {
        feed.ledger().goesLive(member, head);
        member.goLive(head, DeliveryKind.LOG);
    }

    @Override
    public Optional<Position> place() {
        return Optional.of(head);
    }

    @Override
    public void drained(Subscription member) {
        advance(member);
    }

    /** Feeds a member that is catching up as far as it goes without waiting. */
    private void advance(Subscription member) {
        while (member.state == State.CATCHING_UP && !member.reading && !member.blocked && member.position != null) {
            Position position = member.position;
            if (position.equals(head)) {
                feed.meters().resumed(member);
                goLive(member);
                return;
            }
            Optional<List<EventFrame>> cached = tail.after(position, CHUNK_EVENTS);
            if (cached.isPresent()) {
                member.positionTrusted = true;
                if (!give(member, cached.get())) {
                    return;
                }
            } else if (isAheadOfFeed(member, position)) {
                return; // its events are on their way to this loop; they move the head and call again
            } else {
                member.reading = true;
                member.fromLog = true;
                reads.after(position, result -> answered(member, result, () -> advance(member)));
            }
        }
    }

    private boolean isAheadOfFeed(Subscription member, Position position) {
        return member.positionTrusted && position.isSameHistory(head) && position.offset() > head.offset();
    }

    /** Gives events in portions, so that a recipient can say after each that it has enough. */
    private boolean give(Subscription member, List<EventFrame> events) {
        for (int from = 0; from < events.size(); ) {
            int until = portion(events, from);
            List<EventFrame> portion = events.subList(from, until);
            if (!feed.deliver(member, new EventBatch(feed.address(), portion))) {
                member.blocked = true;
                return false;
            }
            Position last = events.get(until - 1).position().orElseThrow();
            feed.ledger().gave(member, portion, last);
            member.position = last;
            if (!member.announced) {
                member.missed += until - from;
            }
            from = until;
        }
        return true;
    }

    /** Returns where a portion that begins at {@code from} ends: at its size, and after one event at least. */
    private static int portion(List<EventFrame> events, int from) {
        long bytes = 0;
        int until = from;
        while (until < events.size() && (until == from || bytes < PORTION_BYTES)) {
            bytes += events.get(until).content().json().length();
            until++;
        }
        return until;
    }

    /** Reads for whoever waits, and keeps what joins the tail, so that those who come next need no read. */
    private void readLog(ReadFrom.After from, Handler<AsyncResult<ReadResult>> then) {
        feed.read(from, CHUNK_EVENTS, CHUNK_BYTES, result -> {
            if (result.succeeded() && result.result() instanceof ReadResult.Events read) {
                long heldBefore = tail.heldBytes();
                tail.addBefore(from.position(), read.events());
                feed.tails().used(tail, tail.heldBytes() - heldBefore);
            }
            then.handle(result);
        });
    }

    /** A page that everybody opens at once asks once in a while; what is newer comes from the tail. */
    private void readRecent(Subscription member, ReadFrom.Recent from) {
        Recent known = recent;
        if (known != null && known.from().equals(from)) {
            take(member, known.read());
            return;
        }
        member.reading = true;
        feed.read(from, SubscribeOptions.MAX_RECENT, Long.MAX_VALUE, result -> {
            if (recent == null && result.succeeded() && result.result() instanceof ReadResult.Events read) {
                remember(new Recent(from, read));
            }
            answered(member, result, () -> readRecent(member, from));
        });
    }

    private void remember(Recent read) {
        long bytes = 0;
        for (EventFrame event : read.read().events()) {
            bytes += event.text().length();
        }
        if (bytes <= CHUNK_BYTES) {
            recent = read;
            feed.after(RECENT_MILLIS, () -> recent = null);
        }
    }

    /** The newest events as they were read a moment ago. */
    private record Recent(ReadFrom.Recent from, ReadResult.Events read) {}

    private void answered(Subscription member, AsyncResult<ReadResult> result, Runnable again) {
        if (member.isOver()) {
            return;
        }
        if (result.succeeded()) {
            member.reading = false;
            member.degraded = false;
            take(member, result.result());
        } else {
            // Until then the read counts as under way, so that nothing else makes the member go on, or ask at once.
            feed.tryLater(member, () -> {
                member.reading = false;
                if (!member.isOver()) {
                    again.run();
                }
            });
        }
    }

    @Override
    public void closed() {
        feed.tails().gone(tail);
    }

    private void take(Subscription member, ReadResult result) {
        if (result instanceof ReadResult.Lost lost) {
            lost(member, lost.reason(), lost.head());
            return;
        }
        ReadResult.Events read = (ReadResult.Events) result;
        member.positionTrusted = true;
        if (member.position == null) { // it asked for the latest events
            Position place = read.events().isEmpty()
                    ? read.position()
                    : before(read.events().get(0));
            feed.ledger().begins(member, place, head);
        }
        if (read.events().isEmpty()) {
            member.position = read.position();
            if (!read.position().isSameHistory(head)) {
                feed.attachAgain(); // the log has another term or epoch, which this loop has not heard yet
                return;
            }
            if (read.position().offset() < head.offset()) {
                headInDoubt = true;
                feed.attachAgain(); // its answer makes every member go on
                return;
            }
        } else if (!give(member, read.events())) {
            if (member.position == null) {
                // The first events of a `recent` were refused: they are asked for again, by place, when it drains.
                member.position = before(read.events().get(0));
            }
            return;
        }
        advance(member);
    }

    private static Position before(EventFrame event) {
        Position position = event.position().orElseThrow();
        return new Position(position.epoch(), position.term(), position.offset() - 1);
    }

    /** The subscription goes on from {@code place}; the client has to fetch what was before from elsewhere. */
    private void lost(Subscription member, ReadResult.Reason reason, Position place) {
        feed.ledger().lost(member, reason, place);
        feed.meters().lost(reason);
        member.resuming = false;
        member.state = State.CATCHING_UP;
        member.position = place;
        member.positionTrusted = true;
        feed.activity.lost();
        feed.ledger().owe(member, place, head);
        member.recipient.refuse(feed.address(), positionLost(reason, place));
        advance(member);
    }

    static HubException positionLost(ReadResult.Reason reason, Position place) {
        return new HubException(
                ErrorCode.POSITION_LOST,
                "what came after this position cannot be told any more: fetch a snapshot and go on from details.position",
                new JsonObject()
                        .put("reason", reason.wireName())
                        .put("position", place.toString())
                        .put("snapshot", true));
    }
}
