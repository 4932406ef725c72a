package dev.hubbub;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.hubbub.config.DrainConfig;
import dev.hubbub.ops.DrainControl;
import dev.hubbub.ops.NodeDirectory;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node goes without anybody noticing.
 *
 * <p>In this order: readiness red and no new sockets; every socket closed at its moment, told when to come back; the
 * publishes under way finished, for at most {@value #FINISH_MILLIS} ms; then everything closed, by which the node hands
 * over what it owns and leaves the cluster. When the last other node that takes sockets has gone meanwhile, nobody
 * waits for the rest of the window. Begins once; runs on one context of the node; read from any thread.
 */
final class NodeDrain implements DrainControl {
    private static final Logger log = LoggerFactory.getLogger(NodeDrain.class);
    private static final long STEP_MILLIS = 100;
    private static final long LOOK_MILLIS = 1_000;
    private static final long FINISH_MILLIS = 10_000;
    /** So long clients have to read their close frame and to answer it. */
    private static final long GOODBYE_MILLIS = 500;
    /** So long after the window a socket may take to be counted out. */
    private static final long SLACK_MILLIS = 1_000;

    private final Vertx vertx;
    private final NodeParts parts;
    private final RunningNode running;
    private final NodeDirectory nodes;
    private final AtomicInteger publishes;
    private final Context context;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final Promise<DrainPlan> planned = Promise.promise();
    private final Promise<Void> ended = Promise.promise(); // of no context: it has to outlive the event loops
    private volatile Phase phase = Phase.SERVING;
    private volatile DrainPlan plan = new DrainPlan(0, 0, 0, 0);
    private volatile long beganMillis;
    private long movedMillis;
    private long lookedMillis;

    private enum Phase {
        SERVING,
        MOVING,
        FINISHING,
        LEAVING,
        GONE;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Prepares the drain of a node.
     *
     * @param publishes how many events of this node's publishers have no answer yet
     */
    NodeDrain(Vertx vertx, NodeParts parts, RunningNode running, NodeDirectory nodes, AtomicInteger publishes) {
        this.vertx = vertx;
        this.parts = parts;
        this.running = running;
        this.nodes = nodes;
        this.publishes = publishes;
        this.context = vertx.getOrCreateContext();
    }

    @Override
    public Future<JsonObject> begin() {
        if (begun.compareAndSet(false, true)) {
            beganMillis = parts.clock().millis();
            phase = Phase.MOVING;
            running.stopping();
            context.runOnContext(turn -> accepts()
                    .onComplete(others -> move(others.otherwise(List.of()).result())));
        }
        return planned.future().map(known -> progress());
    }

    private DrainConfig config() {
        return parts.live().get().config().drain();
    }

    /** Asks which other nodes take sockets, and how many a second each. */
    private Future<List<Integer>> accepts() {
        return nodes.list()
                .map(all -> all.stream()
                        .map(JsonObject.class::cast)
                        .filter(node -> !node.getString("node").equals(nodes.node()))
                        .filter(node -> "ready".equals(node.getString("state")))
                        .map(node -> node.getInteger("accepts", DrainConfig.DEFAULT.accepts()))
                        .toList());
    }

    private void move(List<Integer> accepts) {
        plan = DrainPlan.of(config(), running.connections(), accepts);
        movedMillis = parts.clock().millis();
        lookedMillis = movedMillis;
        log.info(
                "node draining sockets={} others={} windowMillis={}",
                plan.sockets(),
                plan.others(),
                plan.windowMillis());
        sendAway(plan);
        planned.complete(plan);
        step();
    }

    private void sendAway(DrainPlan how) {
        parts.world()
                .loops()
                .sendAllAway(how.windowMillis(), how.spreadMillis())
                .onFailure(failure -> log.warn("not every client is told reason={}", failure.getMessage()));
    }

    private void step() {
        long now = parts.clock().millis();
        boolean late = now - movedMillis > plan.windowMillis() + SLACK_MILLIS;
        if (phase == Phase.MOVING && (running.connections() == 0 || late)) {
            phase = Phase.FINISHING;
            lookedMillis = now;
        }
        if (phase == Phase.FINISHING && (publishes.get() == 0 || now - lookedMillis > FINISH_MILLIS)) {
            leave();
            return;
        }
        if (phase == Phase.MOVING && now - lookedMillis > LOOK_MILLIS && plan.windowMillis() > 0) {
            lookedMillis = now;
            accepts()
                    .onSuccess(this::hurryIfAlone)
                    .onFailure(failure -> log.debug("other nodes not seen reason={}", failure.getMessage()));
        }
        vertx.setTimer(STEP_MILLIS, timer -> step());
    }

    private void hurryIfAlone(List<Integer> accepts) {
        if (accepts.isEmpty() && plan.windowMillis() > 0 && phase == Phase.MOVING) {
            log.info("no other node takes sockets any more, closing the rest sockets={}", running.connections());
            plan = DrainPlan.of(config(), running.connections(), List.of());
            sendAway(plan);
        }
    }

    private void leave() {
        phase = Phase.LEAVING;
        log.info(
                "node leaving sockets={} publishes={} afterMillis={}",
                running.connections(),
                publishes.get(),
                parts.clock().millis() - beganMillis);
        Future<Void> goodbye = plan.sockets() == 0
                ? Future.succeededFuture()
                : vertx.timer(GOODBYE_MILLIS, MILLISECONDS).mapEmpty();
        // Not as one chain: its end would be told on a loop, and there is none any more.
        goodbye.onComplete(said -> vertx.close().onComplete(this::gone));
    }

    private void gone(AsyncResult<Void> closed) {
        phase = Phase.GONE;
        log.info("node gone afterMillis={}", parts.clock().millis() - beganMillis);
        ended.handle(closed);
    }

    @Override
    public JsonObject progress() {
        Phase now = phase;
        JsonObject progress = new JsonObject().put("node", nodes.node()).put("phase", now.text());
        if (now == Phase.SERVING) {
            return progress;
        }
        return progress.put("sockets", plan.sockets())
                .put("socketsLeft", running.connections())
                .put("publishes", publishes.get())
                .put("others", plan.others())
                .put("windowMillis", plan.windowMillis())
                .put("elapsedMillis", parts.clock().millis() - beganMillis)
                .put("limitMillis", config().limit().toMillis());
    }

    boolean hasBegun() {
        return begun.get();
    }

    /** Ends when the node has gone; fails when it could not close everything. */
    Future<Void> ended() {
        return ended.future();
    }

    /** Ends when the drain has begun, with how long it may take until the node has gone, in milliseconds. */
    Future<Long> begun() {
        return planned.future()
                .map(known -> Math.max(
                        0,
                        beganMillis
                                + config().limit().toMillis()
                                - parts.clock().millis()));
    }
}
