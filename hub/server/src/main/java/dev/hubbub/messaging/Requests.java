package dev.hubbub.messaging;

import dev.hubbub.auth.Caller;
import dev.hubbub.protocol.ConnectionId;
import io.vertx.core.Future;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends: a request to a service verticle, or a publish that answers, as the address's rule says. */
public interface Requests {

    /**
     * Handles a {@code send} frame.
     *
     * <p>Where the rule has {@code send:}, the body goes to the verticle on the event bus at that address, with the
     * caller's identity in the headers {@code hub-user}, {@code hub-claims} and {@code hub-connection}; its answer is
     * the result. Otherwise the body is published and the result is {@code {id, position, duplicate}}.
     *
     * @param headers the client's headers; those that start with {@code hub-} are dropped
     * @return the reply's body; fails with a {@link dev.hubbub.protocol.HubException}
     */
    Future<@Nullable Object> send(
            Caller.User caller,
            ConnectionId connection,
            String address,
            @Nullable Object body,
            Map<String, String> headers);
}
