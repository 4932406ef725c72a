package dev.hubbub.faults;

import dev.hubbub.history.History;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node that sleeps, and believes on waking that nothing has happened. */
class PauseTest {

    @Test
    @Tag("long")
    void aNodeThatSleptTwelveSecondsDoesNoHarm() throws Exception {
        try (ClusterUnderTest cluster = ClusterUnderTest.start(ClusterPlan.onLoopback(3, 1, 2, "store: hazelcast"))) {
            List<String> addresses = ClusterUnderTest.addresses(32);
            cluster.subscribe(30, 4, addresses);
            cluster.publish(8, 300, addresses);
            cluster.await("the load runs", 20_000, () -> cluster.recorder().acknowledged() > 500);
            for (int round = 0; round < 2; round++) {
                NodeProcess node = cluster.node(round);
                node.signal("STOP");
                ClusterUnderTest.pause(12_000);
                node.signal("CONT");
                ClusterUnderTest.pause(15_000);
                cluster.awaitSafe();
            }
            int before = cluster.onLoop(() -> cluster.recorder().acknowledged());
            cluster.await("the load goes on", 30_000, () -> cluster.recorder().acknowledged() > before + 300);
            History history = cluster.settle(60_000);
            KillTest.print(cluster);
            cluster.assertClean("two nodes paused for 12 s each", history, false);
        }
    }
}
