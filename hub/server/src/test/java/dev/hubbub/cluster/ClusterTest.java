package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.hubbub.FreePorts;
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
    void aMemberWithAnotherSecretIsNotLetIn() throws IOException {
        int first = FreePorts.one();
        int second = FreePorts.one();
        HazelcastInstance one = member("rooms", first, second, "token");
        HazelcastInstance stranger = member("rooms", second, first, "guess");
        assertThat(stranger.getCluster().getMembers()).hasSize(1);
        assertThat(one.getCluster().getMembers()).hasSize(1);
    }

    @Test
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
