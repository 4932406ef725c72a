package dev.hubbub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.faults.Subscriber.Return;
import dev.hubbub.history.History;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nodes restarted one after the other under load, as a deploy does. */
class RollingRestartTest {
    private static final String HAZELCAST = "store: hazelcast";

    @Test
    void aNodeThatIsToldToGoMovesItsSocketsAndNobodyMissesAnything() throws Exception {
        ClusterPlan plan =
                ClusterPlan.onLoopback(2, 1, 1, HAZELCAST).with("drain: { within: 2s, limit: 20s, accepts: 200 }");
        try (ClusterUnderTest cluster = ClusterUnderTest.start(plan)) {
            List<String> addresses = ClusterUnderTest.addresses(8);
            cluster.subscribe(40, 2, addresses);
            cluster.awaitSafe();
            cluster.publish(4, 100, addresses);
            cluster.await("the load runs", 20_000, () -> cluster.recorder().acknowledged() > 50);
            long tookMillis = restart(cluster, 0);
            History history = cluster.settle(20_000);
            cluster.assertClean("one node restarted", history, false);
            List<Return> returns = returns(cluster);
            print("one node restarted in " + tookMillis + " ms", returns);
            assertThat(returns).hasSizeGreaterThanOrEqualTo(20);
            // All at once would be one second only.
            assertThat(seconds(returns)).hasSizeGreaterThan(1);
        }
    }

    @Test
    @Tag("long")
    void aSecondSignalEndsANodeAtOnce() throws Exception {
        ClusterPlan plan = ClusterPlan.onLoopback(2, 1, 1, HAZELCAST).with("drain: { within: 1m, limit: 3m }");
        try (ClusterUnderTest cluster = ClusterUnderTest.start(plan)) {
            cluster.subscribe(2, 1, ClusterUnderTest.addresses(1));
            cluster.awaitSafe();
            NodeProcess node = cluster.node(0);
            node.askToGo();
            cluster.await(
                    "it drains",
                    10_000,
                    () -> cluster.node(0).logTail().contains("node draining sockets=1 others=1 windowMillis=60000"));
            assertThat(node.isAlive()).isTrue();
            node.askToGo();
            cluster.await("it has ended", 3_000, () -> !node.isAlive());
            assertThat(node.exitCode()).isEqualTo(143);
        }
    }

    @Test
    @Tag("long")
    void aNodeKilledInTheMiddleOfItsDrainCostsNobodyAnEvent() throws Exception {
        try (ClusterUnderTest cluster = ClusterUnderTest.start(ClusterPlan.onLoopback(3, 1, 2, HAZELCAST))) {
            List<String> addresses = ClusterUnderTest.addresses(16);
            cluster.subscribe(60, 2, addresses);
            cluster.awaitSafe();
            cluster.publish(4, 150, addresses);
            cluster.await("the load runs", 20_000, () -> cluster.recorder().acknowledged() > 200);
            cluster.node(0).askToGo();
            cluster.await(
                    "it is in the middle of it",
                    20_000,
                    () -> cluster.subscribers().stream()
                                    .filter(subscriber -> !subscriber.returns().isEmpty())
                                    .count()
                            > 5);
            cluster.node(0).kill();
            int before = cluster.onLoop(() -> cluster.recorder().acknowledged());
            cluster.await("the load goes on", 20_000, () -> cluster.recorder().acknowledged() > before + 300);
            History history = cluster.settle(30_000);
            KillTest.print(cluster);
            cluster.assertClean("a node killed while it drained", history, false);
        }
    }

    @Test
    @Tag("long")
    void aNodeThatCannotHandOverEndsAtItsLimit() throws Exception {
        ClusterPlan plan = ClusterPlan.onLoopback(2, 1, 1, HAZELCAST).with("drain: { within: 1s, limit: 5s }");
        try (ClusterUnderTest cluster = ClusterUnderTest.start(plan)) {
            cluster.awaitSafe();
            // The other one is stopped in its tracks, so nobody takes what is handed over.
            cluster.node(1).signal("STOP");
            NodeProcess node = cluster.node(0);
            long began = System.nanoTime();
            node.askToGo();
            cluster.await("it has ended", 15_000, () -> !node.isAlive());
            long tookMillis = (System.nanoTime() - began) / 1_000_000;
            System.out.println("a node that cannot hand over ended after " + tookMillis + " ms");
            cluster.node(1).signal("CONT");
            assertThat(node.exitCode()).isEqualTo(1);
            assertThat(tookMillis).isBetween(4_500L, 8_000L);
        }
    }

