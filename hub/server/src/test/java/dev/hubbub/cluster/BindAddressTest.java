package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.config.ClusterConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a node that is not told its address listens for the others. */
class BindAddressTest {
    private static ClusterConfig joining(String... members) {
        return new ClusterConfig(true, "rooms", 5701, List.of(members), 1, 1);
    }

    @Test
    void aClusterOnOneMachineStaysOnLoopback() throws IOException {
        assertThat(BindAddress.of(joining("127.0.0.1:5701", "localhost:5702"))).isEqualTo("127.0.0.1");
        assertThat(BindAddress.of(joining())).isEqualTo("127.0.0.1");
    }

    @Test
    void anOwnNameThatMeansLoopbackDoesNotHideTheOthers() throws IOException {
        InetAddress own = InetAddress.getByName("127.0.1.1");
        InetAddress other = InetAddress.getByName("10.9.8.7");
        assertThat(BindAddress.elsewhere(List.of(own, other))).contains(other);
        assertThat(BindAddress.elsewhere(List.of(own))).isEmpty();
    }

    @Test
    void aNameThatIsNotThereYetIsPassedOverAndAllOfThemAreAFailure() throws IOException {
        assertThat(BindAddress.of(joining("127.0.0.1:5701", "node-2.invalid:5701")))
                .isEqualTo("127.0.0.1");
        assertThat(BindAddress.of(joining("node-2.invalid:5701", "127.0.0.1:5701")))
                .isEqualTo("127.0.0.1");
        assertThatThrownBy(() -> BindAddress.of(joining("node-1.invalid:5701", "node-2.invalid:5701")))
                .isInstanceOf(UnknownHostException.class);
    }

    @Test
    void portsAreTakenOffNamesAndAddresses() {
        assertThat(BindAddress.nameIn("node-1:5701")).isEqualTo("node-1");
        assertThat(BindAddress.nameIn("node-1")).isEqualTo("node-1");
        assertThat(BindAddress.nameIn("[fd00::1]:5701")).isEqualTo("fd00::1");
        assertThat(BindAddress.nameIn("fd00::1")).isEqualTo("fd00::1");
    }
}
