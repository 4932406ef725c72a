package dev.hubbub.replay;

import dev.hubbub.protocol.Address;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * The ordered log of every address, asked wherever its owner is.
 *
 * <p>Append, attach and read of one address run in turn on its owner, so no event falls between a read and the start of
 * listening. Every future fails with {@link dev.hubbub.protocol.ErrorCode#UNAVAILABLE} when the owner cannot be reached
 * and with {@link dev.hubbub.protocol.ErrorCode#TIMEOUT} when it does not answer in time.
 */
public interface Replay {

    /**
     * Appends events, of any addresses, and hands them to who listens.
     *
     * @return one result per event, in the order given, once each is as safe as the store promises
     */
    Future<List<AppendResult>> append(List<Append> events);

    /**
     * Starts listening: from the answer's head on, {@code inbox} gets every event of the address in a
     * {@link Deliveries} message.
     *
     * <p>Attaching again answers with the head of that moment and changes nothing else.
     *
     * @param inbox the inbox that wants to hear, one per event loop
     */
    Future<Attached> attach(Address address, LogPolicy policy, String inbox);

    /** Ends listening; a delivery that is under way may still arrive. */
    Future<Void> detach(Address address, String inbox);

    /**
     * Reads events of one address.
     *
     * @param maxEvents at most this many events, at least 1
     * @param maxBytes stops after the event that passes this many bytes of JSON; at least one event comes
     */
    Future<ReadResult> read(Address address, LogPolicy policy, ReadFrom from, int maxEvents, long maxBytes);

    /** Counts one log; empty when the address has none. */
    Future<Optional<LogInfo>> info(Address address);

    /**
     * Counts the logs of all nodes, ordered by address.
     *
     * @param prefix how the addresses begin; may be empty
     * @param after only addresses behind this one, for the next page
     * @param limit at most so many, at least 1
     */
    Future<List<LogInfo>> list(String prefix, Optional<String> after, int limit);

    /** Chooses addresses. */
    @FunctionalInterface
    interface AddressFilter {
        /** Tells whether the address is wanted. */
        boolean wants(Address address);
    }
}
