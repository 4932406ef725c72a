package dev.hubbub;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.github.f4b6a3.ulid.UlidCreator;
import dev.hubbub.bus.Bus;
import dev.hubbub.bus.InboxRegistry;
import dev.hubbub.bus.Ownership;
import dev.hubbub.bus.ServiceCalls;
import dev.hubbub.bus.VertxBus;
import dev.hubbub.bus.WireTypes;
import dev.hubbub.cluster.ClusterNode;
import dev.hubbub.config.HubConfig;
import dev.hubbub.config.LimitsConfig;
import dev.hubbub.messaging.AdmissionVerticle;
import dev.hubbub.messaging.ConnectionMeters;
import dev.hubbub.messaging.DoorQuestion;
import dev.hubbub.messaging.Doorkeeper;
import dev.hubbub.messaging.JvmHeap;
import dev.hubbub.messaging.Loops;
import dev.hubbub.messaging.MessagingLoop;
import dev.hubbub.messaging.MessagingWire;
import dev.hubbub.messaging.NodeMemory;
import dev.hubbub.ops.NodeDirectory;
import dev.hubbub.ops.NodeQuestions;
import dev.hubbub.ops.NodeStatus;
import dev.hubbub.presence.PresenceClient;
import dev.hubbub.presence.PresenceVerticle;
import dev.hubbub.presence.PresenceWire;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.replay.BusPaths;
import dev.hubbub.replay.ClusterReplay;
import dev.hubbub.replay.ReplayVerticle;
import dev.hubbub.replay.ReplayWire;
import dev.hubbub.telemetry.EventTrail;
import dev.hubbub.telemetry.LogControl;
import dev.hubbub.telemetry.OtlpSpans;
import dev.hubbub.telemetry.Spans;
import dev.hubbub.trace.TraceMessage;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running node: everything is made and connected here.
 *
 * <p>Reading order: config, replay, presence, admission, then the public event loops (one per core) and the operators'
 * loop. They stop in the reverse order. A node may also be embedded: other verticles of the same {@link #vertx()} are
 * then the services behind {@code send} rules.
 */
public final class HubNode {
    private static final Logger log = LoggerFactory.getLogger(HubNode.class);
    private static final int ANY_SHARED_PORT = -1;
    private static final int MOST_JOINS = 3;
    private static final long RECONNECT_SPREAD_MILLIS = 5_000;
    /** So long clients have to read their close frame and to answer it. */
    private static final long GOODBYE_MILLIS = 500;

    private final Vertx vertx;
    private final NodeParts parts;
    private final RunningNode running;
    private final NodeDrain drain;

    private HubNode(Vertx vertx, NodeParts parts, RunningNode running, NodeDrain drain) {
        this.vertx = vertx;
        this.parts = parts;
        this.running = running;
        this.drain = drain;
        running.tellsOfDrain(drain::progress);
    }

    /**
     * Starts a node with a Vert.x of its own; it joins a cluster if the config says so.
     *
     * @return the node once it serves; fails with {@link dev.hubbub.config.ConfigException} for a config with faults,
     *     and with {@link HubException} or an I/O failure in plain words when it cannot or must not start
     */
    public static Future<HubNode> start(ConfigSource source) {
        return start(source, LogControl.THEIRS);
    }

    /** Starts a node in a process of its own, whose log is as the config says. */
    public static Future<HubNode> start(ConfigSource source, LogControl lines) {
        Vertx vertx = Vertx.vertx(NodeVertx.options());
        Promise<HubNode> started = Promise.promise(); // of no context: it has to outlive the event loops
        ConfigReload reload = new ConfigReload(vertx, source, Clock.systemUTC(), lines);
        reload.read()
                .onSuccess(reload::applyLog)
                .compose(config -> config.cluster().enabled()
                        ? startClustered(source, config, lines)
                        : start(reload, Optional.empty()))
                .onSuccess(hub -> {
                    started.complete(hub);
                    if (hub.vertx != vertx) {
                        vertx.close().onFailure(failure -> log.debug("starter not closed", failure));
                    }
                })
                .onFailure(failure -> vertx.close().onComplete(closed -> started.fail(failure)));
        return started.future();
    }

    /** A clustered Vert.x cannot be made of another one: the first reads the config, and goes. */
    private static Future<HubNode> startClustered(ConfigSource source, HubConfig config, LogControl lines) {
        StartupChecks.require(config, source.insecure());
        Promise<ClusterNode> joined = Promise.promise();
        join(config, 1, joined);
        Promise<HubNode> started = Promise.promise(); // of no context, as the loops of a node that fails are closed
        joined.future()
                .onSuccess(cluster -> start(
                                new ConfigReload(cluster.vertx(), source, Clock.systemUTC(), lines),
                                Optional.of(cluster))
                        .onSuccess(started::complete)
                        .onFailure(failure -> {
                            log.warn("node could not start after joining its cluster, leaving", failure);
                            cluster.vertx().close().onComplete(closed -> started.fail(failure));
                        }))
                .onFailure(failure -> started.fail(JoinFailure.inPlainWords(failure, config.cluster())));
        return started.future();
    }

    /** On a thread of its own, since Vert.x warns of making one Vert.x on the loops of another. */
    private static void join(HubConfig config, int attempt, Promise<ClusterNode> joined) {
        Runnable join = () -> ClusterNode.join(NodeVertx.options(), config.cluster())
                .onSuccess(joined::complete)
                .onFailure(failure -> {
                    if (attempt < MOST_JOINS && ClusterNode.isPassing(failure)) {
                        log.warn("node could not join in this moment, trying again reason={}", failure.getMessage());
                        join(config, attempt + 1, joined);
                    } else {
                        joined.fail(failure);
                    }
                });
        new Thread(join, "hub-join").start();
    }

    /**
     * Starts a node of one on a Vert.x that the caller made, beside the caller's own verticles.
     *
     * <p>A config with a cluster is refused: the cluster needs a Vert.x that the hub made, see {@link #vertx()}.
     */
    public static Future<HubNode> start(Vertx vertx, ConfigSource source) {
        return start(new ConfigReload(vertx, source, Clock.systemUTC(), LogControl.THEIRS), Optional.empty());
    }

    private static Future<HubNode> start(ConfigReload reload, Optional<ClusterNode> cluster) {
        return reload.read().compose(read -> {
            if (read.cluster().enabled() && cluster.isEmpty()) {
                return Future.failedFuture(new HubException(
                        ErrorCode.UNAVAILABLE,
                        "refusing to start: cluster.enabled needs a Vert.x that the hub makes itself; start the node"
                                + " without one, and deploy beside it on its own"));
            }
            Optional<DevelopmentMode> development = DevelopmentMode.of(read);
            HubConfig config = development.map(mode -> mode.applyTo(read)).orElse(read);
            if (cluster.isEmpty()) {
                StartupChecks.require(config, reload.insecure());
            }
            Ownership ownership = cluster.map(ClusterNode::ownership).orElseGet(() -> Ownership.alone("n" + ulid()));
            return reload.compile(config)
                    .compose(live -> spans(reload.vertx(), config, ownership.node())
                            .compose(spans ->
                                    deploy(new Beginning(reload, development, cluster, ownership, spans), live)));
        });
    }

    /** On a worker: it loads classes that are needed for nothing else, and blocks for a moment. */
    private static Future<Spans> spans(Vertx vertx, HubConfig config, String node) {
        return config.tracing()
                .otlp()
                .map(collector -> vertx.executeBlocking(
                        () -> OtlpSpans.to(collector, config.tracing(), node, HubVersion.text()), false))
                .orElse(Future.succeededFuture(Spans.NONE));
    }

    /** What there is before a node is built. */
    private record Beginning(
            ConfigReload reload,
            Optional<DevelopmentMode> development,
            Optional<ClusterNode> cluster,
            Ownership ownership,
            Spans spans) {}

    private static Future<HubNode> deploy(Beginning begun, LiveConfig live) {
        Vertx vertx = begun.reload().vertx();
        Optional<ClusterNode> cluster = begun.cluster();
        Ownership ownership = begun.ownership();
        Clock clock = Clock.systemUTC();
        String node = ownership.node();
        int loops = Runtime.getRuntime().availableProcessors();
        ProcessMeters meters = new ProcessMeters();
        MeterRegistry registry = meters.registry();
        ConfigInForce inForce = new ConfigInForce(live);
        Bus bus = busOf(vertx, cluster, registry);
        StoreWatch store = new StoreWatch(live.config().replay().store(), registry);
        LogStores stores = new LogStores(vertx, live.config(), bus, ownership, cluster, store, registry);
        Supplier<LimitsConfig> limits = () -> inForce.get().config().limits();
        Loops all = new Loops(bus, node, ownership::nodes, loops + 1);
        AtomicInteger publishes = publishesUnderWay(registry);
        MessagingLoop.World world = new MessagingLoop.World(
                vertx,
                node,
                bus,
                new ServiceCalls(vertx),
                loop -> new ClusterReplay(bus, ownership, loop, publishes),
                loop -> new PresenceClient(bus, ownership, loop),
                all,
                () -> inForce.get().rules(),
                () -> inForce.get().contracts(),
                clock,
                HubNode::ulid,
                registry,
                new NodeMemory(limits, new JvmHeap(), registry),
                limits,
                live.config().trace(),
                new Doorkeeper(bus, all, node, ownership::nodes, clock),
                new ConnectionMeters(registry),
                new EventTrail(() -> inForce.get().config().log().sample(), begun.spans()));
        NodeParts parts = partsOf(inForce, world, begun.development(), new Certificates(vertx, registry));
        BusPaths paths = new BusPaths(node, clock);
        ClusterWatch watch = new ClusterWatch(
                ownership, cluster, live.config().cluster(), new PathWatch(paths, clock, registry), registry);
        RunningNode running = new RunningNode(vertx, parts, begun.reload(), watch, store);
        NodeDirectory nodes = new NodeDirectory(bus, node, ownership::nodes, running::status);
        HubNode hub = new HubNode(vertx, parts, running, new NodeDrain(vertx, parts, running, nodes, publishes));
        ReplayVerticle replay = new ReplayVerticle(
                new ReplayVerticle.World(bus, stores, ownership, clock, HubNode::ulid, paths, registry, world.trail()));
        return hub.deploy(
                replay, ownership, loops, new OpsVerticle(parts, running, nodes, hub.drain, meters, begun.spans()));
    }

    private Future<HubNode> deploy(ReplayVerticle replay, Ownership ownership, int loops, OpsVerticle ops) {
        MessagingLoop.World world = parts.world();
        return one(vertx, replay)
                .compose(up -> one(
                        vertx,
                        new PresenceVerticle(
                                world.bus(), ownership, world.services(), world.clock(), world.registry())))
                .compose(up -> one(
                        vertx,
                        new AdmissionVerticle(world, () -> parts.live().get().config())))
                .compose(up -> deployPublic(loops))
                .compose(up -> one(vertx, ops))
                .onSuccess(up -> running.started())
                .onSuccess(up -> deployDevelopmentService())
                .map(this);
    }

    /** The node is ready without it, and stays so when it fails: it tells of that itself. */
    private void deployDevelopmentService() {
        parts.development()
                .ifPresent(mode -> mode.service()
                        .ifPresent(service -> service.deploy(vertx, mode, publicUrl(), opsUrl())
                                .onFailure(failure -> log.debug("node goes on without its development service"))));
    }

    private static AtomicInteger publishesUnderWay(MeterRegistry registry) {
        AtomicInteger publishes = new AtomicInteger();
        Gauge.builder("hubbub.publishes", publishes, AtomicInteger::get)
                .description("Events that this node has been given and that have no answer yet.")
                .register(registry);
        return publishes;
    }

    private static NodeParts partsOf(
            ConfigInForce inForce,
            MessagingLoop.World world,
            Optional<DevelopmentMode> development,
            Certificates certificates) {
        return new NodeParts(
                inForce,
                world,
                world.clock(),
                () -> new ConnectionId("c" + ulid()),
                development,
                new AtomicInteger(),
                new AtomicInteger(),
                certificates);
    }

    private static Bus busOf(Vertx vertx, Optional<ClusterNode> cluster, MeterRegistry registry) {
        WireTypes types = new WireTypes(ReplayWire.types())
                .with(PresenceWire.types())
                .with(MessagingWire.types())
                .with(NodeStatus.wireTypes())
                .with(NodeQuestions.wireTypes())
                .with(TraceMessage.wireTypes())
                .with(DoorQuestion.wireTypes());
        InboxRegistry inboxes = cluster.map(ClusterNode::inboxes).orElse(InboxRegistry.ALONE);
        VertxBus bus = new VertxBus(vertx, HubNode::ulid, VertxBus.DEFAULT_DEADLINE, types, inboxes);
        Gauge.builder("hubbub.bus.questions", bus, VertxBus::questionsUnderWay)
                .description("Questions to other nodes without an answer yet.")
                .register(registry);
        FunctionCounter.builder("hubbub.bus.faults", bus, VertxBus::wireFaults)
                .description("Messages that could not be written for or read from another node.")
                .register(registry);
        return bus;
    }

    private static String ulid() {
        return UlidCreator.getMonotonicUlid().toString();
    }

    private Future<String> deployPublic(int loops) {
        int configured = parts.live().get().config().http().port();
        int port = configured == 0 ? ANY_SHARED_PORT : configured;
        AtomicInteger next = new AtomicInteger();
        IntFunction<PublicVerticle> verticle = loop -> new PublicVerticle(parts, loop, port);
        return vertx.deployVerticle(
                () -> verticle.apply(next.getAndIncrement()), new DeploymentOptions().setInstances(loops));
    }

    private static Future<String> one(Vertx vertx, Deployable verticle) {
        return vertx.deployVerticle(verticle);
    }

    /** Returns the address of the public listener, as a browser on this machine writes it. */
    public String publicUrl() {
        return HubUrls.publicUrl(parts);
    }

    /** Returns the address of the operators' listener, as this machine writes it. */
    public String opsUrl() {
        return HubUrls.opsUrl(parts);
    }

    /** Returns development mode, if the node is in it. */
    public Optional<DevelopmentMode> development() {
        return parts.development();
    }

    /** Returns the node's Vert.x, for service verticles beside it. */
    public Vertx vertx() {
        return vertx;
    }

    /**
     * Goes without anybody noticing: every socket is closed at its moment, while other nodes take them, publishes are
     * finished, and what the node owns is handed over. See {@code drain} in the config for how long that takes.
     *
     * @return ends when the node has gone
     */
    public Future<Void> drain() {
        return drain.begin().compose(begun -> drain.ended());
    }

    /**
     * Ends when somebody has begun to drain the node, by {@link #drain()} or over the operators' listener, with how
     * many milliseconds it may take until it has gone.
     */
    public Future<Long> draining() {
        return drain.begun();
    }

    /** Ends when a drain has ended and the node has gone. */
    public Future<Void> drained() {
        return drain.ended();
    }

    /**
     * Stops at once: not ready any more, every client told when to come back, then everything closed.
     *
     * <p>The clients are told first, on all loops, while nothing is closed yet: the listeners of the loops share a
     * port, and the first that closes would cut the others' sockets off without a word. A node that drains already goes
     * on with that.
     */
    public Future<Void> stop() {
        if (drain.hasBegun()) {
            return drain.ended();
        }
        running.stopping();
        return parts.world()
                .loops()
                .sendAllAway(0, RECONNECT_SPREAD_MILLIS)
                .onSuccess(told -> log.info("node stopping clients={}", told))
                .onFailure(failure -> log.warn("node stopping, clients not told reason={}", failure.getMessage()))
                .compose(told -> told == 0
                        ? Future.<Void>succeededFuture()
                        : vertx.timer(GOODBYE_MILLIS, MILLISECONDS).<Void>mapEmpty())
                .transform(told -> vertx.close());
    }
}
