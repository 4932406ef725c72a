package dev.hubbub.messaging;

import dev.hubbub.messaging.Subscription.State;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.Attached;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The flow of a {@code latest} address: the newest value of each resource.
 *
 * <p>Who comes gets the current values, or those newer than its position; who is slow gets, when it has drained, the
 * values that are current then. The loop keeps a copy of the values, bounded by the rule's {@code keep} like the
 * owner's.
 */
final class LatestFlow implements Flow {
    private final Feed feed;
    private final Thinning thinning;
    private final Map<String, EventFrame> values = new LinkedHashMap<>();
    private Position head;

    LatestFlow(Feed feed, Position head) {
        this.feed = feed;
        this.head = head;
        this.thinning = new Thinning(feed, this::out);
    }

    @Override
    public void attached(Attached answer) {
        Position old = head;
        head = answer.head();
        values.clear();
        answer.current().forEach(this::keep);
        if (!head.equals(old)) {
            feed.forEachMember(member -> {
                if (member.state == State.LIVE) {
                    catchUpFrom(member, old);
                }
                advance(member);
            });
        }
    }

    @Override
    public void events(List<EventFrame> events) {
        List<EventFrame> fresh = new ArrayList<>(events.size());
        for (EventFrame event : events) {
            Position position = event.position().orElseThrow();
            if (!position.epoch().equals(head.epoch())) {
                feed.attachAgain();
                break;
            }
            if (position.offset() > head.offset()) {
                head = position;
                keep(event);
                fresh.add(event);
            }
        }
        if (!fresh.isEmpty()) {
            thinning.add(fresh);
        }
    }

    private void keep(EventFrame event) {
        String key = event.content().conflationKey();
        values.remove(key);
        values.put(key, event);
        if (values.size() > feed.policy().maxEvents()) {
            values.remove(values.keySet().iterator().next());
        }
    }

    private void out(List<EventFrame> events) {
        EventBatch batch = new EventBatch(feed.address(), events);
        Position first = events.get(0).position().orElseThrow();
        feed.forEachMember(member -> {
            if (member.state == State.LIVE && !member.recipient.deliver(batch)) {
                catchUpFrom(member, new Position(first.epoch(), first.term(), first.offset() - 1));
                member.blocked = true;
            }
        });
    }

    private static void catchUpFrom(Subscription member, Position position) {
        member.state = State.CATCHING_UP;
        member.position = position;
    }

    @Override
    public void joined(Subscription member) {
        Optional<Position> position = member.options.position().flatMap(Position::parse);
        member.resuming = position.isPresent();
        catchUpFrom(member, position.orElse(new Position(head.epoch(), head.term(), 0)));
        advance(member);
    }

    @Override
    public void drained(Subscription member) {
        advance(member);
    }

    private void advance(Subscription member) {
        Position position = member.position;
        if (member.state != State.CATCHING_UP || member.blocked || position == null) {
            return;
        }
        List<EventFrame> newer = newerThan(position, member);
        if (newer.isEmpty() || member.recipient.deliver(new EventBatch(feed.address(), newer))) {
            member.missed += newer.size();
            member.goLive(head);
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
        for (Map.Entry<String, EventFrame> entry : values.entrySet()) {
            long offset = entry.getValue().position().orElseThrow().offset();
            if ((!sameEpoch || offset > position.offset()) && !thinning.holds(entry.getKey())) {
                newer.add(entry.getValue());
            }
        }
        int wanted =
                member.announced ? Integer.MAX_VALUE : member.options.recent().orElse(Integer.MAX_VALUE);
        return newer.size() <= wanted ? newer : newer.subList(newer.size() - wanted, newer.size());
    }
}
