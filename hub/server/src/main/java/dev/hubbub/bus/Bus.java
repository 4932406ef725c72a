package dev.hubbub.bus;

import io.vertx.core.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How verticles and nodes talk: typed messages to named inboxes, a handful per node.
 *
 * <p>Messages are immutable objects. Within a node they are handed over as they are; to another node they travel in a
 * binary form of their own, see {@link WireTypes}. While two nodes stay connected, messages of one sender's thread to
 * one inbox, and the answers to its questions, arrive in the order in which they were sent; after a cut some are
 * missing and old ones may come late. Expected failures travel as {@link dev.hubbub.protocol.HubException}.
 *
 * <p>Whoever asks or tells says how far the message may go. An inbox of reach {@link Reach#CLUSTER} carries its node's
 * name, is opened once per node, and can be reached from its own node with either reach.
 */
public interface Bus {

    /** How far a message goes, or from where an inbox can be reached. */
    enum Reach {
        /** This process. */
        NODE,
        /** Every node of the cluster. */
        CLUSTER
    }

    /**
     * Opens an inbox on the calling context; {@code handler} is called there, one message at a time.
     *
     * @return ends when messages can arrive; the subscription closes the inbox again
     */
    <T> Future<Inbox> listen(Reach reach, String inbox, Class<T> type, Consumer<T> handler);

    /**
     * Opens an inbox for questions on the calling context.
     *
     * <p>A failure that is no {@code HubException} reaches the asker as {@code UNAVAILABLE} with an id that stands in
     * the log beside the stack trace.
     */
    <Q, A> Future<Inbox> answer(Reach reach, String inbox, Class<Q> type, Function<Q, Future<A>> handler);

    /** Sends a message to everybody who opened the inbox; nobody answers, and a lost message is not noticed. */
    void tell(Reach reach, String inbox, Object message);

    /**
     * Sends a message as {@link #tell} does, and says when it has left.
     *
     * <p>The bus takes any number of messages, whether or not the other node reads them: who sends much bounds what has
     * not left yet.
     *
     * @return ends when the message was written to the network, at once within this process; fails when it was given up
     */
    default Future<Void> post(Reach reach, String inbox, Object message) {
        tell(reach, inbox, message);
        return Future.succeededFuture();
    }

    /**
     * Asks a question.
     *
     * <p>The bus takes any number of questions: who asks other nodes bounds how many it has under way.
     *
     * @return the answer, on the caller's context; fails with {@code UNAVAILABLE} when nobody has the inbox open or its
     *     node cannot be reached, and with {@code TIMEOUT} after the bus's deadline (5 s unless it was made with
     *     another)
     */
    <A> Future<A> ask(Reach reach, String inbox, Object question);

    /** Opens an inbox of this process. */
    default <T> Future<Inbox> listen(String inbox, Class<T> type, Consumer<T> handler) {
        return listen(Reach.NODE, inbox, type, handler);
    }

    /** Opens an inbox for questions of this process. */
    default <Q, A> Future<Inbox> answer(String inbox, Class<Q> type, Function<Q, Future<A>> handler) {
        return answer(Reach.NODE, inbox, type, handler);
    }

    /** Sends a message within this process. */
    default void tell(String inbox, Object message) {
        tell(Reach.NODE, inbox, message);
    }

    /** Asks a question within this process. */
    default <A> Future<A> ask(String inbox, Object question) {
        return ask(Reach.NODE, inbox, question);
    }

    /** An open inbox. */
    interface Inbox {
        /** Closes it; messages that are under way are dropped. */
        Future<Void> close();
    }
}
