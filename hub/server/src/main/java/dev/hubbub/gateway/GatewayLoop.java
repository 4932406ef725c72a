package dev.hubbub.gateway;

import dev.hubbub.auth.Caller.ConnectionInfo;
import dev.hubbub.auth.ClientAddress;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the sockets of one event loop share: bytes, flushes, the wheel; created on the loop and confined to it. */
final class GatewayLoop {
    private static final Logger log = LoggerFactory.getLogger(GatewayLoop.class);

    private final GatewayContext hub;
    private final ContextInternal context;
    private final SharedBytes shared;
    private final FlushList flushes;
    private final Wheel wheel;
    private final Traffic traffic = new Traffic();
    private final Set<Session> sessions = new LinkedHashSet<>();

    GatewayLoop(GatewayContext hub) {
        this.hub = hub;
        this.context = (ContextInternal) hub.vertx().getOrCreateContext();
        this.shared = new SharedBytes(hub.clock());
        this.flushes = new FlushList(this::later, shared::release);
        this.wheel = new Wheel(hub.clock().millis());
    }

    GatewayContext hub() {
        return hub;
    }

    /** Returns what rules and limits may know of the connection that a request came on. */
    ConnectionInfo info(HttpServerRequest request) {
        return ClientAddress.infoOf(request, hub.config().get().http());
    }

    SharedBytes shared() {
        return shared;
    }

    FlushList flushes() {
        return flushes;
    }

    Wheel wheel() {
        return wheel;
    }

    Traffic traffic() {
        return traffic;
    }

    Set<Session> sessions() {
        return sessions;
    }

    /** Runs now, as a task of this loop would: with its context, and with failures caught by {@code onFailure}. */
    void dispatch(Runnable task, Runnable onFailure) {
        ContextInternal before = context.beginDispatch();
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("socket failed", e);
            onFailure.run();
        } finally {
            context.endDispatch(before);
        }
    }

    /** Runs after the tasks that are queued. */
    void later(Runnable task) {
        context.runOnContext(v -> task.run());
    }

    /** Runs once after a time. */
    void after(long millis, Runnable task) {
        hub.vertx().setTimer(millis, timer -> task.run());
    }

    /** Runs at once on this loop, else as soon as this loop comes to it; failures are caught by {@code onFailure}. */
    void onLoop(Runnable task, Runnable onFailure) {
        onLoop(() -> dispatch(task, onFailure));
    }

    /** Runs at once on this loop, else as soon as this loop comes to it. */
    void onLoop(Runnable task) {
        if (context.inThread()) {
            task.run();
        } else {
            later(task);
        }
    }
}
