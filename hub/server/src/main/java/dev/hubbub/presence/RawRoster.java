package dev.hubbub.presence;

import dev.hubbub.protocol.Address;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that an owner was told of who is where: a join-semilattice of {@link Part}s, and of the lives that ended.
 *
 * <p>Whatever order news come in, however often, and by whatever ways, who has the same news has the same roster. An
 * incarnation that was buried, or followed by a later one of its node, never comes back.
 *
 * <p>Pure and mutable. Holds what the connected nodes hold, and the last {@value #MOST_DEAD} nodes that were buried.
 */
final class RawRoster {
    private static final int MOST_DEAD = 1_000;

    private final Map<Incarnation, Map<Address, Part>> parts = new HashMap<>();
    private final Map<Incarnation, Long> floors = new HashMap<>();
    private final Map<String, Long> dead = new LinkedHashMap<>();

    /** Hears what is different at an address. */
    @FunctionalInterface
    interface Changes {
        /** Takes one change. */
        void changed(Address address, Optional<Device> before, Optional<Device> after);
    }

    /** Tells whether an incarnation has ended, so that nothing of it counts any more. */
    boolean isDead(Incarnation who) {
        return who.number() <= dead.getOrDefault(who.node(), 0L);
    }

    /** Takes in what an incarnation says of an address. */
    void merge(Incarnation who, Address address, Part part, Changes changes) {
        if (!isDead(who)) {
            buryEarlier(who, changes);
            Part known = partOf(who, address);
            known.merge(part, (before, after) -> changes.changed(address, before, after));
            if (saysNothing(who, known)) {
                parts.getOrDefault(who, Map.of()).remove(address);
            }
        }
    }

    /** Takes in everything that an incarnation has for this owner; what is not listed it does not have. */
    void mergeAll(Incarnation who, long floor, Map<Address, Part> listed, Changes changes) {
        if (isDead(who)) {
            return;
        }
        buryEarlier(who, changes);
        for (Address address : List.copyOf(addressesOf(who))) {
            if (!listed.containsKey(address)) {
                merge(who, address, new Part(floor), changes);
            }
        }
        listed.forEach((address, part) -> merge(who, address, part, changes));
        floors.merge(who, floor, Math::max);
        Map<Address, Part> all = parts.getOrDefault(who, Map.of());
        all.values().removeIf(part -> saysNothing(who, part));
    }

    /** Tells whether the floor of all that an incarnation said says the same. */
    private boolean saysNothing(Incarnation who, Part part) {
        return part.isEmpty() && part.floor() <= floors.getOrDefault(who, 0L);
    }

    private Part partOf(Incarnation who, Address address) {
        return parts.computeIfAbsent(who, w -> new HashMap<>())
                .computeIfAbsent(address, a -> new Part(floors.getOrDefault(who, 0L)));
    }

    private void buryEarlier(Incarnation who, Changes changes) {
        if (who.number() > 1) {
            bury(new Incarnation(who.node(), who.number() - 1), changes);
        }
    }

    /** Ends an incarnation and those before it, for ever. */
    void bury(Incarnation who, Changes changes) {
        if (isDead(who)) {
            return;
        }
        dead.remove(who.node());
        dead.put(who.node(), who.number());
        for (Incarnation old : List.copyOf(parts.keySet())) {
            if (old.node().equals(who.node()) && isDead(old)) {
                Map<Address, Part> gone = Objects.requireNonNull(parts.remove(old));
                floors.remove(old);
                gone.forEach((address, part) -> part.dots().values().forEach(dot -> {
                    if (dot.device().isPresent()) {
                        changes.changed(address, dot.device(), Optional.empty());
                    }
                }));
            }
        }
        if (dead.size() > MOST_DEAD) {
            dead.remove(dead.keySet().iterator().next());
        }
    }

    /** Ends every known incarnation of a node that has left. */
    void bury(String node, Changes changes) {
        parts.keySet().stream().filter(who -> who.node().equals(node)).toList().forEach(who -> bury(who, changes));
    }

    /** Takes in everything that another roster has. */
    void merge(RawRoster other, Changes changes) {
        other.dead.forEach((node, number) -> bury(new Incarnation(node, number), changes));
        other.floors.forEach((who, floor) -> mergeAll(who, floor, other.parts.getOrDefault(who, Map.of()), changes));
        other.parts.forEach((who, all) -> {
            if (!other.floors.containsKey(who)) {
                all.forEach((address, part) -> merge(who, address, part, changes));
            }
        });
    }

    /** Forgets an address that another node owns now; that node is told anew. */
    void forget(Address address) {
        parts.values().forEach(all -> all.remove(address));
    }

    /** Returns the addresses of which an incarnation has said something. */
    Set<Address> addressesOf(Incarnation who) {
        return parts.getOrDefault(who, Map.of()).keySet();
    }

    /** Calls {@code action} with each device of a node. */
    void eachOf(String node, DeviceAt action) {
        parts.forEach((who, all) -> {
            if (who.node().equals(node)) {
                all.forEach((address, part) -> part.dots()
                        .values()
                        .forEach(dot -> dot.device().ifPresent(device -> action.at(address, device))));
            }
        });
    }

    /** Takes a device and where it is. */
    @FunctionalInterface
    interface DeviceAt {
        /** Takes one. */
        void at(Address address, Device device);
    }

    /** Counts the connections that are remembered only because they left, of one incarnation at one address. */
    long tombstones(Incarnation who, Address address) {
        Part part = parts.getOrDefault(who, Map.of()).get(address);
        return part == null ? 0 : part.tombstones();
    }

    private Map<Incarnation, Map<Address, Part>> said() {
        Map<Incarnation, Map<Address, Part>> said = new HashMap<>(parts);
        said.values().removeIf(Map::isEmpty);
        return said;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawRoster roster && said().equals(roster.said()) && dead.equals(roster.dead);
    }

    @Override
    public int hashCode() {
        return Objects.hash(said(), dead);
    }

    @Override
    public String toString() {
        return "RawRoster[dead=" + dead + ", parts=" + parts + "]";
    }
}
