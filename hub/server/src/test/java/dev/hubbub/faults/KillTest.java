package dev.hubbub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.history.History;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nodes that are killed under load. */
class KillTest {
    private static final String HAZELCAST = "store: hazelcast";

    @Test
    void aKilledNodeCostsNobodyAnEvent() throws Exception {
        try (ClusterUnderTest cluster = ClusterUnderTest.start(ClusterPlan.onLoopback(3, 1, 2, HAZELCAST))) {
            List<String> addresses = ClusterUnderTest.addresses(16);
            cluster.subscribe(24, 4, addresses);
            cluster.publish(4, 150, addresses);
            cluster.await("the load runs", 20_000, () -> cluster.recorder().acknowledged() > 300);
            cluster.node(0).kill();
            int before = cluster.onLoop(() -> cluster.recorder().acknowledged());
            cluster.await("the load goes on", 20_000, () -> cluster.recorder().acknowledged() > before + 300);
            History history = cluster.settle(30_000);
            cluster.assertClean("one node killed", history, false);
            print(cluster);
        }
    }

    @Test
    @Tag("long")
    void eachNodeKilledInTurnTwiceOver() throws Exception {
        try (ClusterUnderTest cluster = ClusterUnderTest.start(ClusterPlan.onLoopback(3, 1, 2, HAZELCAST))) {
            List<String> addresses = ClusterUnderTest.addresses(64);
            cluster.subscribe(60, 5, addresses);
            cluster.publish(8, 500, addresses);
            for (int round = 0; round < 6; round++) {
                NodeProcess node = cluster.node(round % 3);
                cluster.awaitSafe();
                ClusterUnderTest.pause(3_000);
                node.kill();
                ClusterUnderTest.pause(6_000);
                node.restart();
            }
            cluster.awaitSafe();
            ClusterUnderTest.pause(3_000);
            History history = cluster.settle(60_000);
            print(cluster);
            cluster.assertClean("each node killed twice", history, false);
        }
    }

    static void print(ClusterUnderTest cluster) {
        long stall = cluster.onLoop(() -> cluster.recorder().longestPublishMillis());
        long whole = cluster.onLoop(() -> cluster.subscribers().stream()
                .mapToLong(Subscriber::longestCutMillis)
                .max()
                .orElse(0));
        System.out.println("longest publish " + stall + " ms, longest until whole again " + whole + " ms");
        assertThat(stall).isLessThan(30_000);
    }
}
