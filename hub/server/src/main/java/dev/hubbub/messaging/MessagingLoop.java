package dev.hubbub.messaging;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.ServiceCalls;
import dev.hubbub.config.LimitsConfig;
import dev.hubbub.config.TraceConfig;
import dev.hubbub.permission.PermissionRules;
import dev.hubbub.presence.Presence;
import dev.hubbub.presence.PresenceNews;
import dev.hubbub.protocol.Address;
import dev.hubbub.replay.FeedMessage;
import dev.hubbub.replay.GatheringReplay;
import dev.hubbub.replay.Replay;
import dev.hubbub.telemetry.EventTrail;
import dev.hubbub.telemetry.LoopDelay;
import dev.hubbub.trace.TraceLog;
import dev.hubbub.trace.TraceMessage;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The verbs as one event loop uses them; made and started on that loop, once.
 *
 * <p>Everything it hands out is confined to the loop.
 */
public final class MessagingLoop {
    private static final long EXPIRE_MILLIS = 5_000;

    private final World world;
    private final int number;
    private final String inbox;
    private final LoopSubscriber subscriber;
    private final LoopPresence presence;
    private final Rosters rosters;
    private final LoopConnections connections;
    private final Publisher publisher;
    private final Requests requests;
    private final History history;
    private final Explainer explainer;
    private final LoopLooks looks;
    private final Inspection inspection;
    private final TraceLog trace;
    private final LoopTrace traces;

    /**
     * Builds the verbs of loop {@code number}.
     *
     * @param number counted from 0, below the number of loops that {@code world.loops()} was made with
     */
    public MessagingLoop(World world, int number) {
        this.world = world;
        this.number = number;
        this.inbox = Loops.inbox(world.node(), number);
        Meters meters = new Meters(world.registry());
        Supplier<PermissionRules> rules = world.rules();
        EventLoop eventLoop = EventLoop.current(world.vertx(), world.clock());
        Replay replay = new GatheringReplay(
                world.replays().apply(eventLoop), world.vertx().getOrCreateContext());
        LoopRoom room = LoopRoom.of(
                world.memory(), world.limits(), eventLoop, world.loops().count());
        TraceLog trace = new TraceLog(world.trace(), world.loops().count(), world.clock());
        Accounting accounting = new Accounting(world.registry(), String.valueOf(number));
        LoopContext loop = new LoopContext(replay, inbox, eventLoop, meters, room, accounting, trace, world.trail());
        Evidence evidence = new Evidence(trace);
        EventCompletion completion = new EventCompletion(world.contracts(), world.clock(), world.ids());
        Presence presence = world.presences().apply(eventLoop);
        this.presence = new LoopPresence(rules, presence, Loops.presenceInbox(inbox));
        this.subscriber = new LoopSubscriber(rules, loop, this.presence);
        this.rosters = new RuledRosters(rules, presence, meters);
        Gauge.builder("hubbub.subscriptions", subscriber, LoopSubscriber::count)
                .description("Open subscriptions.")
                .tag("loop", String.valueOf(number))
                .register(world.registry());
        this.connections = new LoopConnections(world, eventLoop, subscriber::wantsNotices, evidence);
        PublishedAddresses published = new PublishedAddresses();
        this.publisher = new CountedPublisher(
                new RuledPublisher(rules, completion, loop, world.memory(), evidence), published, world.clock());
        this.requests = new RuledRequests(rules, world.services(), publisher, meters);
        this.history = new RuledHistory(rules, replay, world.loops(), meters);
        this.trace = trace;
        this.traces = new LoopTrace(trace, subscriber, connections, rules);
        this.looks = new LoopLooks(connections, subscriber, published, world.limits(), eventLoop);
        this.inspection = new LoopInspection(world.loops(), rules, replay, world.clock());
        this.explainer = (caller, action, address) -> rules.get().decide(caller, action, new Address(address));
    }

