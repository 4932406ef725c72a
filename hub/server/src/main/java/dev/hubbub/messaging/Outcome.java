package dev.hubbub.messaging;

import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import java.util.Optional;

/** What became of one {@link PublishCommand}. */
public sealed interface Outcome {

    /**
     * The event is safe.
     *
     * @param id the event's id
     * @param position its place; empty for {@code signal}
     * @param duplicate whether it had been published before
     */
    record Published(String id, Optional<Position> position, boolean duplicate) implements Outcome {}

    /** The event was refused. */
    record Refused(HubException why) implements Outcome {}
}
