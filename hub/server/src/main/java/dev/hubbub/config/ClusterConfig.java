package dev.hubbub.config;

import java.util.List;

/**
 * How nodes find each other.
 *
 * @param enabled whether this node joins others; default false
 * @param name only nodes of the same name join; default hubbub
 * @param port the member port; default 5701
 * @param join addresses of members, as {@code host:port}
 * @param backups copies of each log beside the owner's, 0 to 6; default 1
 * @param minimumNodes fewer nodes than this refuse publishes; default 1
 */
public record ClusterConfig(boolean enabled, String name, int port, List<String> join, int backups, int minimumNodes) {

    /** Copies the list. */
    public ClusterConfig {
        join = List.copyOf(join);
    }
}
