package dev.hubbub.replay;

/**
 * How much one read may give.
 *
 * @param maxEvents at most this many events, at least 1
 * @param maxBytes it stops after the event that passes this many bytes of JSON
 */
public record ReadLimits(int maxEvents, long maxBytes) {
    /** Checks the count. */
    public ReadLimits {
        if (maxEvents < 1) {
            throw new IllegalArgumentException("maxEvents: " + maxEvents + " (expected: >= 1)");
        }
    }
}
