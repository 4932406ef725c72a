package dev.hubbub.messaging;

import dev.hubbub.bus.Bus;
import dev.hubbub.config.HubConfig;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.telemetry.LoopDelay;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * The one place of a node where connections are let in and counted, where memory is judged, and where other nodes ask
 * about them; its context owns the counts.
 */
public final class AdmissionVerticle extends VerticleBase {
    private final Bus bus;
    private final Loops loops;
    private final String node;
    private final Supplier<HubConfig> config;
    private final NodeMemory memory;
    private final Clock clock;
    private final ConnectionCounts counts = new ConnectionCounts();
    private final Handshakes handshakes = new Handshakes();
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
        return bus.answer(inbox(node), Question.class, this::answer).compose(open -> loops.answerOthers());
    }

    private Future<Boolean> answer(Question question) {
        try {
            if (question instanceof Question.Open) {
                handshakes.admit(config.get().limits().node().handshakes(), clock.millis());
            }
            question.ask(counts, config.get());
            return Future.succeededFuture(true);
        } catch (HubException refusal) {
            if (refusal.code() == ErrorCode.RATE_LIMITED) {
                toldToWait.increment();
            }
            return Future.failedFuture(refusal);
        }
    }

    /** What the verticle can be asked. */
    sealed interface Question {
        /** Does what is asked; throws {@code LIMIT_REACHED}. */
        void ask(ConnectionCounts counts, HubConfig config);

        /** Count a new connection in. */
        record Open(String connection, String ip) implements Question {
            @Override
            public void ask(ConnectionCounts counts, HubConfig config) {
                counts.open(connection, ip, config.limits());
            }
        }

        /** Count a connection for its user. */
        record Identified(String connection, String user) implements Question {
            @Override
            public void ask(ConnectionCounts counts, HubConfig config) {
                counts.identified(connection, user, config.limits());
            }
        }

        /** Count a connection out. */
        record Closed(String connection) implements Question {
            @Override
            public void ask(ConnectionCounts counts, HubConfig config) {
                counts.closed(connection);
            }
        }
    }
}
