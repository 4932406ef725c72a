package dev.hubbub.faults;

import dev.hubbub.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What the nodes of one test cluster are told, and where they are found.
 *
 * @param folder for config and logs
 * @param config the file that all nodes start with
 * @param nodes one for each
 */
record ClusterPlan(Path folder, Path config, List<Place> nodes) {
    static final String API_KEY = "hello";
    static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String API_KEY_SHA256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    /** Where a node listens, and in which network namespace; no namespace is the machine's own. */
    record Place(String namespace, String publicHost, String clusterHost, int http, int ops, int member) {}

    /** Plans a cluster on loopback. */
    static ClusterPlan onLoopback(int nodes, int backups, int minimumNodes, String replay) throws IOException {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            places.add(new Place("", "127.0.0.1", "127.0.0.1", FreePorts.one(), FreePorts.one(), FreePorts.pair(100)));
        }
        return of(places, backups, minimumNodes, replay);
    }

    static ClusterPlan of(List<Place> places, int backups, int minimumNodes, String replay) throws IOException {
        Path folder = Files.createTempDirectory("hubbub-cluster");
        List<String> join = places.stream()
                .map(place -> "\"" + place.clusterHost() + ":" + place.member() + "\"")
                .toList();
        Path config = Files.writeString(folder.resolve("hub.yaml"), """
                http: { host: 127.0.0.1 }
                auth:
                  jwt: { secret: "%s" }
                  apiKeys: [{ name: test, sha256: "%s", admin: true }]
                cluster: { enabled: true, name: %s, join: %s, backups: %d, minimumNodes: %d }
                replay: { %s }
                limits: { connectionsPerUser: 100000, connectionsPerIp: 100000, rate: { messages: 100000/s, burst: 100000 } }
                addresses:
                  - match: "room:{id}"
                    subscribe: true
                    publish: true
                    keep: { events: 20000, for: 1h }
                  - match: "here:{id}"
                    subscribe: true
                    presence: { show: [sub], grace: 2s }
                """.formatted(
                        SECRET, API_KEY_SHA256, folder.getFileName(), join, backups, minimumNodes, replay));
        return new ClusterPlan(folder, config, places);
    }

    /** The same with one more line of config. */
    ClusterPlan with(String line) throws IOException {
        Files.writeString(config, line + "\n", StandardOpenOption.APPEND);
        return this;
    }

    List<String> settings(int number) {
        Place place = nodes.get(number);
        return List.of(
                "--set", "http.host=" + place.publicHost(),
                "--set", "http.port=" + place.http(),
                "--set", "ops.host=" + place.publicHost(),
                "--set", "ops.port=" + place.ops(),
                "--set", "cluster.host=" + place.clusterHost(),
                "--set", "cluster.port=" + place.member());
    }

    /** What stands before the command, to start it elsewhere. */
    List<String> launcher(int number) {
        String namespace = nodes.get(number).namespace();
        return namespace.isEmpty() ? List.of() : List.of("ip", "netns", "exec", namespace);
    }
}
