package dev.hubbub.replay;

import dev.hubbub.config.DeliveryKind;

/**
 * What the owner of an address has to know of its rule; comes with every operation, so that a reload takes effect with
 * the next one.
 *
 * @param kind what is kept
 * @param maxEvents at most this many events (for {@code latest}: resources)
 * @param maxBytes at most this much, in bytes of JSON
 * @param maxAgeMillis at most this old, by the event's arrival
 * @param risingVersions whether a resource version must be above the last one
 */
public record LogPolicy(DeliveryKind kind, int maxEvents, long maxBytes, long maxAgeMillis, boolean risingVersions) {}
