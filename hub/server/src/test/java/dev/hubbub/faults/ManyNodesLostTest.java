package dev.hubbub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.history.History;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** More nodes lost at once than a cluster goes on without. */
@Tag("long")
class ManyNodesLostTest {
    private static final String HAZELCAST = "store: hazelcast";

    @Test
    void twoOfThreeKilledAtOnceLoseNothingAndTheLastOneWaitsForASecond() throws Exception {
        try (ClusterUnderTest cluster = ClusterUnderTest.start(ClusterPlan.onLoopback(3, 2, 2, HAZELCAST))) {
            List<String> addresses = ClusterUnderTest.addresses(32);
            cluster.subscribe(30, 4, addresses);
            cluster.awaitSafe();
            cluster.publish(8, 300, addresses);
            cluster.await("the load runs", 20_000, () -> cluster.recorder().acknowledged() > 1_000);
            cluster.node(0).kill();
            cluster.node(1).kill();
            Refusal refusal = Refusal.of(cluster, 2);
            System.out.println("the last node answers " + refusal);
            assertThat(refusal.status()).isEqualTo(503);
            int acknowledged = cluster.onLoop(() -> cluster.recorder().acknowledged());
            cluster.await(
                    "every client is at the last node",
                    20_000,
                    () -> cluster.subscribers().stream().allMatch(Subscriber::isConnected));
            ClusterUnderTest.pause(5_000);
            assertThat(cluster.onLoop(() -> cluster.subscribers().stream().allMatch(Subscriber::isConnected)))
                    .as("the last node keeps its sockets")
                    .isTrue();
            assertThat(cluster.onLoop(() -> cluster.recorder().acknowledged()))
                    .as("nothing is acknowledged below the minimum")
                    .isEqualTo(acknowledged);
            cluster.node(0).restart();
            cluster.await(
                    "it serves again with a second node",
                    60_000,
                    () -> cluster.recorder().acknowledged() > acknowledged + 300);
            History history = cluster.settle(60_000);
            cluster.assertClean("two of three killed at once", history, false);
        }
    }

    @Test
    void allKilledAndStartedEmptyEveryClientIsTold() throws Exception {
        try (ClusterUnderTest cluster = ClusterUnderTest.start(ClusterPlan.onLoopback(3, 1, 2, HAZELCAST))) {
            List<String> addresses = ClusterUnderTest.addresses(16);
            cluster.subscribe(30, 4, addresses);
            cluster.publish(4, 200, addresses);
            cluster.await("the load runs", 20_000, () -> cluster.recorder().acknowledged() > 500);
            for (int i = 0; i < 3; i++) {
                cluster.node(i).kill();
            }
            for (int i = 0; i < 3; i++) {
                cluster.node(i).restart();
            }
            cluster.awaitReady();
            int before = cluster.onLoop(() -> cluster.recorder().acknowledged());
            cluster.await("the load goes on", 60_000, () -> cluster.recorder().acknowledged() > before + 300);
            History history = cluster.settle(60_000);
            cluster.assertClean("all killed and started empty", history, true);
            long told = cluster.onLoop(() -> cluster.subscribers().stream()
                    .flatMap(subscriber -> ClusterUnderTest.streamOf(subscriber.seen()))
                    .filter(seen -> seen.timesLost() > 0)
                    .count());
            System.out.println("told POSITION_LOST: " + told + " of " + 30 * 4 + " subscriptions");
            assertThat(told).isEqualTo(30 * 4);
        }
    }
}
