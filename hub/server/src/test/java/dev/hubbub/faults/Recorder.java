package dev.hubbub.faults;

import dev.hubbub.history.History;
import dev.hubbub.history.History.Publish;
import dev.hubbub.history.History.Sight;
import dev.hubbub.protocol.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes down what happens; used on the one event loop of the clients. */
final class Recorder {
    private final List<Publish> publishes = new ArrayList<>();
    private final Map<String, Seen> clients = new LinkedHashMap<>();
    private long longestPublishNanos;

    void publish(Publish publish) {
        publishes.add(publish);
    }

    /** Takes note of how long one event took, retries and all. */
    void took(long nanos) {
        longestPublishNanos = Math.max(longestPublishNanos, nanos);
    }

    long longestPublishMillis() {
        return longestPublishNanos / 1_000_000;
    }

    int acknowledged() {
        return (int) publishes.stream().filter(p -> p.position().isPresent()).count();
    }

    Seen client(String name, String address) {
        Seen seen = new Seen(name, address);
        clients.put(name + " " + address, seen);
        return seen;
    }

    History history(List<History.Log> logs) {
        return new History(
                publishes,
                clients.values().stream()
                        .map(seen -> new History.Client(seen.name, seen.address, seen.sights, true))
                        .toList(),
                logs);
    }

    /** What one client saw of one address. */
    static final class Seen {
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

        void begun(Position position) {
            // After a resume the events come first, and the notice only repeats where the client is.
            if (at.isEmpty()) {
                sights.add(new Sight.Begun(position));
                at = Optional.of(position);
            }
        }

        void event(Position position, String id) {
            sights.add(new Sight.Event(position, id));
            at = Optional.of(position);
        }

        void lost(String reason, Position position) {
            sights.add(new Sight.Lost(reason, position));
            at = Optional.of(position);
            lost++;
        }

        void degraded() {
            degraded++;
        }

        int timesDegraded() {
            return degraded;
        }

        int timesLost() {
            return lost;
        }

        String address() {
            return address;
        }

        Optional<Position> at() {
            return at;
        }
    }
}
