package dev.hubbub.replay;

import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.Position;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * Where the logs of an owner's addresses live.
 *
 * <p>Operations on one address take effect one after the other, in the order of the calls. A future that ends without
 * failure means that the effect is as safe as the store promises. Every future fails with {@code UNAVAILABLE} while the
 * store cannot work; what became of the operation is then unknown, and the same operation may be sent again.
 *
 * <p>Called on the owner's event loop. Every implementation passes {@code ReplayStoreContract}.
 */
public interface ReplayStore {

    /** The head of every address of kind {@code signal}, which has no log. */
    Position SIGNAL_HEAD = new Position("signal", "0-signal", 0);

    /**
     * Appends events of any addresses; a log that is absent begins.
     *
     * <p>An event of kind {@code signal} is accepted and kept nowhere: it gets no position, and a retry of it is not
     * recognised.
     *
     * @return one result per event, in the order given
     */
    Future<List<AppendResult>> append(List<Append> events, Turn turn);

    /**
     * Appends events after a try whose outcome is unknown, with the same ids; whoever keeps copies makes them whole.
     *
     * @return as {@link #append}
     */
    default Future<List<AppendResult>> appendAgain(List<Append> events, Turn turn) {
        return append(events, turn);
    }

    /** Reads the head of a log, and for {@code latest} its current values, in one step; an absent log begins. */
    Future<Attached> attached(Address address, LogPolicy policy, Turn turn);

    /**
     * Reads events; an absent log begins, so that the position that comes with no events is good for going on.
     *
     * <p>For {@code latest} a position is never lost: who missed values gets the newest ones.
     */
    Future<ReadResult> read(Address address, LogPolicy policy, ReadFrom from, ReadLimits limits, Turn turn);

    /** Counts one log; empty when there is none. */
    Future<Optional<LogInfo>> info(Address address);

    /** Counts the logs that this node owns, ordered by address; see {@link Replay#list}. */
    Future<List<LogInfo>> list(String prefix, Optional<String> after, int limit);

    /**
     * Does a bounded part of the housekeeping: trims by age and drops idle logs; called about once a second.
     *
     * @param inUse addresses whose log must stay, because somebody listens
     */
    Future<Void> sweep(Replay.AddressFilter inUse, Turn turn);

    /**
     * Calls {@code listener}, on the owner's event loop, when the store went away or came back: what it has may be
     * other than what was read from it.
     */
    default void onDoubt(Runnable listener) {
        // A store that cannot go away gives no reason for doubt.
    }
}
