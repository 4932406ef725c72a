package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.NodeUnderTest.Answer;
import dev.hubbub.NodeUnderTest.Client;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console asks for pages and rates: what a call costs does not grow with who is connected. */
class ConsoleLoadTest {
    private static final int SOCKETS = 600;
    private static final int MOST_BYTES = 64 * 1024;
    private static final long MOST_MILLIS = 2_000;
    private static final String CONFIG = NodeUnderTest.HEAD
            + "limits: { connectionsPerIp: 100000, handshakes: 100000/s }\n"
            + "addresses: [{ match: \"user:{id}\", subscribe: true }, { match: \"room:{id}\", subscribe: true, publish: true }]\n";

    @TempDir
    private Path folder;

    @Test
    void everyCallIsShortAndQuickHoweverManyAreConnected() throws Exception {
        try (NodeUnderTest hub = NodeUnderTest.start(folder, CONFIG)) {
            for (int i = 0; i < SOCKETS; i++) {
                Client client = hub.connect(NodeUnderTest.token("user-" + i, Map.of()));
                for (String address : List.of("user:" + i, "room:all")) {
                    client.say(new JsonObject().put("type", "register").put("address", address));
                }
            }
            NodeUnderTest.eventually("all subscribed", () -> subscriptions(hub) >= SOCKETS);
            for (String path : List.of(
                    "nodes",
                    "connections",
                    "connections?user=user-7",
                    "connections?user=nobody",
                    "connections?address=room:all",
                    "connections?slow=true",
                    "addresses",
                    "addresses?sort=subscribers",
                    "addresses?match=user:%7Bid%7D",
                    "addresses/room:all",
                    "rates",
                    "config",
                    "audit",
                    "session")) {
                long begin = System.nanoTime();
                Answer answer = hub.opsGet("/ops/v1/" + path);
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
                assertThat(answer.status()).as(path).isEqualTo(200);
                assertThat(answer.body().length()).as("bytes of " + path).isLessThan(MOST_BYTES);
                assertThat(millis).as("millis of " + path).isLessThan(MOST_MILLIS);
            }
        }
    }

    private static int subscriptions(NodeUnderTest hub) {
        try {
            return hub.opsGet("/ops/v1/addresses/room:all").json().getInteger("subscribers");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
