package dev.hubbub;

import dev.hubbub.config.ConfigException;
import dev.hubbub.config.HubConfig;
import dev.hubbub.config.ReplayConfig.Store;
import dev.hubbub.messaging.Doorkeeper;
import dev.hubbub.ops.NodeHealth;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.file.FileProps;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node while it runs: its readiness, and the reload of its config.
 *
 * <p>The file is looked at every {@value #WATCH_MILLIS} ms, and when it has changed it is read again. A config with
 * faults changes nothing and is told in the log, in the counter {@code hubbub.config.reloads} and in the readiness
 * details. Rules, event contracts, limits and keys take effect at once; listeners, cluster and store need a restart,
 * and the answer names them. Reloads run one after the other, on the context that started the node.
 */
final class RunningNode implements NodeHealth {
    private static final Logger log = LoggerFactory.getLogger(RunningNode.class);
    private static final long WATCH_MILLIS = 250;
    private static final long NOT_SEEN = Long.MIN_VALUE;
    private static final int WATCHES_PER_CERTIFICATE = 4;
    private static final long MIB = 1024L * 1024;

    private final Vertx vertx;
    private final NodeParts parts;
    private final ConfigReload reload;
    private final ClusterWatch cluster;
    private final StoreWatch store;
    private final Path file;
    private final HubConfig atStart;
    private final AtomicBoolean ready = new AtomicBoolean();
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final AtomicReference<String> startedAt = new AtomicReference<>("");
    private final AtomicReference<JsonObject> lastReload = new AtomicReference<>(new JsonObject());
    private volatile Supplier<JsonObject> drain = JsonObject::new;
    private final Counter succeeded;
    private final Counter failed;
    private final Context context;
    private Future<JsonObject> running = Future.succeededFuture(new JsonObject());
    private @Nullable Future<JsonObject> next;
    private long seenModifiedMillis = NOT_SEEN;
    private int watches;

    RunningNode(Vertx vertx, NodeParts parts, ConfigReload reload, ClusterWatch cluster, StoreWatch store) {
        this.cluster = cluster;
        this.store = store;
        this.vertx = vertx;
        this.parts = parts;
        this.reload = reload;
        this.file = reload.file();
        this.context = vertx.getOrCreateContext();
        this.atStart = parts.live().get().config();
        this.succeeded = reloads("succeeded");
        this.failed = reloads("failed");
    }

    private Counter reloads(String result) {
        return Counter.builder("hubbub.config.reloads")
                .description("Reloads of the config, by result.")
                .tag("result", result)
                .register(parts.world().registry());
    }

    /** The node serves; from now on the config file is watched. */
    void started() {
        ready.set(true);
        startedAt.set(now());
        cluster.start(vertx);
        warnOfSmallHeap();
        context.runOnContext(turn -> watch());
    }

    /** Logs and the rest have bounds of their own; a heap that is too small for both is not found out under load. */
    private void warnOfSmallHeap() {
        long heap = Runtime.getRuntime().maxMemory();
        long logs = atStart.replay().maxBytes();
        long clients = parts.world().memory().budget();
        if (atStart.replay().store() != Store.REDIS && logs + clients > heap / 10 * 9) {
            log.warn(
                    "heap too small for its bounds heapMiB={} logsMiB={} clientsMiB={}, lower replay.maxBytes or"
                            + " limits.memory, or give more heap",
                    heap / MIB,
                    logs / MIB,
                    clients / MIB);
        }
    }

    /** A look that comes back late must not be taken for a change: nothing is compared before the first one. */
    private void watch() {
        lookAtFile()
                .onSuccess(modified -> {
                    long before = seenModifiedMillis;
                    seenModifiedMillis = modified;
                    if (before != NOT_SEEN && modified != before) {
                        reload().onFailure(
                                        failure -> log.debug("watched reload ended reason={}", failure.getMessage()));
                    }
                })
                .onFailure(failure -> log.debug("config file not seen file={} reason={}", file, failure.getMessage()));
        if (watches % WATCHES_PER_CERTIFICATE == 0) {
            parts.live()
                    .get()
                    .config()
                    .http()
                    .tls()
                    .ifPresent(watches == 0 ? parts.certificates()::begin : parts.certificates()::look);
        }
        watches++;
        vertx.setTimer(WATCH_MILLIS, timer -> watch());
    }

    /** Lets the others see how far this node's drain is. */
    void tellsOfDrain(Supplier<JsonObject> progress) {
        drain = progress;
    }

    void stopping() {
        leaving.set(true);
        ready.set(false);
    }

    private Future<Long> lookAtFile() {
        return vertx.fileSystem().props(file.toString()).map(FileProps::lastModifiedTime);
    }

    @Override
    public boolean isReady() {
        return ready.get() && cluster.isFit();
    }

    @Override
    public JsonObject details() {
        return new JsonObject()
                .put("version", HubVersion.text())
                .put("node", parts.world().node())
                .put("rules", parts.live().get().config().addresses().size())
                .put("state", state())
                .put("store", storeDetails())
                .put("memory", parts.world().memory().details())
                .put("cluster", cluster.details())
                .put("paths", cluster.paths())
                .put("lastReload", lastReload.get());
    }

    /** Returns what this node tells the others of itself. */
    JsonObject status() {
        JsonObject status = new JsonObject()
                .put("node", parts.world().node())
                .put("state", state())
                .put("version", HubVersion.text())
                .put("publicUrl", HubUrls.publicUrl(parts))
                .put("opsUrl", HubUrls.opsUrl(parts))
                .put("accepts", parts.live().get().config().drain().accepts())
                .put("connections", connections())
                .put("subscriptions", sumOf("hubbub.subscriptions"))
                .put("paths", cluster.paths())
                .put("store", storeDetails())
                .put("memory", parts.world().memory().details());
        if (leaving.get()) {
            status.put("drain", drain.get());
        }
        if (ready.get()) {
            status.put("since", startedAt.get());
        }
        return status.mergeIn(cluster.details());
    }

    private String state() {
        if (leaving.get()) {
            return "draining";
        }
        if (!ready.get()) {
            return "starting";
        }
        return cluster.isFit() ? "ready" : "degraded";
    }

    private JsonObject storeDetails() {
        JsonObject details = new JsonObject().put("name", store.name()).put("up", store.isUp());
        if (!store.isUp()) {
            details.put(
                    "why",
                    "Redis did not answer the last time: publishes to logs are refused, sockets stay, latest and signal"
                            + " addresses go on; look at replay.redis.url and at Redis itself");
        }
        return details;
    }

    /** Returns how many connections the node has; from any thread. */
    int connections() {
        return sumOf("hubbub.connections");
    }

    private int sumOf(String gauges) {
        return (int) parts.world().registry().find(gauges).gauges().stream()
                .mapToDouble(Gauge::value)
                .sum();
    }

    @Override
    public Future<JsonObject> reload() {
        Promise<JsonObject> done = Promise.promise();
        context.runOnContext(turn -> inTurn().onComplete(done));
        return done.future();
    }

    /** One reload runs and at most one waits: it will read what everybody meant who asked meanwhile. */
    private Future<JsonObject> inTurn() {
        Future<JsonObject> waiting = next;
        if (waiting == null) {
            waiting = running.transform(before -> {
                next = null;
                return reloadNow();
            });
            next = running.isComplete() ? null : waiting;
            running = waiting;
        }
        return waiting;
    }

    private Future<LiveConfig> readAgain() {
        return reload.read()
                .map(read -> parts.development()
                        .filter(mode -> read.auth().jwt().isEmpty())
                        .map(mode -> mode.applyTo(read))
                        .orElse(read))
                .compose(reload::compile);
    }

    @Override
    public Future<JsonObject> previewReload() {
        Promise<JsonObject> done = Promise.promise();
        context.runOnContext(turn -> readAgain().compose(this::preview).onComplete(done));
        return done.future();
    }

    private Future<JsonObject> preview(LiveConfig next) {
        return parts.world()
                .doorkeeper()
                .wouldCut(next.rules(), next.config().addresses())
                .map(preview -> new JsonObject()
                        .put("dryRun", true)
                        .put(
                                "cut",
                                new JsonArray(preview.cut().stream()
                                        .map(RunningNode::json)
                                        .toList()))
                        .put("more", preview.more())
                        .put(
                                "nodes",
                                new JsonObject().put("asked", preview.asked()).put("unanswered", preview.unanswered()))
                        .put("rules", next.config().addresses().size())
                        .put("needsRestart", new JsonArray(needsRestart(atStart, next.config()))));
    }

    private static JsonObject json(Doorkeeper.Cut cut) {
        return new JsonObject()
                .put("user", cut.user())
                .put("connection", cut.connection())
                .put("node", cut.node())
                .put("address", cut.address())
                .put("rule", cut.rule())
                .put("why", cut.why());
    }

    private Future<JsonObject> reloadNow() {
        return lookAtFile()
                .onSuccess(modified -> seenModifiedMillis = modified) // the watch need not read the same file again
                .transform(looked -> readAgain())
                .compose(this::swap)
                .onSuccess(this::reloaded)
                .onFailure(this::notReloaded);
    }

    private Future<JsonObject> swap(LiveConfig live) {
        parts.live().set(live);
        reload.applyLog(live.config());
        JsonArray restart = new JsonArray(needsRestart(atStart, live.config()));
        return parts.world()
                .loops()
                .judgeAll()
                .otherwise(late -> {
                    log.warn("config in force, not every loop has answered reason={}", late.getMessage());
                    return null;
                })
                .map(judged -> new JsonObject()
                        .put("reloaded", true)
                        .put("rules", live.config().addresses().size())
                        .put("needsRestart", restart));
    }

    /** Names the keys that differ from those of the start and that only a restart puts in force. */
    private static List<String> needsRestart(HubConfig before, HubConfig after) {
        List<String> keys = new ArrayList<>();
        if (!before.http().host().equals(after.http().host())
                || before.http().port() != after.http().port()
                || before.http().tls().isPresent() != after.http().tls().isPresent()) {
            keys.add("http");
        }
        if (!before.ops().equals(after.ops())) {
            keys.add("ops");
        }
        if (!before.cluster().equals(after.cluster())) {
            keys.add("cluster");
        }
        if (!before.replay().equals(after.replay())) {
            keys.add("replay");
        }
        if (!before.trace().equals(after.trace())) {
            keys.add("trace");
        }
        if (!before.tracing().equals(after.tracing())) {
            keys.add("tracing");
        }
        if (after.limits().frameBytes() > before.limits().frameBytes()) {
            keys.add("limits.frame"); // a smaller one holds at once; the sockets' buffers are as large as at the start
        }
        return keys;
    }

    private void reloaded(JsonObject changed) {
        succeeded.increment();
        lastReload.set(new JsonObject()
                .put("at", now())
                .put("result", "succeeded")
                .put("needsRestart", changed.getValue("needsRestart")));
        log.info(
                "config reloaded rules={} needsRestart={}",
                changed.getValue("rules"),
                changed.getValue("needsRestart"));
    }

    private void notReloaded(Throwable failure) {
        failed.increment();
        JsonObject told = new JsonObject().put("at", now()).put("result", "failed");
        if (failure instanceof ConfigException config) {
            JsonArray faults = new JsonArray();
            config.faults().forEach(fault -> faults.add(fault.toString()));
            told.put("faults", faults);
        } else {
            told.put("reason", String.valueOf(failure.getMessage()));
        }
        lastReload.set(told);
        log.warn("config not reloaded, the old one stays in force reason={}", failure.getMessage());
    }

    private String now() {
        return Instant.ofEpochMilli(parts.clock().millis()).toString();
    }
}
