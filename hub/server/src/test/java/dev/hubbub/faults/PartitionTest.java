package dev.hubbub.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hubbub.history.History;
import dev.hubbub.history.Recorder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A network that falls apart, one node on one side and two on the other, and heals. */
@Tag("long")
class PartitionTest {

    @ParameterizedTest
    @ValueSource(ints = {5, 20, 40})
    void nothingAcknowledgedIsLostAndEverybodyIsWholeAgain(int seconds) throws Exception {
        assumeTrue(Namespaces.areAvailable(), "needs root and Linux for network namespaces");
        try (Namespaces network = Namespaces.of(3)) {
            List<ClusterPlan.Place> places = List.of(network.place(0), network.place(1), network.place(2));
            try (ClusterUnderTest cluster = ClusterUnderTest.start(ClusterPlan.of(places, 1, 2, "store: hazelcast"))) {
                run(cluster, network, seconds);
            }
        }
    }

    private static void run(ClusterUnderTest cluster, Namespaces network, int seconds) throws Exception {
        List<String> addresses = ClusterUnderTest.addresses(32);
        cluster.subscribe(24, 4, addresses);
        // Beside them some that stay where they are, whatever happens.
        cluster.stay(6, 4, addresses);
        cluster.awaitSafe();
        cluster.publish(8, 300, addresses);
        cluster.await("the load runs", 20_000, () -> cluster.recorder().acknowledged() > 500);

        network.cut(0);
        List<Integer> minority = new ArrayList<>();
        long until = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < until) {
            ClusterUnderTest.pause(500);
            if (seconds >= 20 && System.nanoTime() > until - 5_000_000_000L) {
                minority.add(Refusal.once(cluster, 0).status());
            }
        }
        int degraded = cluster.onLoop(() -> cluster.subscribers().stream()
                .filter(Subscriber::isStaying)
                .flatMap(subscriber -> ClusterUnderTest.streamOf(subscriber.seen()))
                .mapToInt(Recorder.Seen::timesDegraded)
                .sum());
        network.heal(0);
        long healed = System.nanoTime();
        cluster.awaitReady();
        int before = cluster.onLoop(() -> cluster.recorder().acknowledged());
        cluster.await("the load goes on", 30_000, () -> cluster.recorder().acknowledged() > before + 200);
        History history = cluster.settle(60_000);
        long whole = (System.nanoTime() - healed) / 1_000_000;
        System.out.println("partition of " + seconds + " s: minority answered " + minority + ", degraded notices "
                + degraded + ", everybody whole at most " + whole + " ms after healing");
        KillTest.print(cluster);
        cluster.assertClean("partition of " + seconds + " s", history, false);
        if (seconds >= 20) {
            assertThat(minority).containsOnly(503);
            assertThat(degraded).isPositive();
        }
        assertThat(whole).isLessThan(20_000);
    }
}
