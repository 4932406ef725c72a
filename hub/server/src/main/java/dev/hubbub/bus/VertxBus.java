package dev.hubbub.bus;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bus over the Vert.x event bus, within one process or, on a clustered Vert.x, between nodes.
 *
 * <p>Order: a local delivery puts the message on the receiver's event loop in the sender's own call, and an event loop
 * runs its tasks in turn; so the messages of one thread to one inbox arrive in the order in which they were sent, and
 * so do answers. A receiver has no bound of its own: whoever sends has to keep its outstanding questions bounded.
 *
 * <p>Between two nodes there is one connection in each direction. A message to a node that has gone is lost without a
 * word. A question that cannot be sent to one fails with {@code UNAVAILABLE} as soon as that is known; one that was
 * sent before the node went fails at its deadline. Nothing is sent again. What cannot be written for or read from
 * another node is counted and logged with an id, and the question answered with {@code UNAVAILABLE} and that id.
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
    private final InboxRegistry registry;
    private final DeliveryOptions nodeOptions;
    private final DeliveryOptions clusterOptions;
    private final boolean clustered;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicLong wireFaults = new AtomicLong();

    /**
     * Creates a bus for one process, with a deadline of 5 s.
     *
     * @param failureIds names unexpected failures, so that an answer can be found in the log
     */
    public VertxBus(Vertx vertx, Supplier<String> failureIds) {
        this(vertx, failureIds, DEFAULT_DEADLINE, WireTypes.NONE, InboxRegistry.ALONE);
    }

    /** Creates a bus for one process; {@code deadline} holds for every question and is at least 1 ms. */
    public VertxBus(Vertx vertx, Supplier<String> failureIds, Duration deadline) {
        this(vertx, failureIds, deadline, WireTypes.NONE, InboxRegistry.ALONE);
    }

    /** Creates a bus whose messages also travel between nodes; an inbox that fails to be registered fails to open. */
    public VertxBus(Vertx vertx, Supplier<String> failureIds, Duration deadline, WireTypes types) {
        this(vertx, failureIds, deadline, types, InboxRegistry.ALONE);
    }

    /**
     * Creates a bus whose messages also travel between nodes.
     *
     * <p>Of several on one {@code vertx} the first says what travels, and counts what could not be written.
     *
     * @param types what travels; the same numbers on every node
     * @param registry keeps the inboxes of reach {@link Bus.Reach#CLUSTER} known
     */
    public VertxBus(
            Vertx vertx, Supplier<String> failureIds, Duration deadline, WireTypes types, InboxRegistry registry) {
        if (deadline.toMillis() < 1) {
            throw new IllegalArgumentException("deadline: " + deadline + " (expected: >= 1 ms)");
        }
        this.eventBus = vertx.eventBus();
        this.failureIds = failureIds;
        this.deadline = deadline;
        this.registry = registry;
        this.nodeOptions = options().setLocalOnly(true);
        this.clusterOptions = options();
        this.clustered = vertx.isClustered();
        registerCodec(types);
        if (clustered) {
            WatchedDelivery.intercept(eventBus);
        }
    }

    private DeliveryOptions options() {
        return new DeliveryOptions().setCodecName(HubCodec.NAME).setSendTimeout(deadline.toMillis());
    }

    private void registerCodec(WireTypes types) {
        try {
            eventBus.registerCodec(new HubCodec(types.with(List.of(Failed.wireType())), this::unwritable));
        } catch (IllegalStateException alreadyThere) {
            // Another bus on the same Vertx has registered it, for the same hub.
            LOG.debug("bus_codec_shared name={}", HubCodec.NAME, alreadyThere);
        }
    }

    private Failed unwritable(RuntimeException why) {
        return new Failed(wireFault("of another node", why));
    }

    private HubException wireFault(String where, RuntimeException why) {
        wireFaults.incrementAndGet();
        return unexpected("message_not_transferred", where, why);
    }

    /** Returns what another node sent, or this one; throws what has to be said instead of it. */
    private @Nullable Object bodyOf(String inbox, Message<Object> message) {
        Object body = message.body();
        if (body instanceof Unreadable unreadable) {
            throw wireFault(inbox, unreadable.why());
        }
        if (body instanceof Failed failed) {
            throw failed.why();
        }
        return body;
    }

    private DeliveryOptions options(Reach reach) {
        return reach == Reach.NODE ? nodeOptions : clusterOptions;
    }

    @Override
    public <T> Future<Inbox> listen(Reach reach, String inbox, Class<T> type, Consumer<T> handler) {
        return open(reach, inbox, message -> {
            try {
                handler.accept(type.cast(bodyOf(inbox, message)));
            } catch (RuntimeException e) {
                LOG.error("message_failed inbox={} type={}", inbox, type.getSimpleName(), e);
            }
        });
    }

    @Override
    public <Q, A> Future<Inbox> answer(Reach reach, String inbox, Class<Q> type, Function<Q, Future<A>> handler) {
        return open(
                reach,
                inbox,
                message -> answerTo(inbox, message, type, handler).onComplete(done -> {
                    Object answer = done.succeeded() ? done.result() : new Failed(failure(inbox, done.cause()));
                    reply(reach, message, answer);
                }));
    }

    /** A message that was only told has nobody to reply to. */
    private void reply(Reach reach, Message<Object> message, @Nullable Object answer) {
        if (message.replyAddress() == null) {
            return;
        }
        message.reply(answer, options(reach));
    }

    private <Q, A> Future<A> answerTo(
            String inbox, Message<Object> message, Class<Q> type, Function<Q, Future<A>> handler) {
        try {
            return handler.apply(type.cast(bodyOf(inbox, message)));
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private HubException failure(String inbox, Throwable cause) {
        return cause instanceof HubException expected ? expected : unexpected("question_failed", inbox, cause);
    }

    private HubException unexpected(String event, String inbox, Throwable cause) {
        String id = failureIds.get();
        LOG.error("{} inbox={} id={}", event, inbox, id, cause);
        return new HubException(
                ErrorCode.UNAVAILABLE, "the hub could not do this; try again (id " + id + " in the hub's log)");
    }

    private Future<Inbox> open(Reach reach, String inbox, Handler<Message<Object>> handler) {
        if (reach == Reach.NODE) {
            MessageConsumer<Object> consumer = eventBus.localConsumer(inbox, handler);
            return consumer.completion().map(ready -> consumer::unregister);
        }
        // Messages can arrive from here on, whatever becomes of the first registration.
        MessageConsumer<Object> consumer = eventBus.consumer(inbox, handler);
        return registry.keep(inbox, consumer.completion()).map(ready -> () -> {
            registry.forget(inbox);
            return consumer.unregister();
        });
    }

    @Override
    public void tell(Reach reach, String inbox, Object message) {
        if (reach == Reach.NODE) {
            eventBus.publish(inbox, message, nodeOptions);
        } else {
            eventBus.send(inbox, message, clusterOptions);
        }
    }

    @Override
    public Future<Void> post(Reach reach, String inbox, Object message) {
        if (reach == Reach.NODE) {
            tell(reach, inbox, message);
            return Future.succeededFuture();
        }
        return eventBus.sender(inbox, clusterOptions).write(message);
    }

    @Override
    public <A> Future<A> ask(Reach reach, String inbox, Object question) {
        return asked(reach, inbox, question)
                .transform(done -> done.succeeded()
                        ? answered(inbox, done.result())
                        : Future.failedFuture(unanswered(inbox, done.cause())));
    }

    private Future<Message<Object>> asked(Reach reach, String inbox, Object question) {
        if (reach == Reach.NODE || !clustered) {
            return eventBus.request(inbox, question, options(reach));
        }
        WatchedDelivery delivery = new WatchedDelivery(clusterOptions);
        Future<Message<Object>> reply = eventBus.request(inbox, question, delivery);
        underWay.incrementAndGet();
        return delivery.first(reply).onComplete(done -> underWay.decrementAndGet());
    }

    @SuppressWarnings("unchecked") // Who asks an inbox knows what it answers; a mistake shows at the first use.
    private <A> Future<A> answered(String inbox, Message<Object> reply) {
        try {
            return Future.succeededFuture((A) bodyOf(inbox, reply));
        } catch (HubException why) {
            return Future.failedFuture(why);
        }
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

    /**
     * Returns how many questions of reach {@link Bus.Reach#CLUSTER} have no answer yet, on a clustered Vert.x.
     *
     * <p>The bus sets no bound: who asks does, and each ends at its deadline at the latest.
     */
    public int questionsUnderWay() {
        return underWay.get();
    }

    /** Returns how many messages could not be written for, or read from, another node since the start. */
    public long wireFaults() {
        return wireFaults.get();
    }
}
