package dev.hubbub.messaging;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.messaging.Subscription.State;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.Attached;
import java.util.List;
import java.util.Optional;

/** The flow of a {@code signal} address: who is there and fast enough gets it, nobody else ever will. */
final class SignalFlow implements Flow {
    private final Feed feed;
    private final Thinning thinning;
    private Position head;

    SignalFlow(Feed feed, Position head) {
        this.feed = feed;
        this.head = head;
        this.thinning = new Thinning(feed, this::out);
    }

    @Override
    public void attached(Attached answer) {
        head = answer.head();
    }

    @Override
    public void events(List<EventFrame> events) {
        thinning.add(events);
    }

    private void out(List<EventFrame> events) {
        EventBatch batch = new EventBatch(feed.address(), events);
        feed.forEachMember(member -> {
            if (member.state == State.LIVE && !feed.deliver(member, batch)) {
                feed.dropped(member, events.size());
            }
        });
    }

    @Override
    public void joined(Subscription member) {
        member.goLive(head, DeliveryKind.SIGNAL);
    }

    @Override
    public Optional<Position> place() {
        return Optional.empty();
    }

    @Override
    public void drained(Subscription member) {
        // What it missed is gone, and that is right for a signal.
    }

    @Override
    public void closed() {
        thinning.clear();
    }
}
