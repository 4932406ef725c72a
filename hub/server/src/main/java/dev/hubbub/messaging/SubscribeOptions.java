package dev.hubbub.messaging;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a client asks for when it subscribes.
 *
 * @param position resume after it, as the client handed it in; wins over {@code recent}
 * @param recent first the latest this many, 1 to {@value #MAX_RECENT}
 * @param presence whether the roster and its changes are wanted
 * @param notices whether the client wants to be told {@code hub.subscribed} and the like
 */
public record SubscribeOptions(Optional<String> position, OptionalInt recent, boolean presence, boolean notices) {

    /** The most events that may be asked for at once. */
    public static final int MAX_RECENT = 1_000;

    /**
     * Checks the count.
     *
     * @throws HubException with {@link ErrorCode#BAD_FRAME} when {@code recent} is out of range
     */
    public SubscribeOptions {
        if (recent.isPresent() && (recent.getAsInt() < 1 || recent.getAsInt() > MAX_RECENT)) {
            throw new HubException(ErrorCode.BAD_FRAME, "recent is a whole number from 1 to " + MAX_RECENT);
        }
    }

    /** Asks for live events only. */
    public static SubscribeOptions live() {
        return new SubscribeOptions(Optional.empty(), OptionalInt.empty(), false, false);
    }
}
