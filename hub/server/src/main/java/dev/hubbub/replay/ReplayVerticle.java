package dev.hubbub.replay;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.Bus.Reach;
import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.Ownership;
import dev.hubbub.telemetry.EventTrail;
import dev.hubbub.telemetry.LoopDelay;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The logs of a node: the addresses that it owns, and the ones that it listens to.
 *
 * <p>Deploy one instance per node. Its one event loop owns the store, the listeners and the node's attachments. The
 * inboxes {@code hub.replay.<node>} and {@code hub.listen.<node>} are open to the cluster,
 * {@code hub.attachments.<node>} to the node itself.
 */
public final class ReplayVerticle extends VerticleBase {
    private static final long BEAT_MILLIS = 1_000;

    private final World world;
    private final Ownership ownership;
    private final Bus bus;
    private final BusPaths paths;

    /** Creates the verticle of a node. */
    public ReplayVerticle(World world) {
        this.world = world;
        this.ownership = world.ownership();
        this.bus = world.bus();
        this.paths = world.paths();
    }

    /**
     * What the logs of a node use.
     *
     * @param bus how verticles talk
     * @param stores makes the store on the verticle's own loop; used by this verticle alone
     * @param ownership who owns what
     * @param clock the time
     * @param ids random texts of at least 16 characters {@code A-Z a-z 0-9}; the end of one names this start of the
     *     node in terms and epochs, so two nodes must never get the same
     * @param paths is told what the ways between the nodes carry
     * @param registry where meters are kept
     * @param trail which events are followed
     */
    public record World(
            Bus bus,
            Function<EventLoop, ReplayStore> stores,
            Ownership ownership,
            Clock clock,
            Supplier<String> ids,
            BusPaths paths,
            MeterRegistry registry,
            EventTrail trail) {}

    @Override
    public Future<?> start() {
        EventLoop loop = EventLoop.current(vertx, world.clock());
        ReplayMeters meters = new ReplayMeters(world.registry());
        ReplayOwner owner = new ReplayOwner(
                bus,
                world.stores().apply(loop),
                ownership,
                loop,
                world.ids(),
                new ReplayEvidence(meters, world.trail()));
        Attachments attachments = new Attachments(bus, ownership, loop, meters);
        LoopDelay.watch(vertx, world.registry(), "replay");
        ownership.onChange(change -> {
            owner.changed(change);
            attachments.changed(change);
        });
        vertx.setPeriodic(BEAT_MILLIS, timer -> {
            owner.beat();
            owner.sweep();
            attachments.tick();
            tellOthers(paths.beat(ownership.nodes()));
        });
        String node = ownership.node();
        return bus.answer(Reach.CLUSTER, ReplayInbox.ofOwner(node), OwnerQuestion.class, owner::answer)
                .compose(open -> bus.listen(
                        Reach.CLUSTER,
                        ReplayInbox.ofListener(node),
                        ListenerMessage.class,
                        message -> take(message, attachments)))
                .compose(
                        open -> bus.answer(ReplayInbox.ofAttachments(node), AttachQuestion.class, attachments::answer));
    }

    private void take(ListenerMessage message, Attachments attachments) {
        if (message instanceof LinkBatch batch) {
            attachments.take(batch);
        } else if (message instanceof Canary canary) {
            paths.take(canary);
        }
    }

    private void tellOthers(Canary canary) {
        ownership.nodes().stream()
                .filter(other -> !other.equals(ownership.node()))
                .forEach(other -> bus.tell(Reach.CLUSTER, ReplayInbox.ofListener(other), canary));
    }

    /** Who goes says so, or the others would take its silence for a fault. */
    @Override
    public Future<?> stop() {
        tellOthers(paths.leaving());
        return Future.succeededFuture();
    }
}