    @Test
    @Tag("long")
    void threeNodesUnderFifteenHundredSockets() throws Exception {
        try (ClusterUnderTest cluster = ClusterUnderTest.start(ClusterPlan.onLoopback(3, 1, 2, HAZELCAST))) {
            List<String> addresses = ClusterUnderTest.addresses(64);
            cluster.subscribe(1_500, 2, addresses);
            cluster.awaitSafe();
            cluster.publish(8, 200, addresses);
            cluster.await("the load runs", 20_000, () -> cluster.recorder().acknowledged() > 500);
            cluster.doOnLoop(() -> cluster.subscribers().forEach(Subscriber::forgetReturns));
            int before = 0;
            for (int node = 0; node < 3; node++) {
                long tookMillis = restart(cluster, node);
                List<Return> all = returns(cluster);
                print("node " + node + " gone in " + tookMillis + " ms", all.subList(before, all.size()));
                // More than a tenth of them in one second would be a jolt for the nodes that take them.
                List<Return> moved = all.subList(before, all.size());
                assertThat(most(moved)).as("node %d", node).isLessThanOrEqualTo(moved.size() / 10);
                before = all.size();
            }
            ClusterUnderTest.pause(3_000);
            History history = cluster.settle(60_000);
            KillTest.print(cluster);
            cluster.assertClean("three nodes restarted in turn", history, false);
            List<Return> all = returns(cluster);
            print("three nodes restarted in turn", all);
            assertThat(most(all)).isLessThanOrEqualTo(all.size() / 10);
            assertThat(awayMillis(all, 99)).isLessThanOrEqualTo(5_000);
        }
    }

    /** Restarts a node, and returns how long it took to go, in milliseconds. */
    private static long restart(ClusterUnderTest cluster, int number) throws Exception {
        cluster.awaitSafe();
        NodeProcess node = cluster.node(number);
        long began = System.nanoTime();
        node.terminate();
        long tookMillis = (System.nanoTime() - began) / 1_000_000;
        assertThat(node.exitCode()).isZero();
        assertThat(tookMillis).isLessThan(45_000);
        node.restart();
        cluster.awaitSafe();
        cluster.await(
                "every client is back",
                20_000,
                () -> cluster.subscribers().stream().allMatch(Subscriber::isWhole));
        return tookMillis;
    }

    private static List<Return> returns(ClusterUnderTest cluster) {
        return cluster.onLoop(() -> {
            List<Return> all = new ArrayList<>();
            cluster.subscribers().forEach(subscriber -> all.addAll(subscriber.returns()));
            all.sort(Comparator.comparingLong(Return::openNanos));
            return all;
        });
    }

    private static Map<Long, Long> seconds(List<Return> returns) {
        return returns.stream()
                .collect(Collectors.groupingBy(
                        one -> one.openNanos() / 1_000_000_000, TreeMap::new, Collectors.counting()));
    }

    private static long most(List<Return> returns) {
        return seconds(returns).values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    private static long awayMillis(List<Return> returns, int percent) {
        List<Long> sorted = returns.stream().map(Return::awayMillis).sorted().toList();
        return sorted.isEmpty()
                ? 0
                : sorted.get((int) Math.min(sorted.size() - 1L, sorted.size() * (long) percent / 100));
    }

    private static void print(String what, List<Return> returns) {
        System.out.printf(
                "%s: %d reconnects, busiest second %d (%.1f %%), without a connection p50 %d ms, p99 %d ms, longest %d ms%n",
                what,
                returns.size(),
                most(returns),
                returns.isEmpty() ? 0 : 100.0 * most(returns) / returns.size(),
                awayMillis(returns, 50),
                awayMillis(returns, 99),
                awayMillis(returns, 100));
    }
}
