package dev.hubbub.replay;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes listen to which address, and what this turn has for them.
 *
 * <p>One {@link Link} per node that listens. Not thread-safe; belongs to the owner's event loop. Holds only addresses
 * with a listener; what a turn collects goes at its end.
 */
final class Listeners {
    private final Supplier<String> linkNames;
    private final Map<Address, Listened> listened = new HashMap<>();
    private final Map<String, Link> links = new LinkedHashMap<>();
    private Map<Address, Collected> turn = new LinkedHashMap<>();

    Listeners(Supplier<String> linkNames) {
        this.linkNames = linkNames;
    }

    /** Returns the link to a node, a new one if the node has none. */
    Link link(String node) {
        return links.computeIfAbsent(node, n -> new Link(linkNames.get()));
    }

    /** Adds a node; tells whether it did not listen before. */
    boolean add(Address address, String node) {
        return listened.computeIfAbsent(address, a -> new Listened()).nodes.add(node);
    }

    void remove(Address address, String node) {
        Listened at = listened.get(address);
        if (at != null && at.nodes.remove(node) && at.nodes.isEmpty()) {
            listened.remove(address);
        }
    }

    /** Tells whether a node listens to an address. */
    boolean listens(Address address, String node) {
        Listened at = listened.get(address);
        return at != null && at.nodes.contains(node);
    }

    /** Forgets a node with all that it listened to; if it comes back, its link is another. */
    void removeNode(String node) {
        if (links.remove(node) != null) {
            for (Address address : new ArrayList<>(listened.keySet())) {
                remove(address, node);
            }
        }
    }

    /** Sends away who listens to the addresses that are {@code elsewhere} by now. */
    void removeMoved(Predicate<Address> elsewhere) {
        for (Address address : new ArrayList<>(listened.keySet())) {
            if (elsewhere.test(address)) {
                Listened at = listened.remove(address);
                if (at != null) {
                    at.nodes.forEach(node -> link(node).moved.add(address));
                }
                turn.remove(address);
            }
        }
    }

    /** Asks everybody to listen again, without sending anybody away. */
    void recall() {
        listened.forEach(
                (address, at) -> at.nodes.forEach(node -> link(node).moved.add(address)));
    }

    boolean has(Address address) {
        return listened.containsKey(address);
    }

    /**
     * Collects an event for who listens at the end of the turn, unless it was collected before.
     *
     * <p>An event at or below the last one of the same term was: two answers for one event are one delivery.
     */
    void collect(DeliveryKind kind, EventFrame event) {
        Listened at = listened.get(event.address());
        if (at == null) {
            return;
        }
        if (event.position().isPresent()) {
            Position place = event.position().get();
            Position last = at.last;
            if (last != null && last.isSameHistory(place) && place.offset() <= last.offset()) {
                return;
            }
            at.last = place;
        }
        turn.computeIfAbsent(event.address(), a -> new Collected(kind)).events.add(event);
    }

    /** Says where a log ends, to who may not have got all of it. */
    void hint(Address address, Position head) {
        Listened at = listened.get(address);
        Position last = at == null ? null : at.last;
        boolean delivered = last != null && last.isSameHistory(head) && head.offset() <= last.offset();
        if (at != null && !delivered) {
            at.nodes.forEach(node -> link(node).heads.put(address, head));
        }
    }

    /** Hands over what the turn collected, one batch for each node, and begins the next turn. */
    void flush(BiConsumer<String, Link.Content> send, boolean beat) {
        Map<Address, Collected> ended = turn;
        turn = new LinkedHashMap<>();
        ended.forEach((address, collected) -> {
            // One delivery object for all nodes: it is immutable.
            Delivery delivery = new Delivery(address, collected.kind, List.copyOf(collected.events));
            Listened at = listened.get(address);
            if (at != null) {
                at.nodes.forEach(node -> link(node).deliveries.add(delivery));
            }
        });
        links.forEach((node, link) -> {
            if (beat || link.hasContent()) {
                send.accept(node, link.take());
            }
        });
    }

    /** Who listens to an address, and what was delivered last. */
    private static final class Listened {
        private final Set<String> nodes = new LinkedHashSet<>(4);
        private @Nullable Position last;
    }

    /** The events of one address in one turn. */
    private static final class Collected {
        private final DeliveryKind kind;
        private final List<EventFrame> events = new ArrayList<>();

        Collected(DeliveryKind kind) {
            this.kind = kind;
        }
    }

    /** The numbered way to one node. */
    static final class Link {
        private final String name;
        private long number;
        private List<Delivery> deliveries = new ArrayList<>();
        private Map<Address, Position> heads = new LinkedHashMap<>();
        private Set<Address> moved = new LinkedHashSet<>();

        Link(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }

        /** Returns the number of the last batch that was sent; 0 before the first one. */
        long number() {
            return number;
        }

        private boolean hasContent() {
            return !deliveries.isEmpty() || !heads.isEmpty() || !moved.isEmpty();
        }

        private Content take() {
            number++;
            List<LinkBatch.Head> ends = new ArrayList<>(heads.size());
            heads.forEach((address, position) -> ends.add(new LinkBatch.Head(address, position)));
            Content content = new Content(name, number, deliveries, ends, List.copyOf(moved));
            deliveries = new ArrayList<>();
            heads = new LinkedHashMap<>();
            moved = new LinkedHashSet<>();
            return content;
        }

        /** What a batch carries. */
        record Content(
                String link, long number, List<Delivery> deliveries, List<LinkBatch.Head> heads, List<Address> moved) {}
    }
}
