package dev.hubbub.trace;

import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.Position;
import java.util.Optional;

/**
 * What became of one event on one event loop; made of the ring's arrays when somebody asks.
 *
 * @param sequence counts the loop's entries, without a hole
 * @param atMillis when, in milliseconds since 1970
 * @param what what happened
 * @param address where
 * @param id the event
 * @param position the event's place; empty for a signal
 * @param took how many recipients took it; of a conflated one how many did not get it
 * @param missed how many were too slow for it
 * @param by of a delivery the connection that asked not to hear it, of a conflation the newer event
 * @param publication of a publish what is known of it
 */
public record EventEntry(
        long sequence,
        long atMillis,
        What what,
        Address address,
        String id,
        Optional<Position> position,
        int took,
        int missed,
        Optional<String> by,
        Optional<Publication> publication) {

    /** What can happen to an event. */
    public enum What {
        /** It was taken from a publisher. */
        PUBLISHED,
        /** It was published again. */
        DUPLICATE,
        /** It was handed to the live subscribers of the loop. */
        DELIVERED,
        /** A newer one took its place before it left. */
        CONFLATED
    }

    /**
     * What a publisher gave.
     *
     * @param by the publisher
     * @param type the event's type, empty for none
     * @param key what made a retry recognisable
     */
    public record Publication(String by, String type, String key) {}
}
