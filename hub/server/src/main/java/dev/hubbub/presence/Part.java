package dev.hubbub.presence;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What one incarnation of a node says of one address, as far as it has been heard: a join-semilattice.
 *
 * <p>Each change of a connection has a version, a number that the incarnation never uses twice. A part that lists
 * everything carries a version of its own, the floor: what it does not list was not there then. So for each connection
 * what was said last wins, be it in a change or in a list, in whatever order and however often parts arrive; and what
 * was removed needs no memory once a list has come, since older news lies below the floor.
 *
 * <p>Pure and mutable. Holds an entry for each connection, and one for each that left since the last list.
 */
final class Part {
    private final Map<String, Dot> dots = new HashMap<>();
    private long floor;

    /**
     * The last that was said of a connection.
     *
     * @param version when, in the incarnation's own counting
     * @param device what it is; empty when it has left
     */
    record Dot(long version, Optional<Device> device) {}

    /** Hears what a connection is now, and what it was. */
    @FunctionalInterface
    interface Changes {
        /** Takes one change. */
        void changed(Optional<Device> before, Optional<Device> after);
    }

    /** Makes a part that tells changes only. */
    Part() {}

    /** Makes a part that lists everything as of a version. */
    Part(long floor) {
        this.floor = floor;
    }

    static Part copyOf(Part other) {
        Part copy = new Part(other.floor);
        copy.dots.putAll(other.dots);
        return copy;
    }

    /** Says what became of a connection. */
    void say(String connection, Dot dot) {
        dots.put(connection, dot);
    }

    long floor() {
        return floor;
    }

    Map<String, Dot> dots() {
        return dots;
    }

    /** Takes in what another part says, and tells what is different now. */
    void merge(Part other, Changes changes) {
        if (other.floor > floor) {
            bury(other, changes);
        }
        other.dots.forEach((connection, said) -> {
            Dot known = dots.get(connection);
            long stamp = known == null ? floor : stamp(known);
            if (other.stamp(said) > stamp) {
                dots.put(connection, said);
                tell(known, said, changes);
            }
        });
        if (other.floor > floor) {
            floor = other.floor;
            dots.values().removeIf(dot -> dot.device().isEmpty() && dot.version() <= floor);
        }
    }

    /** Removes what a later list does not have. */
    private void bury(Part later, Changes changes) {
        Iterator<Map.Entry<String, Dot>> all = dots.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<String, Dot> entry = all.next();
            if (!later.dots.containsKey(entry.getKey()) && stamp(entry.getValue()) <= later.floor) {
                all.remove();
                tell(entry.getValue(), null, changes);
            }
        }
    }

    /** Returns when a connection was last known to be so: by its change, or by a list that confirmed it. */
    private long stamp(Dot dot) {
        return Math.max(dot.version(), floor);
    }

    private static void tell(
            @org.jspecify.annotations.Nullable Dot before,
            @org.jspecify.annotations.Nullable Dot after,
            Changes changes) {
        Optional<Device> was = before == null ? Optional.empty() : before.device();
        Optional<Device> is = after == null ? Optional.empty() : after.device();
        if (!was.equals(is)) {
            changes.changed(was, is);
        }
    }

    /** Counts what is only remembered because it has left. */
    long tombstones() {
        return dots.values().stream().filter(dot -> dot.device().isEmpty()).count();
    }

    boolean isEmpty() {
        return dots.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Part part && floor == part.floor && dots.equals(part.dots);
    }

    @Override
    public int hashCode() {
        return Objects.hash(floor, dots);
    }

    @Override
    public String toString() {
        return "Part[floor=" + floor + ", dots=" + dots + "]";
    }
}
