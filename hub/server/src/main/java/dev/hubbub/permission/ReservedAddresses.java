package dev.hubbub.permission;

import dev.hubbub.protocol.Address;
import java.util.List;

/**
 * Addresses that no rule and no key can open: the hub's own, and those of the event bus beneath it.
 *
 * <p>A rule such as {@code {any...}} with {@code send} would otherwise let a browser talk to Vert.x itself.
 */
final class ReservedAddresses {
    /** What such addresses start with. */
    static final List<String> PREFIXES = List.of(Address.RESERVED_PREFIX, "__vertx");

    private ReservedAddresses() {}

    /** Tells whether the address is one of them. */
    static boolean contains(Address address) {
        for (int i = 0; i < PREFIXES.size(); i++) {
            if (address.value().startsWith(PREFIXES.get(i))) {
                return true;
            }
        }
        return false;
    }
}
