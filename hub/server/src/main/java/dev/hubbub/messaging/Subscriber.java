package dev.hubbub.messaging;

import dev.hubbub.protocol.Address;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * Subscribes the connections of one event loop; all calls come on that loop.
 *
 * <p>Answers come through the {@link Recipient}: events, notices, or a refusal about the address.
 */
public interface Subscriber {

    /**
     * Subscribes a connection to an address, after asking permission; a second call for the same address starts anew
     * with the new options.
     *
     * @param address as the client wrote it; a bad one is refused with the same text
     */
    void subscribe(Recipient recipient, String address, SubscribeOptions options);

    /** Ends a subscription; nothing happens when there is none. */
    void unsubscribe(Recipient recipient, Address address);

    /** Goes on with what the recipient did not take, now that its unsent bytes are few again. */
    void drained(Recipient recipient);

    /**
     * Sets what a subscribed connection says of itself in a roster.
     *
     * @param body {@code {address, state, expires}}, as the client sent it to {@code hub.presence}
     * @return fails with {@code BAD_EVENT} or {@code BAD_ADDRESS} for another body, and with {@code ACCESS_DENIED} for
     *     a connection that is in no roster there
     */
    Future<Void> setState(Recipient recipient, @Nullable Object body);

    /** Judges every subscription of the connection again, after its caller changed; denied ones end. */
    void judgeAgain(Recipient recipient);

    /** Ends every subscription of a connection that is gone. */
    void close(Recipient recipient);
}
