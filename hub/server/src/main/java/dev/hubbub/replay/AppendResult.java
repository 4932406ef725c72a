package dev.hubbub.replay;

import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import java.util.Optional;

/** What became of one {@link Append}. */
public sealed interface AppendResult {

    /**
     * The event is in the log, or went to those who listen.
     *
     * @param id the event's id; for a duplicate the first one's
     * @param position its place; empty for {@code signal}, which keeps nothing
     * @param duplicate whether it had been there before
     */
    record Appended(String id, Optional<Position> position, boolean duplicate) implements AppendResult {}

    /**
     * The event was not added.
     *
     * @param why {@code STALE_VERSION} (details: {@code currentVersion}), {@code BAD_EVENT} for an id that was used for
     *     another event, {@code TOO_LARGE} for an event above all that its address keeps, or {@code UNAVAILABLE}
     */
    record Refused(HubException why) implements AppendResult {}
}
