package dev.hubbub.replay;

import dev.hubbub.protocol.Address;
import java.util.List;

/** What a {@link ReplayClient} asks a {@link ReplayVerticle}. */
sealed interface ReplayQuestion {

    /** Answered with a list of {@link AppendResult}. */
    record AppendEvents(List<Append> events) implements ReplayQuestion {
        /** Copies the list. */
        public AppendEvents {
            events = List.copyOf(events);
        }
    }

    /** Answered with {@link Attached}. */
    record Attach(Address address, LogPolicy policy, String inbox) implements ReplayQuestion {}

    /** Answered with nothing. */
    record Detach(Address address, String inbox) implements ReplayQuestion {}

    /** Answered with a {@link ReadResult}. */
    record Read(Address address, LogPolicy policy, ReadFrom from, ReadLimits limits) implements ReplayQuestion {}

    /** Answered with an optional {@link LogInfo}. */
    record Info(Address address) implements ReplayQuestion {}

    /** Answered with a list of {@link LogInfo}. */
    record ListLogs(Replay.AddressFilter wanted, int limit) implements ReplayQuestion {}
}
