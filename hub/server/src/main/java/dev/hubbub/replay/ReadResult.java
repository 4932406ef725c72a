package dev.hubbub.replay;

import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import java.util.List;
import java.util.Locale;

/** What a read of a log gave. */
public sealed interface ReadResult {

    /**
     * Events without a hole between them (except for {@link ReadFrom.Search}).
     *
     * @param events in the order of the log
     * @param position where to go on: the head, or the last event's place when a read forward was cut by its limits
     * @param more whether the log had more than the limits let through
     */
    record Events(List<EventFrame> events, Position position, boolean more) implements ReadResult {
        /** Copies the list. */
        public Events {
            events = List.copyOf(events);
        }
    }

    /**
     * What the client missed cannot be told.
     *
     * @param reason why
     * @param head the place to go on from after fetching a snapshot
     */
    record Lost(Reason reason, Position head) implements ReadResult {}

    /** Why a position is lost. */
    enum Reason {
        /** The log began anew since, or the position was never this hub's. */
        EPOCH,
        /** The client saw events that the log does not have. */
        DIVERGED,
        /** The events after it were trimmed. */
        RETENTION,
        /** It is further behind than a resume may be. */
        TOO_FAR;

        /** Returns the name as it stands in {@code details.reason}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
