package dev.hubbub.replay;

import dev.hubbub.config.DeliveryKind;

/**
 * What the owner of an address has to know of its rule; comes with every operation, so that a reload takes effect with
 * the next one.
 *
 * @param kind what is kept
 * @param maxEvents at most this many events (for {@code latest}: resources)
 * @param maxBytes at most this much, in bytes of JSON
 * @param maxAgeMillis at most this old, by the event's arrival; does not hold for {@code latest}, whose values stay
 *     current
 * @param risingVersions whether a resource version must be above the last one
 */
public record LogPolicy(DeliveryKind kind, int maxEvents, long maxBytes, long maxAgeMillis, boolean risingVersions) {
    /** Checks the bounds. */
    public LogPolicy {
        if (maxEvents < 0 || maxBytes < 0 || maxAgeMillis < 0) {
            throw new IllegalArgumentException("maxEvents: " + maxEvents + ", maxBytes: " + maxBytes
                    + ", maxAgeMillis: " + maxAgeMillis + " (expected: >= 0)");
        }
    }
}
