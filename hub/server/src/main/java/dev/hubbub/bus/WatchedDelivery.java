package dev.hubbub.bus;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.impl.OutboundDeliveryContext;

/**
 * The options of one question to another node, which fails when it could not be sent.
 *
 * <p>Vert.x itself fails a question at once only when nobody has the inbox open. One that could not be written, because
 * the other node cannot be connected to or has just gone, it leaves to its deadline; but it tells the delivery, which
 * is internal to Vert.x and reached through an interceptor.
 */
final class WatchedDelivery extends DeliveryOptions {
    private final Promise<Message<Object>> answer = Promise.promise();

    WatchedDelivery(DeliveryOptions options) {
        super(options);
    }

    /** Has the event bus tell deliveries of this class that they failed; once per event bus is enough. */
    static void intercept(EventBus eventBus) {
        eventBus.addOutboundInterceptor(WatchedDelivery::intercept);
    }

    private static void intercept(DeliveryContext<Object> delivery) {
        if (delivery instanceof OutboundDeliveryContext<?> outbound
                && outbound.options instanceof WatchedDelivery watched) {
            outbound.writePromise.future().onFailure(watched::failed);
        }
        delivery.next();
    }

    private void failed(Throwable cause) {
        answer.tryFail(
                cause instanceof ReplyException
                        ? cause
                        : new HubException(
                                ErrorCode.UNAVAILABLE, "another node of the hub could not be reached; try again"));
    }

    /** Returns what comes first: the answer, or the news that the question could not be sent. */
    Future<Message<Object>> first(Future<Message<Object>> reply) {
        reply.onSuccess(answer::tryComplete).onFailure(answer::tryFail);
        return answer.future();
    }
}
