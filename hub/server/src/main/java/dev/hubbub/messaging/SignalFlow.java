package dev.hubbub.messaging;

import dev.hubbub.config.DeliveryKind;
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
        feed.ledger().arrived(events.size());
        thinning.add(events);
    }

    private void out(List<EventFrame> events) {
        feed.offer(new EventBatch(feed.address(), events), slow -> feed.dropped(slow, events.size()), behind -> {});
    }

    @Override
    public int held() {
        return thinning.size();
    }

    @Override
    public void joined(Subscription member) {
        feed.ledger().goesLive(member, head, List.of(), held());
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
