package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.NodeUnderTest.Client;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a node goes, and how it does not come. */
class StopTest {
    private static final String CONFIG =
            NodeUnderTest.HEAD + "addresses: [{ match: \"room:{id}\", subscribe: true }]\n";
    private static final int SOCKETS = 12;

    @TempDir
    private Path folder;

    @Test
    void everySocketOfEveryLoopIsToldAnotherMomentToComeBack() throws Exception {
        NodeUnderTest hub = NodeUnderTest.start(folder, CONFIG);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < SOCKETS; i++) {
            Client client = hub.connect(NodeUnderTest.token("user-" + i, Map.of()));
            client.register("room:1");
            clients.add(client);
        }

        hub.close();

        Set<String> reasons = new HashSet<>();
        for (Client client : clients) {
            client.isClosed(1012);
            assertThat(client.closeReason).matches("reconnect in \\d+ ms");
            reasons.add(client.closeReason);
        }
        assertThat(reasons).hasSize(SOCKETS);
    }

    @Test
    void streamsAreToldToo() throws Exception {
        NodeUnderTest hub = NodeUnderTest.start(folder, CONFIG);
        NodeUnderTest.Stream stream =
                hub.stream("/sse?address=room:1", NodeUnderTest.bearer(NodeUnderTest.token("alice", Map.of())));
        stream.hears("retry: 2000");

        hub.close();

        stream.hears("event: close");
        stream.hears("\"code\":1012");
        NodeUnderTest.eventually("the stream ends", stream::hasEnded);
    }

    @Test
    void aPortThatIsInUseIsSaidInPlainWords() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            for (String section : List.of("http", "ops")) {
                Path file = Files.writeString(folder.resolve("hub.yaml"), CONFIG);
                ConfigSource source = new ConfigSource(file, List.of(section + ".port=" + port), Map.of());

                assertThatThrownBy(() -> NodeUnderTest.await(HubNode.start(source)))
                        .hasMessageContaining("cannot listen on 127.0.0.1:" + port)
                        .hasMessageContaining("in use")
                        .hasMessageContaining("--set " + section + ".port=");
            }
        }
    }
}
