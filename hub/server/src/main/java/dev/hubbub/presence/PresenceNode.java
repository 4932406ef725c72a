package dev.hubbub.presence;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.Ownership;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;

/** The three sides of a node's presence, and who of them is meant by a message; confined to one event loop. */
final class PresenceNode {
    private final DeviceReporter reporter;
    private final PresenceOwner owner;
    private final PresenceListener listener;

    PresenceNode(
            Bus bus, Ownership ownership, EventLoop loop, RosterNotices.Services services, MeterRegistry registry) {
        PresenceMeters meters = new PresenceMeters(registry);
        this.reporter = new DeviceReporter(bus, ownership, loop, meters);
        this.owner = new PresenceOwner(bus, ownership, loop, meters, new RosterNotices(services, meters));
        this.listener = new PresenceListener(bus, ownership, loop, meters);
    }

    /** Answers another node, or this one. */
    Future<Object> answer(PresenceMessage message) {
        if (message instanceof PresenceMessage.Listen listen) {
            return owner.listen(listen);
        }
        if (message instanceof PresenceMessage.Read read) {
            return owner.read(read);
        }
        if (message instanceof PresenceMessage.Pull pull) {
            return Future.succeededFuture(reporter.pull(pull));
        }
        take(message);
        return Future.succeededFuture();
    }

    private void take(PresenceMessage message) {
        if (message instanceof PresenceMessage.Tell tell) {
            owner.take(tell);
        } else if (message instanceof PresenceMessage.Changes changes) {
            listener.take(changes);
        } else if (message instanceof PresenceMessage.Forget forget) {
            owner.forget(forget);
        } else if (message instanceof PresenceMessage.TellAll all) {
            reporter.tellAll(all.owner());
        } else if (message instanceof PresenceMessage.Dead dead) {
            reporter.dead(dead);
        }
    }

    /** Answers a loop of this node. */
    Future<Object> answer(LocalMessage message) {
        if (message instanceof LocalMessage.SetState set) {
            return reporter.set(set);
        }
        if (message instanceof LocalMessage.Enter enter) {
            reporter.enter(enter);
        } else if (message instanceof LocalMessage.Leave leave) {
            reporter.leave(leave);
        } else if (message instanceof LocalMessage.Watch watch) {
            listener.watch(watch);
        } else if (message instanceof LocalMessage.Unwatch unwatch) {
            listener.unwatch(unwatch);
        }
        return Future.succeededFuture();
    }

    void changed(Ownership.Change change) {
        reporter.changed(change);
        owner.changed(change);
        listener.changed(change);
    }

    void tick() {
        owner.tick();
        listener.tick();
    }

    void second() {
        reporter.second();
        owner.second();
        listener.second();
    }
}
