package dev.hubbub.replay;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.Bus.Reach;
import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.Ownership;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The real owner and attachments of one node, wired as the replay verticle does, for simulations in other packages. */
public final class SimulatedReplay {
    private final ReplayOwner owner;
    private final Attachments attachments;
    private final boolean listensAgain;

    /**
     * Opens the inboxes of a node.
     *
     * @param listensAgain false removes a safety rule: nothing makes the node listen again, and skipped numbers, heads
     *     and beats are not looked at
     */
    public SimulatedReplay(
            Bus bus,
            ReplayStore store,
            Ownership ownership,
            EventLoop loop,
            Supplier<String> ids,
            boolean listensAgain) {
        this.owner = new ReplayOwner(bus, store, ownership, loop, ids, ReplayEvidence.unseen());
        this.attachments = new Attachments(bus, ownership, loop, ReplayMeters.unseen());
        this.listensAgain = listensAgain;
        String node = ownership.node();
        UnaryOperator<LinkBatch> seen = listensAgain ? UnaryOperator.identity() : new Blind();
        done(bus.answer(Reach.CLUSTER, ReplayInbox.ofOwner(node), OwnerQuestion.class, owner::answer));
        done(bus.listen(
                Reach.CLUSTER,
                ReplayInbox.ofListener(node),
                LinkBatch.class,
                batch -> attachments.take(seen.apply(batch))));
        done(bus.answer(ReplayInbox.ofAttachments(node), AttachQuestion.class, attachments::answer));
        ownership.onChange(change -> {
            owner.changed(change);
            if (listensAgain) {
                attachments.changed(change);
            }
        });
    }

    private static void done(Future<?> opened) {
        if (!opened.succeeded()) {
            throw new AssertionError("a simulated inbox opens at once", opened.cause());
        }
    }

    /** What the verticle does each second. */
    public void second() {
        owner.beat();
        owner.sweep();
        if (listensAgain) {
            attachments.tick();
        }
    }

    /** Hides from a node what would make it doubt. */
    private static final class Blind implements UnaryOperator<LinkBatch> {
        @Override
        public LinkBatch apply(LinkBatch batch) {
            return new LinkBatch(batch.owner(), batch.link(), 0, batch.deliveries(), List.of(), List.of());
        }
    }
}
