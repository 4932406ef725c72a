package dev.hubbub.presence;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.Bus.Reach;
import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.Ownership;
import dev.hubbub.bus.ServiceCalls;
import dev.hubbub.telemetry.LoopDelay;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;

/**
 * The presence of a node: its devices, the rosters that it owns, and those that its subscribers look at.
 *
 * <p>Deploy one instance per node; its event loop owns everything. The inbox {@code hub.presence.<node>} is open to the
 * cluster, {@code hub.here.<node>} to the node itself. After a restart nothing is left: devices come with their
 * connections, and rosters from the nodes that hold them.
 */
public final class PresenceVerticle extends VerticleBase {
    private static final long SECOND_MILLIS = 1_000;

    private final Bus bus;
    private final Ownership ownership;
    private final ServiceCalls services;
    private final Clock clock;
    private final MeterRegistry registry;

    /** Creates the verticle of a node; {@code services} are told who joins and leaves where a rule says so. */
    public PresenceVerticle(Bus bus, Ownership ownership, ServiceCalls services, Clock clock, MeterRegistry registry) {
        this.bus = bus;
        this.ownership = ownership;
        this.services = services;
        this.clock = clock;
        this.registry = registry;
    }

    @Override
    public Future<?> start() {
        EventLoop loop = EventLoop.current(vertx, clock);
        PresenceNode node = new PresenceNode(bus, ownership, loop, RosterNotices.over(services), registry);
        ownership.onChange(node::changed);
        LoopDelay.watch(vertx, registry, "presence");
        vertx.setPeriodic(PresenceListener.TICK_MILLIS, timer -> node.tick());
        vertx.setPeriodic(SECOND_MILLIS, timer -> node.second());
        String name = ownership.node();
        return bus.answer(Reach.CLUSTER, PresenceInbox.of(name), PresenceMessage.class, node::answer)
                .compose(open -> bus.answer(PresenceInbox.ofLoops(name), LocalMessage.class, node::answer));
    }
}
