package dev.hubbub.bench;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * What a generator sees of what is measured.
 *
 * @param servers where to connect, one or several nodes; connections are spread evenly
 * @param dialect how it is spoken to
 * @param probe what is read about its processes
 */
record Target(List<InetSocketAddress> servers, Dialect dialect, ServerProbe probe) {

    Target {
        servers = List.copyOf(servers);
    }

    /** The server of connection {@code i}. */
    InetSocketAddress server(int i) {
        return servers.get(i % servers.size());
    }
}
