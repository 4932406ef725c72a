package dev.hubbub.messaging;

import dev.hubbub.config.AddressRule;
import dev.hubbub.replay.LogPolicy;

/** Turns a rule into what the owner of an address has to know. */
final class Policies {
    private Policies() {}

    static LogPolicy of(AddressRule rule) {
        AddressRule.Keep keep = rule.keep();
        return new LogPolicy(
                rule.delivery(), keep.events(), keep.bytes(), keep.age().toMillis(), rule.risingVersions());
    }
}
