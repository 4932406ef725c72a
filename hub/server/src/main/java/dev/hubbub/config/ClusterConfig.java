package dev.hubbub.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How nodes find each other.
 *
 * @param enabled whether this node joins others; default false
 * @param name only nodes of the same name join; default hubbub
 * @param port the member port; default 5701
 * @param join addresses of members, as {@code host:port}
 * @param backups copies of each log beside the owner's, 0 to 6; default 1
 * @param minimumNodes fewer nodes than this refuse publishes; default 1
 * @param network how nodes reach each other, and who is let in
 */
public record ClusterConfig(
        boolean enabled, String name, int port, List<String> join, int backups, int minimumNodes, Network network) {

    /** How far the bus port is above the member port, unless it is configured. */
    public static final int BUS_PORT_DISTANCE = 100;

    /** Copies the list. */
    public ClusterConfig {
        join = List.copyOf(join);
    }

    /** Creates a config with the default network. */
    public ClusterConfig(boolean enabled, String name, int port, List<String> join, int backups, int minimumNodes) {
        this(enabled, name, port, join, backups, minimumNodes, Network.ofPort(port));
    }

    /**
     * Returns how many nodes have to be there, and to agree, before a publish is answered: {@code minimumNodes}, and
     * where that is above 1 also more than half of those in {@code join}.
     *
     * <p>With fewer than half both sides of a split would go on, and one of them lose what it answered.
     */
    public int quorum() {
        return minimumNodes == 1
                ? 1
                : Math.max(minimumNodes, (int) (join.stream().distinct().count() / 2) + 1);
    }

    /**
     * How nodes reach each other, and who is let in.
     *
     * @param host the address of this node that the others reach; empty lets the hub find the one that leads to them
     * @param busPort the port for what nodes tell each other; default the member port + 100
     * @param dns a name whose addresses are the members, in place of {@code join}
     * @param secret what a node has to know to be let in, 16 characters or more
     * @param tls what a node has to have to be spoken to
     * @param named whether the file gives the cluster's name, so that it is not the one that every hub has
     */
    public record Network(
            Optional<String> host,
            int busPort,
            Optional<String> dns,
            Optional<String> secret,
            Optional<Tls> tls,
            boolean named) {

        /** Of a cluster whose name is not given. */
        public Network(
                Optional<String> host, int busPort, Optional<String> dns, Optional<String> secret, Optional<Tls> tls) {
            this(host, busPort, dns, secret, tls, false);
        }

        static Network ofPort(int port) {
            return new Network(
                    Optional.empty(), port + BUS_PORT_DISTANCE, Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    /**
     * Mutual TLS between nodes, as PEM files.
     *
     * @param certificate this node's certificate chain
     * @param key its private key
     * @param ca who has signed the certificates of all nodes
     */
    public record Tls(Path certificate, Path key, Path ca) {}
}
