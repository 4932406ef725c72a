package dev.hubbub.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hubbub.history.History;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What one node sends another on the bus gets lost, while the members still reach each other. */
@Tag("long")
class BusPathTest {

    @Test
    void noticesABlockedBusPathBetweenTwoLivingNodesWithinFiveSecondsWhileTheMemberIsStillListed() throws Exception {
        assumeTrue(Namespaces.areAvailable(), "needs root and Linux for network namespaces");
        try (Namespaces network = Namespaces.of(3)) {
            List<ClusterPlan.Place> places = List.of(network.place(0), network.place(1), network.place(2));
            try (ClusterUnderTest cluster = ClusterUnderTest.start(ClusterPlan.of(places, 1, 2, "store: hazelcast"))) {
                run(cluster, network);
            }
        }
    }

    private static void run(ClusterUnderTest cluster, Namespaces network) throws Exception {
        List<String> addresses = ClusterUnderTest.addresses(16);
        cluster.subscribe(12, 4, addresses);
        cluster.awaitSafe();
        cluster.publish(4, 100, addresses);
        cluster.await("the load runs", 20_000, () -> cluster.recorder().acknowledged() > 200);
        String sender = name(cluster, 0);
        String receiver = name(cluster, 1);

        network.cutBus(0, 1);
        long cut = System.nanoTime();
        awaitState(cluster, 1, sender, receiver, "down");
        long noticed = (System.nanoTime() - cut) / 1_000_000;
        JsonObject health = cluster.ops(1, "/health/ready");
        assertThat(health.getString("status")).isEqualTo("not_ready");
        assertThat(health.getJsonObject("details").getJsonObject("cluster").getString("why"))
                .contains(sender);
        for (int node = 0; node < 3; node++) {
            assertThat(details(cluster, node).getJsonObject("cluster").getInteger("nodes"))
                    .as("members that node %d sees", node)
                    .isEqualTo(3);
        }
        awaitState(cluster, 0, sender, receiver, "down");
        assertThat(cluster.ops(0, "/health/ready").getString("status")).isEqualTo("ready");
        assertThat(cluster.ops(2, "/health/ready").getString("status")).isEqualTo("ready");
        assertThat(cluster.node(1).logTail()).contains("path_down from=" + sender + " to=" + receiver);

        network.healBus(0, 1);
        long healed = System.nanoTime();
        awaitState(cluster, 1, sender, receiver, "up");
        long back = (System.nanoTime() - healed) / 1_000_000;
        cluster.awaitReady();
        History history = cluster.settle(60_000);
        System.out.println("bus path cut: noticed after " + noticed + " ms, up again " + back + " ms after healing");
        KillTest.print(cluster);
        cluster.assertClean("bus path cut", history, false);
        assertThat(noticed).isLessThanOrEqualTo(5_000);
    }

    private static JsonObject details(ClusterUnderTest cluster, int node) {
        return cluster.ops(node, "/health/ready").getJsonObject("details");
    }

    private static String name(ClusterUnderTest cluster, int node) {
        return details(cluster, node).getString("node");
    }

    private static void awaitState(ClusterUnderTest cluster, int at, String from, String to, String state) {
        long until = System.nanoTime() + 30_000_000_000L;
        while (!details(cluster, at).getJsonArray("paths").stream()
                .map(JsonObject.class::cast)
                .anyMatch(path -> path.getString("from").equals(from)
                        && path.getString("to").equals(to)
                        && path.getString("state").equals(state))) {
            assertThat(System.nanoTime())
                    .as(() -> "path " + state + ": " + details(cluster, at) + "\n" + cluster.logTails())
                    .isLessThan(until);
            ClusterUnderTest.pause(100);
        }
    }
}
