package dev.hubbub.bus;

import dev.hubbub.protocol.Address;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A cluster of which nobody says that it changes: the test does.
 *
 * @param owner names the owner of every address
 */
public record TestOwnership(String node, Set<String> nodes, Supplier<String> owner) implements Ownership {

    /** Where every address belongs to another node. */
    public static TestOwnership ofAnother(String node, String owner) {
        return new TestOwnership(node, Set.of(node, owner), () -> owner);
    }

    @Override
    public String ownerOf(Address address) {
        return owner.get();
    }

    @Override
    public boolean isServing() {
        return true;
    }

    @Override
    public long view() {
        return 1;
    }

    @Override
    public void onChange(Consumer<Change> listener) {
        // Nobody is told.
    }
}
