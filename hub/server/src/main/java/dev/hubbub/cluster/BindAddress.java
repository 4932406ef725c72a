package dev.hubbub.cluster;

import dev.hubbub.config.ClusterConfig;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Finds the address under which the other nodes reach this one; asks the system, so off the event loop. */
final class BindAddress {
    private BindAddress() {}

    /** Returns the configured address as numbers, else the one that leads to the first member of the join list. */
    static String of(ClusterConfig cluster) throws IOException {
        Optional<String> host = cluster.network().host();
        if (host.isPresent()) {
            return InetAddress.getByName(host.get()).getHostAddress();
        }
        Optional<String> other =
                cluster.network().dns().or(() -> cluster.join().stream().findFirst());
        return other.isEmpty()
                ? InetAddress.getLoopbackAddress().getHostAddress()
                : leadingTo(other.get(), cluster.port());
    }

    /** A connected datagram socket sends nothing, but has the address that a packet would leave from. */
    private static String leadingTo(String member, int port) throws IOException {
        String name = nameIn(member);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(name), port));
            return socket.getLocalAddress().getHostAddress();
        }
    }

    /** Takes the port off {@code host:port} and {@code [address]:port}. */
    private static String nameIn(String member) {
        if (member.startsWith("[")) {
            return member.substring(1, member.indexOf(']'));
        }
        int colon = member.indexOf(':');
        boolean hasPort = colon > 0 && colon == member.lastIndexOf(':');
        return hasPort ? member.substring(0, colon) : member;
    }
}
