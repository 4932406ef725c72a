package dev.hubbub.messaging;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.messaging.Subscription.State;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.Attached;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The flow of a {@code latest} address: the newest value of each resource.
 *
 * <p>Who comes gets the current values, or those newer than its position; who is slow gets, when it has drained, the
 * values that are current then. When an offset is skipped or the epoch or term is another, the loop attaches anew,
 * which brings the values of that moment; nothing of what the thinning held back is older than those.
 */
final class LatestFlow implements Flow {
    private final Feed feed;
    private final Thinning thinning;
    private final CurrentValues values = new CurrentValues();
    private Position head;
    private long countedBytes;

    LatestFlow(Feed feed, Position head) {
        this.feed = feed;
        this.head = head;
        this.thinning = new Thinning(feed, this::out);
    }

    @Override
    public void attached(Attached answer) {
        Position served = served();
        boolean moved = !answer.head().equals(head);
        // One of the same history that is behind was under way while newer values passed it.
        boolean late = answer.head().isSameHistory(head) && answer.head().offset() < head.offset();
        int held = held();
        if (!late) {
            head = answer.head();
            values.clear();
            answer.current().forEach(event -> values.put(event, feed.policy()));
            countValues();
            if (moved) {
                thinning.clear(); // newer values have come, and everybody gets them below
            }
        }
        feed.forEachMember(member -> {
            if (moved && !late && member.state == State.LIVE) {
                catchUpFrom(member, served, held);
            }
            if (isAhead(member.position)) {
                member.position = beforeAll(); // the owner itself is not that far: this place was never its own
            }
            advance(member);
        });
    }

    @Override
    public void events(List<EventFrame> events) {
        List<EventFrame> fresh = new ArrayList<>(events.size());
        for (EventFrame event : events) {
            Position position = event.position().orElseThrow();
            boolean sameHistory = position.isSameHistory(head);
            if (sameHistory && position.offset() == head.offset() + 1) {
                head = position;
                values.put(event, feed.policy());
                fresh.add(event);
            } else if (!sameHistory || position.offset() > head.offset()) {
                feed.meters().hole();
                feed.attachAgain();
                break;
            }
        }
        if (!fresh.isEmpty()) {
            feed.ledger().arrived(fresh.size());
            thinning.add(fresh);
        }
        countValues();
    }

    private void countValues() {
        feed.memory().add(NodeMemory.Use.VALUES, values.heldBytes() - countedBytes);
        countedBytes = values.heldBytes();
    }

    @Override
    public void closed() {
        thinning.clear();
        values.clear();
        countValues();
    }

    private void out(List<EventFrame> events) {
        Position before = before(events.get(0));
        feed.offer(
                new EventBatch(feed.address(), events),
                refused -> {
                    catchUpFrom(refused, before, events.size());
                    refused.blocked = true;
                },
                behind -> {});
    }

    @Override
    public int held() {
        return thinning.size();
    }

    private static Position before(EventFrame event) {
        Position position = event.position().orElseThrow();
        return new Position(position.epoch(), position.term(), position.offset() - 1);
    }

    private Position beforeAll() {
        return new Position(head.epoch(), head.term(), 0);
    }

    /** What is held back has not been served: who comes back with this place gets it. */
    private Position served() {
        return thinning.oldest().map(LatestFlow::before).orElse(head);
    }

    @Override
    public Optional<Position> place() {
        return Optional.of(served());
    }

    private void catchUpFrom(Subscription member, Position position, int held) {
        member.state = State.CATCHING_UP;
        member.position = position;
        feed.ledger().fallsBehind(member, position, head, held);
    }

    @Override
    public void joined(Subscription member) {
        Optional<Position> position = member.options.position().flatMap(Position::parse);
        member.resuming = position.isPresent();
        member.state = State.CATCHING_UP;
        member.position = position.orElseGet(this::beforeAll);
        feed.ledger().begins(member, member.position, head);
        if (isAhead(member.position)) {
            feed.attachAgain(); // another loop may have been faster than this one; the owner knows
        } else {
            advance(member);
        }
    }

    private boolean isAhead(@Nullable Position position) {
        return position != null && position.epoch().equals(head.epoch()) && position.offset() > head.offset();
    }

    @Override
    public void drained(Subscription member) {
        advance(member);
    }

    private void advance(Subscription member) {
        Position position = member.position;
        if (member.state != State.CATCHING_UP || member.blocked || position == null || isAhead(position)) {
            return;
        }
        List<EventFrame> newer = newerThan(position, member);
        if (newer.isEmpty() || feed.deliver(member, new EventBatch(feed.address(), newer))) {
            member.missed += newer.size();
            feed.ledger().goesLive(member, head, newer, held());
            feed.meters().resumed(member);
            member.goLive(served(), DeliveryKind.LATEST);
        } else {
            member.blocked = true;
        }
    }

    /**
     * Values that are still held back by the thinning are left out: they reach the member, live by then, when they
     * leave.
     */
    private List<EventFrame> newerThan(Position position, Subscription member) {
        boolean sameEpoch = position.epoch().equals(head.epoch());
        List<EventFrame> newer = new ArrayList<>();
        for (EventFrame event : values.oldestFirst()) {
            long offset = event.position().orElseThrow().offset();
            if ((!sameEpoch || offset > position.offset())
                    && !thinning.holds(event.content().conflationKey())) {
                newer.add(event);
            }
        }
        int wanted =
                member.announced ? Integer.MAX_VALUE : member.options.recent().orElse(Integer.MAX_VALUE);
        return newer.size() <= wanted ? newer : newer.subList(newer.size() - wanted, newer.size());
    }
}
