package dev.hubbub.cluster;

import dev.hubbub.config.ClusterConfig;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the address under which the other nodes reach this one; asks the system, so off the event loop. */
final class BindAddress {
    private BindAddress() {}

    /**
     * Returns the configured address as numbers, else the one that leads to the other members.
     *
     * <p>A member name that cannot be looked up is passed over, as its node may not be there yet; fails if that is true
     * of all.
     */
    static String of(ClusterConfig cluster) throws IOException {
        Optional<String> host = cluster.network().host();
        if (host.isPresent()) {
            return InetAddress.getByName(host.get()).getHostAddress();
        }
        List<String> members = cluster.network().dns().map(List::of).orElse(cluster.join());
        Optional<InetAddress> other = elsewhere(addresses(members));
        return other.isEmpty()
                ? InetAddress.getLoopbackAddress().getHostAddress()
                : leadingTo(other.get(), cluster.port());
    }

    private static List<InetAddress> addresses(List<String> members) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String member : members) {
            try {
                addresses.addAll(List.of(InetAddress.getAllByName(nameIn(member))));
            } catch (UnknownHostException absent) {
                if (addresses.isEmpty() && member.equals(members.get(members.size() - 1))) {
                    throw absent;
                }
            }
        }
        return addresses;
    }

    /** A machine's own name often means its loopback address; only without any other is the cluster on one machine. */
    static Optional<InetAddress> elsewhere(List<InetAddress> members) {
        return members.stream().filter(member -> !member.isLoopbackAddress()).findFirst();
    }

    /** A connected datagram socket sends nothing, but has the address that a packet would leave from. */
    private static String leadingTo(InetAddress member, int port) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(member, port));
            return socket.getLocalAddress().getHostAddress();
        }
    }

    /** Takes the port off {@code host:port} and {@code [address]:port}. */
    static String nameIn(String member) {
        if (member.startsWith("[")) {
            return member.substring(1, member.indexOf(']'));
        }
        int colon = member.indexOf(':');
        boolean hasPort = colon > 0 && colon == member.lastIndexOf(':');
        return hasPort ? member.substring(0, colon) : member;
    }
}
