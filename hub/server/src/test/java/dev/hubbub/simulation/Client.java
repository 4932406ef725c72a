package dev.hubbub.simulation;

import dev.hubbub.history.History;
import dev.hubbub.history.History.Sight;
import dev.hubbub.messaging.Recipient;
import dev.hubbub.messaging.SimulatedSubscribers;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A client that applies what it gets, and comes back with its position. */
final class Client {
    private final Simulation simulation;
    private final String name;
    private final Address address;
    private final List<Sight> sights = new ArrayList<>();
    private Optional<Position> at = Optional.empty();
    private int connection;

    Client(Simulation simulation, String name, Address address) {
        this.simulation = simulation;
        this.name = name;
        this.address = address;
    }

    void connect() {
        int mine = ++connection;
        Node node = simulation.anyNode();
        long delay = simulation.world.between(1, 20);
        node.at(delay, () -> {
            if (mine != connection) {
                return;
            }
            Recipient recipient = node.subscribers.subscribe(name + "-" + mine, address, at, sink(mine, delay));
            simulation.world.note(name + " subscribed at " + node + " from "
                    + at.map(Position::toString).orElse("now"));
            live(mine, node, recipient);
        });
        // A node that does not let it in is left again.
        simulation.world.after(4_000, () -> {
            if (mine == connection && (!node.alive || node.isPaused())) {
                connect();
            }
        });
    }

    private void live(int mine, Node node, Recipient recipient) {
        simulation.world.after(simulation.world.between(200, 1_500), () -> {
            if (mine != connection) {
                return;
            }
            boolean leaves = !node.alive || (simulation.isRestless() && simulation.world.chance(0.15));
            if (leaves) {
                node.at(5, () -> node.subscribers.close(recipient));
                connect();
            } else {
                live(mine, node, recipient);
            }
        });
    }

    private SimulatedSubscribers.Sink sink(int mine, long delay) {
        return new SimulatedSubscribers.Sink() {
            @Override
            public void event(EventFrame event) {
                arrive(() -> {
                    Position position = event.position().orElseThrow();
                    sights.add(new Sight.Event(position, event.content().json().toString()));
                    at = Optional.of(position);
                });
            }

            @Override
            public void begun(Position position) {
                arrive(() -> {
                    if (at.isEmpty()) {
                        sights.add(new Sight.Begun(position));
                        at = Optional.of(position);
                    }
                });
            }

            @Override
            public void refused(HubException why) {
                arrive(() -> {
                    Position position = Position.parse(why.details().getString("position", ""))
                            .orElseThrow(() -> new AssertionError("refused: " + why.getMessage()));
                    sights.add(new Sight.Lost(why.details().getString("reason"), position));
                    at = Optional.of(position);
                });
            }

            private void arrive(Runnable action) {
                simulation.world.after(delay, () -> {
                    if (mine == connection) {
                        action.run();
                    }
                });
            }
        };
    }

    History.Client history() {
        return new History.Client(name, address.value(), sights, true);
    }
}
