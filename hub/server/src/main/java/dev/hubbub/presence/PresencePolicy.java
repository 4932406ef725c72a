package dev.hubbub.presence;

import java.util.Optional;

/**
 * What the rule of an address says of its roster.
 *
 * @param graceMillis how long a user may be away without leaving
 * @param service the service that is told who joins and leaves
 */
public record PresencePolicy(long graceMillis, Optional<String> service) {
    /** Checks the time. */
    public PresencePolicy {
        if (graceMillis < 0) {
            throw new IllegalArgumentException("graceMillis: " + graceMillis + " (expected: 0 or more)");
        }
    }
}
