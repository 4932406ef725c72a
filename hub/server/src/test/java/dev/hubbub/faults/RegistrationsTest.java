package dev.hubbub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the nodes register with each other. */
class RegistrationsTest {

    @Test
    @Tag("long")
    void registrationsDoNotGrowWithSocketsAndAddresses() throws Exception {
        try (ClusterUnderTest cluster = ClusterUnderTest.start(ClusterPlan.onLoopback(3, 1, 2, "store: hazelcast"))) {
            cluster.awaitSafe();
            int before = registrations(cluster);
            List<String> addresses = ClusterUnderTest.addresses(5_000);
            cluster.subscribe(5_000, 1, addresses);
            ClusterUnderTest.pause(2_000); // the figure is a second old
            int after = registrations(cluster);
            System.out.println(
                    "registrations at 0 sockets: " + before + ", at 5000 sockets on 5000 addresses: " + after);
            assertThat(after).isEqualTo(before);
        }
    }

    private static int registrations(ClusterUnderTest cluster) {
        return cluster.ops(0, "/ops/v1/nodes")
                .getJsonArray("nodes")
                .getJsonObject(0)
                .getInteger("registrations");
    }
}
