package dev.hubbub.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** Whether the two ports on which nodes reach each other can be what the config makes them. */
final class MemberPorts {
    private static final int HIGHEST = 65_535;

    private MemberPorts() {}

    static void check(HubConfig config, SectionReader http, SectionReader ops, SectionReader cluster) {
        if (!http.isSound("port") || !ops.isSound("port") || !cluster.isSound("port") || !cluster.isSound("busPort")) {
            return;
        }
        int port = config.cluster().port();
        int busPort = config.cluster().network().busPort();
        if (busPort > HIGHEST) {
            // Only the sum can be: what is written is held by the schema.
            cluster.fault(
                    "port",
                    port + " leaves no port for the bus, which listens on cluster.port + "
                            + ClusterConfig.BUS_PORT_DISTANCE + " (expected 1 to "
                            + (HIGHEST - ClusterConfig.BUS_PORT_DISTANCE) + ", or give cluster.busPort)");
            return;
        }
        Map<Integer, SectionReader> listeners = new LinkedHashMap<>();
        listeners.put(config.http().port(), http);
        listeners.putIfAbsent(config.ops().port(), ops);
        refuse(cluster, "port", port, listeners);
        if (busPort == port) {
            cluster.fault("busPort", busPort + " is taken twice: cluster.busPort must differ from cluster.port");
        } else {
            refuse(cluster, "busPort", busPort, listeners);
        }
    }

    /** Told at the port that somebody wrote; of two defaults that meet there is none. */
    private static void refuse(SectionReader cluster, String key, int port, Map<Integer, SectionReader> listeners) {
        SectionReader other = listeners.get(port);
        if (other != null) {
            String problem = port + " is taken twice: cluster." + key + " must differ from http.port and ops.port";
            if (cluster.has(key)) {
                cluster.fault(key, problem);
            } else {
                other.fault("port", problem);
            }
        }
    }
}
