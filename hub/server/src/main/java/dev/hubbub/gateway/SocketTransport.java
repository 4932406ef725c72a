package dev.hubbub.gateway;

import dev.hubbub.messaging.EventBatch;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.ServerFrame;
import java.util.List;

/**
 * How frames reach one client; knows bytes and nothing of the protocol's meaning.
 *
 * <p>All calls come on the connection's loop. Frames leave in the order of the calls. A transport tells its session
 * what it hears by {@code received}, {@code heard}, {@code drained} and {@code gone}.
 */
interface SocketTransport {

    /** Returns how the client is connected, such as {@code websocket}. */
    String name();

    /** Sends one frame; dropped when the transport is closing. */
    void send(ServerFrame frame);

    /** Sends a frame that many sockets get, with bytes that are shared by the sockets of the loop. */
    default void sendShared(ServerFrame frame) {
        send(frame);
    }

    /** Sends a whole batch, with bytes that are shared by the sockets of the loop. */
    void send(EventBatch batch);

    /** Sends some events to this client alone. */
    void send(List<EventFrame> events);

    /** Returns how many bytes were sent and have not left for the network. */
    long unsentBytes();

    /** Returns how many bytes have left for the network since the connection began; grows while the client reads. */
    long leftBytes();

    /**
     * Shows the client a sign of life.
     *
     * @return whether the client owes an answer
     */
    boolean ping();

    /** Tells the client why, then closes; what was sent before still leaves if the client reads. */
    void close(CloseCode code, String reason);

    /** Cuts the connection without a word: the client is dead. */
    void abort();
}
