package dev.hubbub.history;

import dev.hubbub.history.History.Publish;
import dev.hubbub.history.History.Sight;
import dev.hubbub.protocol.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes down what happens around a hub; used on the one event loop of the clients.
 *
 * <p>Keeps all of it: whoever records bounds for how long, and how much is published.
 */
public final class Recorder {
    private final List<Publish> publishes = new ArrayList<>();
    private final Map<String, Seen> clients = new LinkedHashMap<>();
    private long longestPublishNanos;

    /** Takes note of one attempt to publish. */
    public void publish(Publish publish) {
        publishes.add(publish);
    }

    /** Takes note of how long one event took, retries and all. */
    public void took(long nanos) {
        longestPublishNanos = Math.max(longestPublishNanos, nanos);
    }

    /** Returns how long the slowest event took, retries and all, in milliseconds. */
    public long longestPublishMillis() {
        return longestPublishNanos / 1_000_000;
    }

    /** Counts the attempts that were answered with a position. */
    public int acknowledged() {
        return (int) publishes.stream().filter(p -> p.position().isPresent()).count();
    }

    /** Begins to note what a client sees of an address. */
    public Seen client(String name, String address) {
        Seen seen = new Seen(name, address);
        clients.put(name + " " + address, seen);
        return seen;
    }

    /** Returns everything, for the {@link HistoryChecker}; every client has to be current. */
    public History history(List<History.Log> logs) {
        return new History(
                publishes,
                clients.values().stream()
                        .map(seen -> new History.Client(seen.name, seen.address, seen.sights, true))
                        .toList(),
                logs);
    }

    /** What one client saw of one address. */
    public static final class Seen {
        private final String name;
        private final String address;
        private final List<Sight> sights = new ArrayList<>();
        private Optional<Position> at = Optional.empty();
        private int degraded;
        private int lost;

        private Seen(String name, String address) {
            this.name = name;
            this.address = address;
        }

        /** It was told the place from which on it hears. */
        public void begun(Position position) {
            // After a resume the events come first, and the notice only repeats where the client is.
            if (at.isEmpty()) {
                sights.add(new Sight.Begun(position));
                at = Optional.of(position);
            }
        }

        /** It got an event. */
        public void event(Position position, String id) {
            sights.add(new Sight.Event(position, id));
            at = Optional.of(position);
        }

        /** It was told that what came after its position is lost. */
        public void lost(String reason, Position position) {
            sights.add(new Sight.Lost(reason, position));
            at = Optional.of(position);
            lost++;
        }

        /** It was told that the address cannot be served for now. */
        public void degraded() {
            degraded++;
        }

        /** Counts how often it was told of an address that cannot be served. */
        public int timesDegraded() {
            return degraded;
        }

        /** Counts how often it was told of a loss. */
        public int timesLost() {
            return lost;
        }

        /** Returns the address. */
        public String address() {
            return address;
        }

        /** Returns the position with which it would resume; empty before the first. */
        public Optional<Position> at() {
            return at;
        }
    }
}
