package dev.hubbub.simulation;

import dev.hubbub.protocol.Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Nodes that take each other for members, and where they keep which log: the owner first, then the copies. */
final class Side {
    final Set<Node> members = new LinkedHashSet<>();
    final Map<Address, List<Node>> places = new LinkedHashMap<>();

    Node owner(Address address, int backups) {
        return placesOf(address, backups).get(0);
    }

    /** Returns where a log is kept; a new one is spread over the members by its address. */
    List<Node> placesOf(Address address, int backups) {
        return places.computeIfAbsent(address, a -> {
            List<Node> all = new ArrayList<>(members);
            List<Node> chosen = new ArrayList<>();
            int first = Math.floorMod(a.hashCode(), all.size());
            for (int i = 0; i < Math.min(all.size(), backups + 1); i++) {
                chosen.add(all.get((first + i) % all.size()));
            }
            return chosen;
        });
    }

    long view() {
        long view = members.size();
        for (Node member : members) {
            view += member.viewId().hashCode() * 0x9E3779B97F4A7C15L;
        }
        return view;
    }

    /** Lets some nodes go; the next copy of each log takes over. */
    void remove(Set<Node> gone) {
        members.removeAll(gone);
        places.values().forEach(kept -> kept.removeAll(gone));
        places.values().removeIf(List::isEmpty);
    }

    /** Makes this side's own idea of the same places, for nodes that part. */
    Side partOf(Set<Node> nodes) {
        Side part = new Side();
        members.stream().filter(nodes::contains).forEach(part.members::add);
        places.forEach((address, kept) -> {
            List<Node> here = new ArrayList<>(kept);
            here.removeIf(node -> !nodes.contains(node));
            if (!here.isEmpty()) {
                part.places.put(address, here);
            }
        });
        return part;
    }
}
