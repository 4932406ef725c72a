package dev.hubbub.bus;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bus over the Vert.x event bus, within one process.
 *
 * <p>Order: a local delivery puts the message on the receiver's event loop in the sender's own call, and an event loop
 * runs its tasks in turn; so the messages of one thread to one inbox arrive in the order in which they were sent, and
 * so do answers. A receiver has no bound of its own: whoever sends has to keep its outstanding questions bounded.
 *
 * <p>Safe to use from any thread. After a restart nothing is left; a message to a closed inbox is lost, a question to
 * one fails with {@code UNAVAILABLE}.
 */
public final class VertxBus implements Bus {

    /** How long a question may take unless the bus was made with another deadline. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(VertxBus.class);

    private final EventBus eventBus;
    private final Supplier<String> failureIds;
    private final Duration deadline;
    private final DeliveryOptions options;

    /**
     * Creates a bus with a deadline of 5 s.
     *
     * @param failureIds names unexpected failures, so that an answer can be found in the log
     */
    public VertxBus(Vertx vertx, Supplier<String> failureIds) {
        this(vertx, failureIds, DEFAULT_DEADLINE);
    }

    /** Creates a bus; {@code deadline} holds for every question and is at least 1 ms. */
    public VertxBus(Vertx vertx, Supplier<String> failureIds, Duration deadline) {
        if (deadline.toMillis() < 1) {
            throw new IllegalArgumentException("deadline: " + deadline + " (expected: >= 1 ms)");
        }
        this.eventBus = vertx.eventBus();
        this.failureIds = failureIds;
        this.deadline = deadline;
        this.options = new DeliveryOptions()
                .setLocalOnly(true)
                .setCodecName(IdentityCodec.NAME)
                .setSendTimeout(deadline.toMillis());
        registerCodec();
    }

    private void registerCodec() {
        try {
            eventBus.registerCodec(new IdentityCodec());
        } catch (IllegalStateException alreadyThere) {
            // Another bus on the same Vertx has registered it; it has no state, so either will do.
            LOG.debug("bus_codec_shared name={}", IdentityCodec.NAME, alreadyThere);
        }
    }

    @Override
    public <T> Future<Inbox> listen(Reach reach, String inbox, Class<T> type, Consumer<T> handler) {
        return open(eventBus.localConsumer(inbox, message -> {
            try {
                handler.accept(type.cast(message.body()));
            } catch (RuntimeException e) {
                LOG.error("message_failed inbox={} type={}", inbox, type.getSimpleName(), e);
            }
        }));
    }

    @Override
    public <Q, A> Future<Inbox> answer(Reach reach, String inbox, Class<Q> type, Function<Q, Future<A>> handler) {
        return open(eventBus.localConsumer(
                inbox,
                message -> answerTo(message, type, handler).onComplete(done -> {
                    Object answer = done.succeeded() ? done.result() : Failed.of(failure(inbox, done.cause()));
                    message.reply(answer, options);
                })));
    }

    private static <Q, A> Future<A> answerTo(Message<Object> message, Class<Q> type, Function<Q, Future<A>> handler) {
        try {
            return handler.apply(type.cast(message.body()));
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private HubException failure(String inbox, Throwable cause) {
        if (cause instanceof HubException expected) {
            return expected;
        }
        String id = failureIds.get();
        LOG.error("question_failed inbox={} id={}", inbox, id, cause);
        return new HubException(
                ErrorCode.UNAVAILABLE, "the hub could not do this; try again (id " + id + " in the hub's log)");
    }

    private static Future<Inbox> open(MessageConsumer<Object> consumer) {
        return consumer.completion().map(ready -> consumer::unregister);
    }

    @Override
    public void tell(Reach reach, String inbox, Object message) {
        eventBus.publish(inbox, message, options);
    }

    @Override
    public <A> Future<A> ask(Reach reach, String inbox, Object question) {
        return eventBus.<Object>request(inbox, question, options)
                .transform(done -> done.succeeded()
                        ? answered(done.result().body())
                        : Future.failedFuture(unanswered(inbox, done.cause())));
    }

    @SuppressWarnings("unchecked") // Who asks an inbox knows what it answers; a mistake shows at the first use.
    private static <A> Future<A> answered(Object body) {
        return body instanceof Failed failed ? Future.failedFuture(failed.why()) : Future.succeededFuture((A) body);
    }

    private Throwable unanswered(String inbox, Throwable cause) {
        if (cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS) {
            LOG.debug("question_unheard inbox={}", inbox);
            return new HubException(ErrorCode.UNAVAILABLE, "this part of the hub is not running; try again");
        }
        if (cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT) {
            return new HubException(
                    ErrorCode.TIMEOUT,
                    "no answer came within " + deadline.toMillis() + " ms; what became of the request is unknown");
        }
        return failure(inbox, cause);
    }

    /** The answer to a question that failed. */
    private record Failed(HubException why) {
        static Object of(HubException why) {
            return new Failed(why);
        }
    }
}
