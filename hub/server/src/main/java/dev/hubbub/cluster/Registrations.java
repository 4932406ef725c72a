package dev.hubbub.cluster;

import dev.hubbub.bus.InboxRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's inboxes known to the cluster.
 *
 * <p>Who has which inbox stands in a map with copies. Writing to it fails while a copy is on its way to another node,
 * and Vert.x neither tries again nor notices when it republishes in vain after a node has left. A node without its
 * registrations would be a member that nobody can talk to. So a first try that fails is repeated every
 * {@value #RETRY_MILLIS} ms, and every {@value #LOOK_MILLIS} ms what the map says is compared with what is open.
 *
 * <p>A repeated registration is one more entry under a number of its own, which leads to the same handler; it goes with
 * the inbox or with the node. Holds a handful of names. Confined to the context that made it; may be called from any.
 */
final class Registrations implements InboxRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(Registrations.class);
    private static final long RETRY_MILLIS = 500;
    private static final long LOOK_MILLIS = 5_000;
    private static final int MOST_TRIES = 40;
    /** Vert.x numbers its own from 0. */
    private static final long OUR_NUMBER = -1;

    private final Vertx vertx;
    private final Context context;
    private final ClusterManager manager;
    private final String node;
    private final Set<String> open = new LinkedHashSet<>();
    private final Set<String> ours = new LinkedHashSet<>();
    private final AtomicLong repeated = new AtomicLong(); // read by the scrape
    private boolean looking;

    /** Makes the registry of a member; it begins to look at once. */
    Registrations(Vertx vertx, ClusterManager manager) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.manager = manager;
        this.node = manager.getNodeId();
        vertx.setPeriodic(LOOK_MILLIS, timer -> context.runOnContext(now -> look()));
    }

    @Override
    public Future<Void> keep(String inbox, Future<Void> first) {
        Promise<Void> known = Promise.promise();
        context.runOnContext(now -> {
            open.add(inbox);
            first.onSuccess(known::complete)
                    .onFailure(reason -> context.runOnContext(later -> again(inbox, 1, reason, known)));
        });
        return known.future();
    }

    private void again(String inbox, int number, Throwable reason, Promise<Void> known) {
        LOG.warn("inbox_not_registered inbox={} try={} reason={}", inbox, number, reason.getMessage());
        if (number >= MOST_TRIES || !open.contains(inbox)) {
            known.fail(reason);
            return;
        }
        vertx.setTimer(
                RETRY_MILLIS,
                timer -> context.runOnContext(now -> register(inbox)
                        .onSuccess(known::complete)
                        .onFailure(next -> again(inbox, number + 1, next, known))));
    }

    private Future<Void> register(String inbox) {
        ours.add(inbox);
        repeated.incrementAndGet();
        Promise<Void> done = Promise.promise();
        manager.addRegistration(inbox, registration(), done);
        return done.future();
    }

    private RegistrationInfo registration() {
        return new RegistrationInfo(node, OUR_NUMBER, false);
    }

    /** Registers again what the cluster has forgotten. */
    private void look() {
        if (looking) {
            return;
        }
        looking = true;
        List<Future<Void>> all = open.stream().map(this::look).toList();
        Future.join(all)
                .onComplete(done -> context.runOnContext(now -> {
                    looking = false;
                    if (done.failed()) {
                        LOG.warn(
                                "registrations_not_seen node={} reason={}",
                                node,
                                done.cause().getMessage());
                    }
                }));
    }

    private Future<Void> look(String inbox) {
        Promise<List<RegistrationInfo>> found = Promise.promise();
        manager.getRegistrations(inbox, found);
        return found.future().compose(all -> {
            boolean known = all.stream().anyMatch(one -> one.nodeId().equals(node) && !one.localOnly());
            if (known || !open.contains(inbox)) {
                return Future.succeededFuture();
            }
            LOG.warn("inbox_forgotten inbox={} node={}", inbox, node);
            return register(inbox);
        });
    }

    @Override
    public void forget(String inbox) {
        context.runOnContext(now -> {
            open.remove(inbox);
            if (ours.remove(inbox)) {
                Promise<Void> done = Promise.promise();
                manager.removeRegistration(inbox, registration(), done);
                done.future().onFailure(failure -> LOG.debug("registration_left inbox={}", inbox, failure));
            }
        });
    }

    /** Returns how often an inbox had to be registered again; from any thread. */
    long repeated() {
        return repeated.get();
    }
}
