package dev.hubbub.bus;

import io.vertx.core.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How verticles and nodes talk: typed messages to named inboxes, a handful per node.
 *
 * <p>Messages are immutable objects and are handed over as they are within a node. Messages of one sender's thread to
 * one inbox, and the answers to its questions, arrive in the order in which they were sent. Expected failures travel as
 * {@link dev.hubbub.protocol.HubException}.
 */
public interface Bus {

    /**
     * Opens an inbox on the calling context; {@code handler} is called there, one message at a time.
     *
     * @return ends when messages can arrive; the subscription closes the inbox again
     */
    <T> Future<Inbox> listen(String inbox, Class<T> type, Consumer<T> handler);

    /**
     * Opens an inbox for questions on the calling context.
     *
     * <p>A failure that is no {@code HubException} reaches the asker as {@code UNAVAILABLE} with an id that stands in
     * the log beside the stack trace.
     */
    <Q, A> Future<Inbox> answer(String inbox, Class<Q> type, Function<Q, Future<A>> handler);

    /** Sends a message to everybody who opened the inbox; nobody answers, and a lost message is not noticed. */
    void tell(String inbox, Object message);

    /**
     * Asks a question.
     *
     * @return the answer, on the caller's context; fails with {@code UNAVAILABLE} when nobody has the inbox open, and
     *     with {@code TIMEOUT} after the bus's deadline (5 s unless it was made with another)
     */
    <A> Future<A> ask(String inbox, Object question);

    /** An open inbox. */
    interface Inbox {
        /** Closes it; messages that are under way are dropped. */
        Future<Void> close();
    }
}
