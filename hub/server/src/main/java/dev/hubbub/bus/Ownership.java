package dev.hubbub.bus;

import dev.hubbub.protocol.Address;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Which nodes there are, and which of them owns an address, as this node sees it now.
 *
 * <p>What it says may be out of date a moment later: two nodes may name different owners while an address moves.
 * Nothing but speed depends on it; order and safety are the store's.
 *
 * <p>Every method may be called from any thread and never waits.
 */
public interface Ownership {

    /** Returns this node's name: {@code A-Z a-z 0-9 -}, new for every start. */
    String node();

    /** Returns the names of all nodes, this one included. */
    Set<String> nodes();

    /** Returns the node that owns an address; never empty. */
    String ownerOf(Address address);

    /** Tells whether there are enough nodes to take new events. */
    boolean isServing();

    /**
     * Returns a digest of the members of the cluster at this very moment.
     *
     * <p>Two nodes that see the same members have the same view; a node that left and came back makes another view.
     */
    long view();

    /**
     * Calls {@code listener} on the calling context whenever members came or went, addresses moved, or this node
     * rejoined.
     */
    void onChange(Consumer<Change> listener);

    /**
     * What happened.
     *
     * @param gone nodes that have left; empty for everything else
     */
    record Change(Set<String> gone) {
        /** Copies the names. */
        public Change {
            gone = Set.copyOf(gone);
        }
    }

    /** Returns the view of a node that has no others: it owns everything, and nothing ever changes. */
    static Ownership alone(String node) {
        return new Ownership() {
            @Override
            public String node() {
                return node;
            }

            @Override
            public Set<String> nodes() {
                return Set.of(node);
            }

            @Override
            public String ownerOf(Address address) {
                return node;
            }

            @Override
            public boolean isServing() {
                return true;
            }

            @Override
            public long view() {
                return 0;
            }

            @Override
            public void onChange(Consumer<Change> listener) {
                // A lone node sees no change.
            }
        };
    }
}
