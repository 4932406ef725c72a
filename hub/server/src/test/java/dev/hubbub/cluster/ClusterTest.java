package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.hubbub.FreePorts;
import dev.hubbub.attack.Attack;
import dev.hubbub.config.ClusterConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is let in, and what is shut. */
class ClusterTest {
    private final List<HazelcastInstance> members = new ArrayList<>();

    private HazelcastInstance member(String name, int port, int other, String token) {
        ClusterConfig cluster =
                new ClusterConfig(true, name, port, List.of("127.0.0.1:" + port, "127.0.0.1:" + other), 1, 2);
        HazelcastInstance member = Hazelcast.newHazelcastInstance(HazelcastSettings.of(cluster, "127.0.0.1", token));
        members.add(member);
        return member;
    }

    @AfterEach
    void stop() {
        members.forEach(member -> member.getLifecycleService().terminate());
    }

    @Test
    void membersOfOneNameAndSecretFindEachOtherAndComeBackAsAnother() throws IOException {
        int first = FreePorts.one();
        int second = FreePorts.one();
        HazelcastInstance one = member("rooms", first, second, "token");
        HazelcastInstance two = member("rooms", second, first, "token");
        assertThat(one.getCluster().getMembers()).hasSize(2);
        assertThat(MemberIdentity.viewOf(one.getCluster().getMembers()))
                .isEqualTo(MemberIdentity.viewOf(two.getCluster().getMembers()));
        String owner = MemberIdentity.ownerOf(two);
        assertThat(owner).matches("[0-9A-F]{16}").isNotEqualTo(MemberIdentity.ownerOf(one));

        two.getLifecycleService().terminate();
        HazelcastInstance again = member("rooms", second, first, "token");

        assertThat(MemberIdentity.ownerOf(again)).isNotEqualTo(owner);
    }

    /** Something that Java would gladly bring back to life. */
    private static final class Gadget implements java.io.Serializable {
        private static final long serialVersionUID = 1L;
    }

    @Test
    @Attack("S42")
    void aForeignClassIsNotBroughtBackToLife() throws IOException {
        int port = FreePorts.one();
        HazelcastInstance one = member("rooms", port, port, "token");
        one.getMap("any").set("key", new Gadget());
        assertThatThrownBy(() -> one.getMap("any").get("key"))
                .hasStackTraceContaining("Gadget")
                .isInstanceOf(com.hazelcast.nio.serialization.HazelcastSerializationException.class);
    }

    @Test
    @Attack("S40")
    void theMemberPortIsThereOnTheConfiguredAddressOnly() throws IOException {
        int port = FreePorts.one();
        assertThat(member("rooms", port, port, "token").getCluster().getMembers())
                .hasSize(1);
        try (java.net.Socket here = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), port)) {
            assertThat(here.isConnected()).isTrue();
        }
        assertThatThrownBy(() ->
                        new java.net.Socket(java.net.InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), port).close())
                .isInstanceOf(java.net.ConnectException.class);
    }

    @Test
    void aMemberOfAnotherNameStaysAlone() throws IOException {
        int first = FreePorts.one();
        int second = FreePorts.one();
        HazelcastInstance one = member("rooms", first, second, "token");
        HazelcastInstance stranger = member("halls", second, first, "token");
        assertThat(one.getCluster().getMembers()).hasSize(1);
        assertThat(stranger.getCluster().getMembers()).hasSize(1);
    }

    @Test
    @Attack("S41")
    void aMemberWithAnotherSecretIsNotLetIn() throws IOException {
        int first = FreePorts.one();
        int second = FreePorts.one();
        HazelcastInstance one = member("rooms", first, second, "token");
        HazelcastInstance stranger = member("rooms", second, first, "guess");
        assertThat(stranger.getCluster().getMembers()).hasSize(1);
        assertThat(one.getCluster().getMembers()).hasSize(1);
    }

    @Test
    @Attack({"S40", "S43"})
    void onlyMembersSpeakOnTheMemberPort() {
        Config config = HazelcastSettings.of(
                new ClusterConfig(true, "rooms", 5701, List.of("127.0.0.1:5701"), 1, 2), "127.0.0.1", "");
        assertThat(config.getAdvancedNetworkConfig().isEnabled()).isTrue();
        assertThat(config.getAdvancedNetworkConfig().getEndpointConfigs()).hasSize(1);
        assertThat(config.getAdvancedNetworkConfig()
                        .getJoin()
                        .getMulticastConfig()
                        .isEnabled())
                .isFalse();
        assertThat(config.getAdvancedNetworkConfig()
                        .getJoin()
                        .getAutoDetectionConfig()
                        .isEnabled())
                .isFalse();
        assertThat(config.getJetConfig().isEnabled()).isFalse();
        assertThat(config.getProperty("hazelcast.socket.bind.any")).isEqualTo("false");
        assertThat(config.getProperty("hazelcast.operation.fail.on.indeterminate.state"))
                .isEqualTo("true");
        assertThat(config.getMapConfig(HazelcastSettings.LOGS).getSplitBrainProtectionName())
                .isNotNull();
    }
}
