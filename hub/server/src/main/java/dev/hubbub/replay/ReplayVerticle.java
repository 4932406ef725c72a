package dev.hubbub.replay;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.Bus.Inbox;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.replay.AppendResult.Appended;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of the owner: appends, reads, and hands new events to who listens.
 *
 * <p>Its one event loop owns the store and the listeners. Events that several questions of a turn append leave in one
 * hand-over per inbox at the turn's end; their frames are encoded once, and only where somebody listens. A listener
 * that attaches within a turn may therefore get events at or below its head too, and drops them.
 *
 * <p>Listeners are forgotten when the verticle stops; what remains of the logs is the store's promise. Deploy one
 * instance per node.
 */
public final class ReplayVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayVerticle.class);
    private static final long SWEEP_MILLIS = 1_000;
    private static final int OWNER_CHARACTERS = 16;

    private final String node;
    private final Bus bus;
    private final ReplayStore store;
    private final Clock clock;
    private final String owner;
    private final Listeners listeners = new Listeners();
    private @Nullable Inbox inbox;
    private boolean flushPending;
    private long turns;
    private long sweepFailures;

    /**
     * Creates the owner of a node.
     *
     * @param node the node's name, part of the inbox
     * @param store used by this verticle alone
     * @param ids random texts of at least 16 characters {@code A-Z a-z 0-9}; the end of one names this start of the
     *     node in terms and epochs, so two nodes must never get the same
     */
    public ReplayVerticle(String node, Bus bus, ReplayStore store, Clock clock, Supplier<String> ids) {
        this.node = node;
        this.bus = bus;
        this.store = store;
        this.clock = clock;
        this.owner = ownerFrom(ids.get());
    }

    private static String ownerFrom(String id) {
        String owner = id.substring(Math.max(0, id.length() - OWNER_CHARACTERS));
        boolean fits = owner.length() == OWNER_CHARACTERS
                && owner.chars().allMatch(c -> c < 0x80 && Character.isLetterOrDigit(c));
        if (!fits) {
            throw new IllegalArgumentException("id: " + id + " (expected: 16 or more of A-Z a-z 0-9)");
        }
        return owner;
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(SWEEP_MILLIS, timer -> sweep());
        return bus.answer(ReplayInbox.of(node), ReplayQuestion.class, this::answer)
                .onSuccess(opened -> inbox = opened);
    }

    @Override
    public Future<?> stop() {
        return inbox == null ? Future.succeededFuture() : inbox.close();
    }

    private Future<Object> answer(ReplayQuestion question) {
        if (question instanceof ReplayQuestion.AppendEvents append) {
            return append(append.events()).map(results -> results);
        }
        if (question instanceof ReplayQuestion.Attach attach) {
            return attach(attach).map(attached -> attached);
        }
        if (question instanceof ReplayQuestion.Detach detach) {
            listeners.remove(detach.address(), detach.inbox());
            return Future.succeededFuture();
        }
        if (question instanceof ReplayQuestion.Read read) {
            return store.read(read.address(), read.policy(), read.from(), read.limits(), turn())
                    .map(result -> result);
        }
        if (question instanceof ReplayQuestion.Info info) {
            return store.info(info.address()).map(counts -> counts);
        }
        if (question instanceof ReplayQuestion.ListLogs list) {
            return store.list(list.wanted(), list.limit()).map(infos -> infos);
        }
        throw new IllegalStateException("no answer to " + question.getClass().getSimpleName());
    }

    private Future<List<AppendResult>> append(List<Append> events) {
        return store.append(events, turn()).onSuccess(results -> deliver(events, results));
    }

    private void deliver(List<Append> events, List<AppendResult> results) {
        for (int i = 0; i < events.size(); i++) {
            Append wish = events.get(i);
            if (results.get(i) instanceof Appended appended && !appended.duplicate() && listeners.has(wish.address())) {
                listeners.collect(wish.policy().kind(), frame(wish, appended));
                flushAtTheEndOfTheTurn();
            }
        }
    }

    private static EventFrame frame(Append wish, Appended appended) {
        return new EventFrame(wish.address(), appended.position(), wish.content(), wish.notBackTo());
    }

    private void flushAtTheEndOfTheTurn() {
        if (!flushPending) {
            flushPending = true;
            // Behind the questions that are already queued on this loop, so that their events leave together.
            context.runOnContext(end -> {
                flushPending = false;
                listeners.flush(bus::tell);
            });
        }
    }

    private Future<Attached> attach(ReplayQuestion.Attach attach) {
        // Listening starts before the head is read: never the other way round, or an event could fall between.
        boolean added = listeners.add(attach.address(), attach.inbox());
        return store.attached(attach.address(), attach.policy(), turn()).onFailure(cause -> {
            if (added) {
                listeners.remove(attach.address(), attach.inbox());
            }
        });
    }

    private void sweep() {
        store.sweep(listeners::has, turn()).onFailure(cause -> {
            sweepFailures++;
            LOG.warn("replay_sweep_failed node={} failures={}", node, sweepFailures, cause);
        });
    }

    /** A turn's fresh epoch is random by its owner part and new by its number. */
    private Turn turn() {
        turns++;
        return new Turn(owner, owner + Long.toString(turns, Character.MAX_RADIX), clock.millis());
    }
}
