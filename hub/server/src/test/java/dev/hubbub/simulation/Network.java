package dev.hubbub.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What lies between the nodes: delays, drops, repeats, reorders, and falls apart. */
final class Network {
    private final World world;
    private final double drops;
    private final double repeats;
    private final boolean reorders;
    private final Map<String, Long> lastArrival = new HashMap<>();
    private final List<Runnable> stuck = new ArrayList<>();
    private Set<Node> apart = Set.of();

    Network(World world) {
        this.world = world;
        this.drops = world.chance(0.5) ? 0 : world.random.nextDouble() * 0.02;
        this.repeats = world.chance(0.5) ? 0 : 0.05;
        this.reorders = world.chance(0.3);
    }

    boolean repeats() {
        return world.chance(repeats);
    }

    boolean isCut(Node from, Node to) {
        return from != to && apart.contains(from) != apart.contains(to);
    }

    void send(Node from, Node to, Runnable arrival) {
        if (isCut(from, to)) {
            if (world.chance(0.5)) {
                stuck.add(() -> to.at(world.between(0, 500), arrival)); // sent again by TCP when the way is free
            }
            return;
        }
        if (world.chance(drops)) {
            return;
        }
        long at = world.now() + (world.chance(0.02) ? world.between(50, 400) : world.between(0, 5));
        if (!reorders) {
            at = Math.max(at, lastArrival.getOrDefault(from + ">" + to, 0L));
            lastArrival.put(from + ">" + to, at);
        }
        to.at(at - world.now(), arrival);
    }

    void cut(Set<Node> group) {
        apart = Set.copyOf(group);
    }

    void heal() {
        apart = Set.of();
        List<Runnable> late = new ArrayList<>(stuck);
        stuck.clear();
        late.forEach(Runnable::run);
    }
}
