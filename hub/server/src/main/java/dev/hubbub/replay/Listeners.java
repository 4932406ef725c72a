package dev.hubbub.replay;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.EventFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Which inboxes listen to which address, and what this turn has for them.
 *
 * <p>Not thread-safe; belongs to the replay verticle's event loop. Both maps hold only addresses with a listener, and
 * the second is emptied at the end of every turn.
 */
final class Listeners {
    private final Map<Address, Set<String>> inboxes = new HashMap<>();
    private Map<Address, Collected> turn = new LinkedHashMap<>();

    /** Adds an inbox; tells whether it did not listen before. */
    boolean add(Address address, String inbox) {
        return inboxes.computeIfAbsent(address, a -> new LinkedHashSet<>(4)).add(inbox);
    }

    void remove(Address address, String inbox) {
        Set<String> listening = inboxes.get(address);
        if (listening != null && listening.remove(inbox) && listening.isEmpty()) {
            inboxes.remove(address);
        }
    }

    boolean has(Address address) {
        return inboxes.containsKey(address);
    }

    /** Collects an event for who listens at the end of the turn; call it only when {@link #has} says yes. */
    void collect(DeliveryKind kind, EventFrame event) {
        Collected collected = turn.get(event.address());
        if (collected == null) {
            collected = new Collected(kind);
            turn.put(event.address(), collected);
        }
        collected.events.add(event);
    }

    /** Hands over what the turn collected, once to each inbox, and begins the next turn. */
    void flush(BiConsumer<String, Deliveries> tell) {
        Map<Address, Collected> ended = turn;
        turn = new LinkedHashMap<>();
        Map<String, List<Delivery>> outgoing = new LinkedHashMap<>();
        ended.forEach((address, collected) -> {
            // One delivery object for all inboxes: it is immutable.
            Delivery delivery = new Delivery(address, collected.kind, List.copyOf(collected.events));
            for (String inbox : inboxes.getOrDefault(address, Set.of())) {
                outgoing.computeIfAbsent(inbox, i -> new ArrayList<>()).add(delivery);
            }
        });
        outgoing.forEach((inbox, deliveries) -> tell.accept(inbox, new Deliveries(deliveries)));
    }

    /** The events of one address in one turn. */
    private static final class Collected {
        private final DeliveryKind kind;
        private final List<EventFrame> events = new ArrayList<>();

        Collected(DeliveryKind kind) {
            this.kind = kind;
        }
    }
}
