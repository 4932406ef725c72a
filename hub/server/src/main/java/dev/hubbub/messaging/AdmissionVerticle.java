package dev.hubbub.messaging;

import dev.hubbub.bus.Bus;
import dev.hubbub.config.HubConfig;
import dev.hubbub.config.LimitsConfig;
import dev.hubbub.config.LimitsConfig.Rate;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.telemetry.LoopDelay;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * The one place of a node where connections are let in and counted, where memory is judged, and where other nodes ask
 * about them; its context owns the counts.
 */
public final class AdmissionVerticle extends VerticleBase {
    private static final int IPV6_GROUPS = 8;
    private static final int LEAST_PER_ADDRESS = 200;

    private final Bus bus;
    private final Loops loops;
    private final String node;
    private final Supplier<HubConfig> config;
    private final NodeMemory memory;
    private final Clock clock;
    private final ConnectionCounts counts = new ConnectionCounts();
    private final Handshakes handshakes = new Handshakes();
    private final RequestRates comers;
    private final Doorkeeper doorkeeper;
    private final Counter toldToWait;
    private final MeterRegistry registry;

    /** Creates the verticle; limits are read from {@code config} at each admission, so a reload holds at once. */
    public AdmissionVerticle(MessagingLoop.World world, Supplier<HubConfig> config) {
        this.bus = world.bus();
        this.loops = world.loops();
        this.node = world.node();
        this.config = config;
        this.memory = world.memory();
        this.clock = world.clock();
        this.comers = new RequestRates(clock);
        this.doorkeeper = world.doorkeeper();
        this.registry = world.registry();
        toldToWait = Counter.builder("hubbub.connections.deferred")
                .description("Connections that were told to come back later, because too many came at once.")
                .register(registry);
    }

    static String inbox(String node) {
        return "hub.admission." + node;
    }

    @Override
    public Future<?> start() {
        LoopDelay.watch(vertx, registry, "admission");
        vertx.setPeriodic(NodeMemory.LOOK_MILLIS, timer -> memory.look(clock.millis()));
        return bus.answer(inbox(node), Question.class, this::answer)
                .compose(open -> loops.answerOthers())
                .compose(open -> doorkeeper.open(vertx, counts::ofUser));
    }

    private Future<Integer> answer(Question question) {
        try {
            if (question instanceof Question.Open opened) {
                requireTurn(opened);
            }
            return Future.succeededFuture(question.ask(counts, config.get()));
        } catch (HubException refusal) {
            if (refusal.code() == ErrorCode.RATE_LIMITED) {
                toldToWait.increment();
            }
            return Future.failedFuture(refusal);
        }
    }

    /** Nobody takes the turns of others: who may not come in, or comes too often, takes none of the node's. */
    private void requireTurn(Question.Open comer) {
        LimitsConfig limits = config.get().limits();
        counts.requireRoom(network(comer.ip()), limits);
        long wait = comers.take(network(comer.ip()), perAddress(limits));
        if (wait > 0) {
            throw new HubException(
                    ErrorCode.RATE_LIMITED,
                    "more connections come from your address than this node takes on; come again in " + wait + " ms",
                    new JsonObject().put("retryAfterMillis", wait));
        }
        handshakes.admit(limits.node().handshakes(), clock.millis());
    }

    /** What an address may have open it may open each second, and five times as much at once. */
    private static Rate perAddress(LimitsConfig limits) {
        int each = Math.max(LEAST_PER_ADDRESS, limits.connectionsPerIp());
        return new Rate(each, Duration.ofSeconds(1), (int) Math.min(Integer.MAX_VALUE, 5L * each));
    }

    /** Returns what counts as one address: whoever has an IPv6 address has all those with the same 64 bits. */
    static String network(String ip) {
        String[] groups = ip.split(":", -1);
        return groups.length == IPV6_GROUPS
                ? String.join(":", Arrays.asList(groups).subList(0, IPV6_GROUPS / 2)) + "::/64"
                : ip;
    }

    /** What the verticle can be asked. */
    sealed interface Question {
        /** Does what is asked; throws {@code LIMIT_REACHED}. */
        int ask(ConnectionCounts counts, HubConfig config);

        /** Count a new connection in. */
        record Open(String connection, String ip) implements Question {
            @Override
            public int ask(ConnectionCounts counts, HubConfig config) {
                counts.open(connection, network(ip), config.limits());
                return counts.open();
            }
        }

        /** Count a connection for its user; answers how many the user has, or 0 when it was counted before. */
        record Identified(String connection, String user) implements Question {
            @Override
            public int ask(ConnectionCounts counts, HubConfig config) {
                return counts.identified(connection, user, config.limits());
            }
        }

        /** Count a connection out. */
        record Closed(String connection) implements Question {
            @Override
            public int ask(ConnectionCounts counts, HubConfig config) {
                counts.closed(connection);
                return counts.open();
            }
        }
    }
}