    /** Opens the loop's inboxes; ends when events and questions can arrive. */
    public Future<Void> start() {
        LoopDelay.watch(world.vertx(), world.registry(), String.valueOf(number));
        world.vertx().setPeriodic(NodeMemory.LOOK_MILLIS, timer -> connections.lookAtMemory());
        world.vertx().setPeriodic(EXPIRE_MILLIS, timer -> trace.expire());
        return world.bus()
                .listen(inbox, FeedMessage.class, subscriber::take)
                .compose(opened -> world.bus().listen(Loops.presenceInbox(inbox), PresenceNews.class, presence::take))
                .compose(opened -> world.bus().answer(Loops.askInbox(inbox), LoopQuestion.class, this::answer))
                .compose(opened -> world.bus()
                        .answer(
                                NodeTraces.inbox(inbox),
                                TraceMessage.Question.class,
                                question -> Future.succeededFuture(
                                        new TraceMessage.Answer(traces.answer(question.asked())))))
                .mapEmpty();
    }

    private Future<Object> answer(LoopQuestion question) {
        if (question instanceof LoopQuestion.Look look) {
            return looks.answer(look).map(answer -> answer);
        }
        if (question instanceof LoopQuestion.CountAudiences count) {
            return Future.succeededFuture(new LoopQuestion.Audiences(subscriber.audiences(count.prefix())));
        }
        if (question instanceof LoopQuestion.ListUser list) {
            return Future.succeededFuture(new LoopQuestion.Entries(connections.entriesOf(list.user())));
        }
        if (question instanceof LoopQuestion.WouldCut would) {
            return Future.succeededFuture(subscriber.wouldCut(would, world.node()));
        }
        return Future.succeededFuture(new LoopQuestion.Closed(act(question)));
    }

    private int act(LoopQuestion question) {
        if (question instanceof LoopQuestion.CloseUser close) {
            return connections.close(close);
        }
        if (question instanceof LoopQuestion.Revoke revoke) {
            return connections.revoke(revoke);
        }
        if (question instanceof LoopQuestion.CutRevoked) {
            return connections.cutRevoked();
        }
        if (question instanceof LoopQuestion.SendAway away) {
            return connections.sendAway(away);
        }
        subscriber.rulesChanged();
        return 0;
    }

    /** Returns the door for publishing. */
    public Publisher publisher() {
        return publisher;
    }

    /** Returns the door for subscribing. */
    public Subscriber subscriber() {
        return subscriber;
    }

    /** Returns the door for sends. */
    public Requests requests() {
        return requests;
    }

    /** Returns the door for reading. */
    public History history() {
        return history;
    }

    /** Returns the door for rosters. */
    public Rosters rosters() {
        return rosters;
    }

    /** Returns the door for admission, look-up and cutting. */
    public Connections connections() {
        return connections;
    }

    /** Returns the door for operators who look. */
    public Inspection inspection() {
        return inspection;
    }

    /** Returns the door for explanations. */
    public Explainer explainer() {
        return explainer;
    }

    /**
     * What the loops of a node share; all of it safe to use from every loop.
     *
     * @param vertx for the loop's timers
     * @param node this node's name
     * @param bus how verticles talk
     * @param services calls to service verticles
     * @param replays makes the door to the logs for one event loop, on that loop
     * @param presences makes the door to the rosters for one event loop, on that loop
     * @param loops all loops of the node
     * @param rules the rules in force
     * @param contracts the event contracts in force
     * @param clock the time
     * @param ids makes event ids
     * @param registry where meters are kept
     * @param memory what the node holds for its clients
     * @param limits the limits in force
     * @param trace how much is remembered of what became of events
     * @param doorkeeper what the nodes know together of who may be let in
     * @param connections counts the connections of the node
     * @param trail which events are followed
     */
    public record World(
            Vertx vertx,
            String node,
            Bus bus,
            ServiceCalls services,
            Function<EventLoop, Replay> replays,
            Function<EventLoop, Presence> presences,
            Loops loops,
            Supplier<PermissionRules> rules,
            Supplier<EventContracts> contracts,
            Clock clock,
            Supplier<String> ids,
            MeterRegistry registry,
            NodeMemory memory,
            Supplier<LimitsConfig> limits,
            TraceConfig trace,
            Doorkeeper doorkeeper,
            ConnectionMeters connections,
            EventTrail trail) {}
}
