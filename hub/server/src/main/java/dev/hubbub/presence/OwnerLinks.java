package dev.hubbub.presence;

import dev.hubbub.bus.Bus;
import dev.hubbub.presence.PresenceMessage.Delta;
import dev.hubbub.protocol.Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The numbered links of an owner to the nodes that listen to it; confined to one event loop.
 *
 * <p>A link has a name of its own for each start of the owner and each coming of the node, so that nobody takes one
 * numbering for another. What waits to be sent is sent in the same turn.
 */
final class OwnerLinks {
    private final Bus bus;
    private final String self;
    private final Map<String, Link> links = new HashMap<>();
    private long named;

    OwnerLinks(Bus bus, String self) {
        this.bus = bus;
        this.self = self;
    }

    /** The numbering of what goes to one node. */
    static final class Link {
        final String name;
        long number;
        private boolean saidSomething;
        private List<Delta> waiting = new ArrayList<>();
        private List<Address> moved = new ArrayList<>();

        Link(String name) {
            this.name = name;
        }
    }

    Link to(String node) {
        return links.computeIfAbsent(node, n -> new Link(self + "-" + ++named));
    }

    void add(String node, Delta delta) {
        to(node).waiting.add(delta);
    }

    /** Tells a node that it has to listen elsewhere. */
    void moved(String node, Address address) {
        to(node).moved.add(address);
    }

    /** Sends what has been added. */
    void send() {
        links.forEach((node, link) -> {
            if (!link.waiting.isEmpty() || !link.moved.isEmpty()) {
                send(node, link);
            }
        });
    }

    private void send(String node, Link link) {
        List<Delta> all = link.waiting;
        List<Address> moved = link.moved;
        link.waiting = new ArrayList<>();
        link.moved = new ArrayList<>();
        link.number++;
        link.saidSomething = true;
        PresenceInbox.tell(bus, self, node, new PresenceMessage.Changes(self, link.name, link.number, all, moved));
    }

    /** Shows a sign of life to who has heard nothing since the last beat. */
    void beat() {
        links.forEach((node, link) -> {
            if (!link.saidSomething) {
                send(node, link);
            }
            link.saidSomething = false;
        });
    }

    /** Forgets nodes that have left. */
    void retain(Set<String> nodes) {
        links.keySet().retainAll(nodes);
    }
}
