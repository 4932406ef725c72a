package dev.hubbub.history;

import dev.hubbub.protocol.Position;
import java.util.List;
import java.util.Optional;

/**
 * What happened, as the people outside can tell it.
 *
 * @param publishes every attempt to publish, retries too
 * @param clients what each client saw of each address
 * @param logs what each node gave as the log of each address in the end, when everything had settled
 */
public record History(List<Publish> publishes, List<Client> clients, List<Log> logs) {

    /** Copies the lists. */
    public History {
        publishes = List.copyOf(publishes);
        clients = List.copyOf(clients);
        logs = List.copyOf(logs);
    }

    /**
     * One attempt to publish one event.
     *
     * @param id the event's id, the same for all its retries
     * @param address where
     * @param sentNanos when it was sent
     * @param answeredNanos when the answer came, or was given up
     * @param position what the hub answered; empty when it refused, or nobody knows
     * @param duplicate whether the answer said that the event had been there before
     */
    public record Publish(
            String id,
            String address,
            long sentNanos,
            long answeredNanos,
            Optional<Position> position,
            boolean duplicate) {}

    /**
     * What one client saw of one address, in the order in which its handler was called.
     *
     * @param mustBeCurrent whether it was connected and left in peace at the end, so that it has to have everything
     */
    public record Client(String name, String address, List<Sight> sights, boolean mustBeCurrent) {
        /** Copies the list. */
        public Client {
            sights = List.copyOf(sights);
        }
    }

    /** One thing that a client saw. */
    public sealed interface Sight {

        /** It was told the place from which on it hears. */
        record Begun(Position position) implements Sight {}

        /** It got an event. */
        record Event(Position position, String id) implements Sight {}

        /** It was told that what came after its position is lost, and to go on from another. */
        record Lost(String reason, Position position) implements Sight {}
    }

    /**
     * The retained events of an address, oldest first.
     *
     * @param node who was asked
     * @param head where the log ends
     */
    public record Log(String node, String address, List<Entry> entries, Position head) {
        /** Copies the list. */
        public Log {
            entries = List.copyOf(entries);
        }
    }

    /** One retained event. */
    public record Entry(Position position, String id) {}
}
