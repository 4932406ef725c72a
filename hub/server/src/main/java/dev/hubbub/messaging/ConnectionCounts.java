package dev.hubbub.messaging;

import dev.hubbub.config.LimitsConfig;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many connections a node, a user and an IP address have; pure, confined to one context.
 *
 * <p>Holds one entry per open connection, so it is bounded by {@code limits.connections}.
 */
final class ConnectionCounts {
    private final Map<String, Counted> connections = new HashMap<>();
    private final Map<String, Integer> ofIp = new HashMap<>();
    private final Map<String, Integer> ofUser = new HashMap<>();

    /** Counts a connection in; throws {@code LIMIT_REACHED}, and then counts nothing. */
    void open(String connection, String ip, LimitsConfig limits) {
        requireRoom(ip, limits);
        if (connections.putIfAbsent(connection, new Counted(ip, Optional.empty())) == null) {
            ofIp.merge(ip, 1, Integer::sum);
        }
    }

    /** Throws {@code LIMIT_REACHED} when the node or the address has its number of connections. */
    void requireRoom(String ip, LimitsConfig limits) {
        if (connections.size() >= limits.connections()) {
            throw full("this node has its " + limits.connections() + " connections; try again later");
        }
        if (ofIp.getOrDefault(ip, 0) >= limits.connectionsPerIp()) {
            throw full("your address has its " + limits.connectionsPerIp() + " connections; close one first");
        }
    }

    /**
     * Counts a connection for its user; throws {@code LIMIT_REACHED}. A connection that is gone counts for nobody.
     *
     * @return how many connections the user has now; 0 when this one was counted for the user before, or is gone
     */
    int identified(String connection, String user, LimitsConfig limits) {
        Counted counted = connections.get(connection);
        if (counted == null || counted.user().equals(Optional.of(user))) {
            return 0;
        }
        if (ofUser.getOrDefault(user, 0) >= limits.connectionsPerUser()) {
            throw full("you have your " + limits.connectionsPerUser() + " connections; close one first");
        }
        counted.user().ifPresent(old -> less(ofUser, old));
        ofUser.merge(user, 1, Integer::sum);
        connections.put(connection, new Counted(counted.ip(), Optional.of(user)));
        return ofUser(user);
    }

    /** Counts a connection out; nothing happens when it was not counted in. */
    void closed(String connection) {
        Counted counted = connections.remove(connection);
        if (counted != null) {
            less(ofIp, counted.ip());
            counted.user().ifPresent(user -> less(ofUser, user));
        }
    }

    int ofUser(String user) {
        return ofUser.getOrDefault(user, 0);
    }

    int open() {
        return connections.size();
    }

    private static void less(Map<String, Integer> counts, String key) {
        counts.computeIfPresent(key, (k, count) -> count > 1 ? count - 1 : null);
    }

    private static HubException full(String message) {
        return new HubException(ErrorCode.LIMIT_REACHED, message);
    }

    private record Counted(String ip, Optional<String> user) {}
}
