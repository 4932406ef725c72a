package dev.hubbub.config;

import java.time.Duration;
import java.util.OptionalLong;

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
 * @param node what all connections of a node together may use
 */
public record LimitsConfig(
        int connections,
        int connectionsPerUser,
        int connectionsPerIp,
        int subscriptions,
        int frameBytes,
        Rate rate,
        int pendingBytes,
        Node node) {

    /**
     * A token bucket.
     *
     * @param messages how many tokens come back each {@code per}; default 100
     * @param per the period; default 1 s
     * @param burst how many tokens the bucket holds; default 200
     */
    public record Rate(int messages, Duration per, int burst) {}

    /**
     * What a node takes on.
     *
     * @param memoryBytes what it may hold for its clients, in bytes; empty for a share of the heap
     * @param handshakes new connections; the burst is five periods' worth
     * @param resumes reads of logs for who comes back or catches up; the burst is one period's worth
     * @param requests HTTP requests of one user, or of one address without one; the burst is five periods' worth
     */
    public record Node(OptionalLong memoryBytes, Rate handshakes, Rate resumes, Rate requests) {
        /** How many periods' worth of handshakes may come at once. */
        static final int HANDSHAKE_PERIODS = 5;

        private static final int PER_SECOND = 1_000;

        private static final int REQUESTS = 500;

        /** With the default of requests. */
        public Node(OptionalLong memoryBytes, Rate handshakes, Rate resumes) {
            this(
                    memoryBytes,
                    handshakes,
                    resumes,
                    new Rate(REQUESTS, Duration.ofSeconds(1), HANDSHAKE_PERIODS * REQUESTS));
        }

        /** Returns what holds where the config says nothing. */
        public static Node standard() {
            Duration second = Duration.ofSeconds(1);
            return new Node(
                    OptionalLong.empty(),
                    new Rate(PER_SECOND, second, HANDSHAKE_PERIODS * PER_SECOND),
                    new Rate(PER_SECOND, second, PER_SECOND));
        }
    }
}
