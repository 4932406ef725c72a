package dev.hubbub.http;

/**
 * The times of a stream of Server-Sent Events.
 *
 * @param heartbeatMillis how often a quiet stream says that it is there
 * @param stuckMillis how long a full stream may stand still before it ends
 * @param retryMillis how long browsers are told to wait before they connect again
 */
record SseTiming(long heartbeatMillis, long stuckMillis, long retryMillis) {
    /** What the contract promises: 25 s and 30 s. */
    static final SseTiming STANDARD = new SseTiming(25_000, 30_000, 2_000);
}
