package dev.hubbub.presence;

import dev.hubbub.protocol.Address;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An address as its owner has it; confined to the owner's event loop. */
final class OwnedAddress {
    final Address address;
    final AddressRoster roster = new AddressRoster();
    final Set<String> dirty = new LinkedHashSet<>();

    /** The nodes that want to be told. */
    final Set<String> listeners = new HashSet<>();

    /** Whether every node has been asked since the address came here. */
    boolean whole;

    /** The question to every node that is under way. */
    @Nullable
    Future<Void> asking;

    PresencePolicy policy = new PresencePolicy(0, Optional.empty());

    /** What the service of the rule was told; null where there is none. */
    @Nullable
    ToldRoster noticed;

    OwnedAddress(Address address) {
        this.address = address;
    }

    boolean isIdle() {
        return roster.isEmpty() && listeners.isEmpty() && asking == null && (noticed == null || !noticed.isBusy());
    }
}
