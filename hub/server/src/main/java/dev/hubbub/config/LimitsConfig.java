package dev.hubbub.config;

import java.time.Duration;

/**
 * What a connection and a node may use; beyond it new work is refused with a code.
 *
 * @param connections open connections of one node; default 100,000
 * @param connectionsPerUser open connections of one user; default 20
 * @param connectionsPerIp open connections from one IP address; default 200
 * @param subscriptions subscriptions of one connection; default 500
 * @param frameBytes the largest message from a client, in bytes; default 64 KiB
 * @param rate messages from one connection
 * @param pendingBytes unsent bytes of one connection before it counts as slow; default 1 MiB
 */
public record LimitsConfig(
        int connections,
        int connectionsPerUser,
        int connectionsPerIp,
        int subscriptions,
        int frameBytes,
        Rate rate,
        int pendingBytes) {

    /**
     * A token bucket.
     *
     * @param messages how many tokens come back each {@code per}; default 100
     * @param per the period; default 1 s
     * @param burst how many tokens the bucket holds; default 200
     */
    public record Rate(int messages, Duration per, int burst) {}
}
