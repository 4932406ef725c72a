package dev.hubbub.replay;

import dev.hubbub.protocol.Address;
import java.util.List;
import java.util.Optional;

/** What a node asks the {@link ReplayOwner} of another node, or its own; all of it travels between nodes. */
sealed interface OwnerQuestion {

    /** Append events of addresses that the owner owns; answered with {@link Results}. */
    record AppendEvents(List<Append> events) implements OwnerQuestion {
        /** Copies the list. */
        public AppendEvents {
            events = List.copyOf(events);
        }
    }

    /**
     * Let a node listen; answered with {@link OwnerAnswer.Listening}.
     *
     * @param node who wants to listen
     * @param wanted where
     */
    record Listen(String node, List<Wanted> wanted) implements OwnerQuestion {
        /** Copies the list. */
        public Listen {
            wanted = List.copyOf(wanted);
        }
    }

    /** Let a node listen no more; told, not asked. */
    record Forget(String node, List<Address> addresses) implements OwnerQuestion {
        /** Copies the list. */
        public Forget {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * Look where a log ends and say so to who listens; told, not asked.
     *
     * <p>Another node has appended to it, or may have, while the address moved to the asked one.
     */
    record LookAgain(Wanted at) implements OwnerQuestion {}

    /** Read a log; answered with a {@link ReadResult}. */
    record Read(Address address, LogPolicy policy, ReadFrom from, ReadLimits limits) implements OwnerQuestion {}

    /** Count one log; answered with {@link OwnerAnswer.Logs}. */
    record Info(Address address) implements OwnerQuestion {}

    /**
     * Count the logs that the owner owns, ordered by address; answered with {@link OwnerAnswer.Logs}.
     *
     * @param prefix how the addresses begin; may be empty
     * @param after only addresses behind this one
     * @param limit at most so many, at least 1
     */
    record ListLogs(String prefix, Optional<String> after, int limit) implements OwnerQuestion {}

    /**
     * Say whether the asked node sees the members that {@code view} stands for; answered with {@link OwnerAnswer.View}.
     */
    record SameView(long view) implements OwnerQuestion {}

    /** The address and policy that a node wants to listen to. */
    record Wanted(Address address, LogPolicy policy) {}
}
