package dev.hubbub.config;

/**
 * Where logs are kept.
 *
 * @param store which store
 * @param redisUrl the Redis server, used by {@link Store#REDIS} only
 * @param maxBytes what all logs of one node may take together, in bytes; the oldest events go first; default 256 MiB
 */
public record ReplayConfig(Store store, String redisUrl, long maxBytes) {

    /** The stores there are. */
    public enum Store {
        /** This process's memory; for one node. */
        MEMORY,
        /** Replicated over the cluster's memory. */
        HAZELCAST,
        /** Redis Streams. */
        REDIS
    }
}
