package dev.hubbub.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One or several nodes of the hub on one core, and what they need beside them; ended together. */
final class HubNodes implements AutoCloseable {

    /** Where logs are kept. */
    enum Store {
        MEMORY,
        HAZELCAST,
        REDIS
    }

    /**
     * What is to be started.
     *
     * @param jar the hub's jar
     * @param java the Java program and its flags
     * @param config the config, without cluster and replay
     * @param core the core of everything
     * @param folder for files and output
     */
    record Setup(Path jar, List<String> java, String config, int core, Path folder) {}

    private final List<ServerProcess> nodes = new ArrayList<>();
    private final List<ServerProcess> beside = new ArrayList<>();
    private final Setup setup;

    private HubNodes(Setup setup) {
        this.setup = setup;
    }

    /** Starts nodes and waits until all are ready; several make a cluster with one backup of each log. */
    static HubNodes start(Setup setup, int count, Store store) throws IOException, InterruptedException {
        HubNodes started = new HubNodes(setup);
        try {
            started.launch(count, store);
            return started;
        } catch (IOException | RuntimeException | InterruptedException e) {
            started.close();
            throw e;
        }
    }

    private void launch(int count, Store store) throws IOException, InterruptedException {
        List<Integer> ports = IntStream.range(0, count)
                .mapToObj(i -> {
                    try {
                        return ServerProcess.freePort();
                    } catch (IOException e) {
                        throw new BenchException("there is no free port", e);
                    }
                })
                .toList();
        String text = setup.config;
        if (store == Store.REDIS) {
            ServerProcess redis =
                    ServerProcess.start(Peers.redis(), setup.java, setup.core, setup.folder.resolve("redis.txt"));
            beside.add(redis);
            text += "replay: { store: redis, redis: { url: \"redis://127.0.0.1:"
                    + redis.address().getPort() + "\" } }\n";
        } else if (store == Store.HAZELCAST) {
            text += cluster(ports) + "replay: { store: hazelcast }\n";
        }
        Path config = Files.writeString(setup.folder.resolve("hub.yaml"), text);
        for (int i = 0; i < count; i++) {
            List<String> more = store == Store.HAZELCAST
                    ? List.of(
                            "--set",
                            "cluster.port=" + ports.get(i),
                            "--set",
                            "cluster.busPort=" + ServerProcess.freePort())
                    : List.of();
            Contender node = new Contender.Hub(setup.jar, config, more, BridgeTransport.PLAIN);
            nodes.add(ServerProcess.begin(node, setup.java, setup.core, setup.folder.resolve("node-" + i + ".txt")));
        }
        // Only together are they enough to be ready.
        for (ServerProcess node : nodes) {
            node.awaitReady();
        }
    }

    private static String cluster(List<Integer> ports) {
        String join = ports.stream().map(port -> "\"127.0.0.1:" + port + "\"").collect(Collectors.joining(", "));
        int backups = ports.size() > 1 ? 1 : 0;
        int minimum = ports.size() / 2 + 1;
        return "cluster: { enabled: true, host: 127.0.0.1, name: \"bench-" + ports.get(0) + "\", join: [" + join
                + "], secret: \"only-for-benchmarks-on-loopback\", backups: " + backups + ", minimumNodes: "
                + minimum + " }\n";
    }

    /** What a generator sees: all nodes, and everything beside them. */
    Target target() {
        List<ServerProcess> all = new ArrayList<>(nodes);
        all.addAll(beside);
        ServerProbe probe = new ServerProbe(
                all.stream().map(ServerProcess::pid).toList(),
                setup.core,
                all.stream().flatMap(one -> one.probe().gcLogs().stream()).toList());
        return new Target(nodes.stream().map(ServerProcess::address).toList(), BridgeTransport.PLAIN, probe);
    }

    /** One node. */
    ServerProcess node(int i) {
        return nodes.get(i);
    }

    /** The last words of every process. */
    String tails() throws IOException {
        StringBuilder text = new StringBuilder();
        try (var files = Files.list(setup.folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".txt")).toList()) {
                text.append('\n').append(file.getFileName()).append(":\n").append(ServerProcess.tail(file));
            }
        }
        return text.toString();
    }

    @Override
    public void close() {
        nodes.forEach(ServerProcess::close);
        beside.forEach(ServerProcess::close);
    }
}
