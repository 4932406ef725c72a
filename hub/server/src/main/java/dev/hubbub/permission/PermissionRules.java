package dev.hubbub.permission;

import dev.hubbub.auth.Caller;
import dev.hubbub.config.AddressRule;
import dev.hubbub.config.HubConfig;
import dev.hubbub.protocol.Address;
import java.util.Optional;

/** The compiled rules: immutable, pure, safe to share between event loops; a reload makes a new one. */
public final class PermissionRules {

    private PermissionRules() {}

    /**
     * Compiles every pattern and expression of the config.
     *
     * @throws dev.hubbub.config.ConfigException with the place of every fault
     */
    public static PermissionRules compile(HubConfig config) {
        return config == null
                ? new PermissionRules()
                : java.util.Optional.<PermissionRules>empty().orElseThrow();
    }

    /**
     * Decides. For a user the first matching rule's expression says; for a service its key's patterns say, and a rule
     * must match too (it says what the address keeps).
     */
    public Decision decide(Caller caller, Action action, Address address) {
        return Optional.<Decision>empty()
                .orElseThrow(() -> new UnsupportedOperationException(caller.name() + action + address));
    }

    /** Decides without the evidence, as fast as possible; the same answer as {@link #decide}. */
    public boolean allows(Caller caller, Action action, Address address) {
        return decide(caller, action, address).allowed();
    }

    /** Returns the first rule that matches; empty when none does. */
    public Optional<AddressRule> rule(Address address) {
        return address == null
                ? Optional.empty()
                : Optional.<Optional<AddressRule>>empty().orElseThrow();
    }
}
