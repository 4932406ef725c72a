package dev.hubbub;

import dev.hubbub.bus.Ownership;
import dev.hubbub.cluster.ClusterNode;
import dev.hubbub.config.ClusterConfig;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the cluster looks from this node, for readiness, metrics and people; a node without others is always safe.
 *
 * <p>What takes a round through the cluster is asked for every {@value #LOOK_MILLIS} ms, and told as of then.
 */
final class ClusterWatch {
    private static final Logger log = LoggerFactory.getLogger(ClusterWatch.class);
    private static final long LOOK_MILLIS = 1_000;

    private final Ownership ownership;
    private final Optional<ClusterNode> cluster;
    private final ClusterConfig config;
    private final PathWatch paths;
    private final AtomicBoolean safe;
    private final AtomicInteger registrations = new AtomicInteger();
    private final AtomicBoolean looking = new AtomicBoolean();

    ClusterWatch(
            Ownership ownership,
            Optional<ClusterNode> cluster,
            ClusterConfig config,
            PathWatch paths,
            MeterRegistry registry) {
        this.paths = paths;
        this.ownership = ownership;
        this.cluster = cluster;
        this.config = config;
        this.safe = new AtomicBoolean(cluster.isEmpty());
        Gauge.builder("hubbub.cluster.nodes", ownership, one -> one.nodes().size())
                .description("Nodes that this node sees, itself included.")
                .register(registry);
        Gauge.builder("hubbub.cluster.serving", ownership, one -> one.isServing() ? 1 : 0)
                .description("1 while there are enough nodes to take publishes.")
                .register(registry);
        Gauge.builder("hubbub.cluster.safe", safe, one -> one.get() ? 1 : 0)
                .description("1 while every log has all its copies.")
                .register(registry);
        cluster.ifPresent(node -> {
            FunctionCounter.builder("hubbub.cluster.lost.partitions", node, ClusterNode::lostPartitions)
                    .description("Parts of the logs of which every copy was lost.")
                    .register(registry);
            FunctionCounter.builder("hubbub.bus.registered.again", node, ClusterNode::registeredAgain)
                    .description("Inboxes of this node that the cluster had to be told of again.")
                    .register(registry);
        });
        Gauge.builder("hubbub.cluster.owned", this, ClusterWatch::share)
                .description("The part of all addresses that this node owns, 0 to 1.")
                .strongReference(true)
                .register(registry);
    }

    private double share() {
        return cluster.map(ClusterNode::share).orElse(1.0);
    }

    void start(Vertx vertx) {
        cluster.ifPresent(node -> vertx.setPeriodic(0, LOOK_MILLIS, timer -> look(node)));
    }

    private void look(ClusterNode node) {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        Future.join(node.isSafe().onSuccess(safe::set), node.registrations().onSuccess(registrations::set))
                .onComplete(done -> {
                    looking.set(false);
                    if (done.failed()) {
                        safe.set(false);
                        log.debug("cluster not seen", done.cause());
                    }
                });
    }

    boolean isServing() {
        return ownership.isServing();
    }

    /** Tells whether the node is fit to serve: enough nodes are there, and events reach it. */
    boolean isFit() {
        return isServing() && paths.fault().isEmpty();
    }

    /** Returns the ways to and from this node. */
    JsonArray paths() {
        return paths.list();
    }

    JsonObject details() {
        JsonObject details = new JsonObject()
                .put("nodes", ownership.nodes().size())
                .put("minimumNodes", config.quorum())
                .put("serving", isServing())
                .put("safe", safe.get())
                .put("owned", Math.round(share() * 1_000) / 1_000.0)
                .put("registrations", registrations.get());
        if (!isServing()) {
            details.put(
                    "why",
                    "this node sees " + ownership.nodes().size() + " of at least " + config.quorum()
                            + " nodes: it keeps its sockets and refuses publishes until the others are back");
        } else {
            paths.fault().ifPresent(fault -> details.put("why", fault));
        }
        return details;
    }
}
