package dev.hubbub.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Network namespaces on a network of their own, one for each node, made and removed by the test.
 *
 * <p>Each node has two cables: one to the other nodes, which the test may pull, and one to the clients. Nothing leaves
 * the machine. Needs root and Linux.
 */
final class Namespaces implements AutoCloseable {
    private static final String CLUSTER = "10.213.77.";
    private static final String CLIENTS = "10.213.78.";
    private static final int BUS_PORT = 5801;

    private final String name = "hub" + ProcessHandle.current().pid() % 10_000;
    private final List<String> spaces = new ArrayList<>();

    private Namespaces() {}

    static boolean areAvailable() {
        return Files.isExecutable(Path.of("/usr/sbin/ip")) && "root".equals(System.getProperty("user.name"));
    }

    static Namespaces of(int nodes) throws IOException {
        Namespaces made = new Namespaces();
        try {
            made.bridge("c");
            made.bridge("p");
            ip("addr", "add", CLIENTS + "254/24", "dev", made.name + "p");
            for (int i = 0; i < nodes; i++) {
                made.add(i);
            }
            return made;
        } catch (IOException | AssertionError failure) {
            made.close();
            throw failure;
        }
    }

    private void bridge(String suffix) throws IOException {
        ip("link", "add", name + suffix, "type", "bridge");
        ip("link", "set", name + suffix, "up");
    }

    private void add(int node) throws IOException {
        String space = name + "n" + node;
        ip("netns", "add", space);
        spaces.add(space);
        ip("-n", space, "link", "set", "lo", "up");
        cable(space, node, "c", CLUSTER);
        cable(space, node, "p", CLIENTS);
    }

    private void cable(String space, int node, String suffix, String network) throws IOException {
        String outside = name + suffix + node;
        String inside = "v" + suffix + node;
        ip("link", "add", outside, "type", "veth", "peer", "name", inside, "netns", space);
        ip("link", "set", outside, "master", name + suffix, "up");
        ip("-n", space, "addr", "add", network + (node + 1) + "/24", "dev", inside);
        ip("-n", space, "link", "set", inside, "up");
    }

    ClusterPlan.Place place(int node) {
        return new ClusterPlan.Place(spaces.get(node), CLIENTS + (node + 1), CLUSTER + (node + 1), 8080, 9090, 5701);
    }

    /** Pulls a node's cable to the others: no reset, no error, just silence. */
    void cut(int node) throws IOException {
        ip("link", "set", name + "c" + node, "nomaster");
    }

    void heal(int node) throws IOException {
        ip("link", "set", name + "c" + node, "master", name + "c");
    }

    /** Lets nothing leave a node for the bus of another one any more, while members still reach each other. */
    void cutBus(int from, int to) throws IOException {
        bus("add", from, to);
    }

    void healBus(int from, int to) throws IOException {
        bus("del", from, to);
    }

    private void bus(String verb, int from, int to) throws IOException {
        String rule = "-n " + spaces.get(from) + " rule " + verb + " priority 100 to " + CLUSTER + (to + 1)
                + " ipproto tcp dport " + BUS_PORT + " blackhole";
        ip(rule.split(" "));
    }

    private static void ip(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        // A namespace takes its ends of the cables with it.
        spaces.forEach(space -> tryTo("netns", "del", space));
        tryTo("link", "del", name + "c");
        tryTo("link", "del", name + "p");
    }

    private static void tryTo(String... arguments) {
        try {
            ip(arguments);
        } catch (IOException e) {
            System.err.println("not removed: " + e.getMessage());
        }
    }
}
