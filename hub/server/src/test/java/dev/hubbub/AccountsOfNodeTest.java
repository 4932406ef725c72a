package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.NodeUnderTest.Client;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** At rest, what a node's subscribers were owed is what they got plus what is declared lost, to the last event. */
class AccountsOfNodeTest {
    private static final String RULES = """
            limits: { pending: 64KiB, connectionsPerUser: 1000, connectionsPerIp: 1000 }
            addresses:
              - { match: "room:{id}", subscribe: true, publish: true, keep: { events: 300 } }
              - { match: "price:{id}", subscribe: true, publish: true, delivery: latest, every: 20ms }
              - { match: "cursor:{id}", subscribe: true, publish: true, delivery: signal, every: 10ms }
            """;
    private static final List<String> KINDS = List.of("log", "latest", "signal");
    private static final List<String> ADDRESSES = List.of("room:1", "price:1", "cursor:1");
    private static final int LAST = 1_000_000;

    @TempDir
    private Path folder;

    private final Random random = new Random(7);
    private final List<Client> all = new ArrayList<>();
    private final List<Client> open = new ArrayList<>();

    static long counted(NodeUnderTest hub, String series) throws Exception {
        return hub.opsGet("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static void addsUp(NodeUnderTest hub) throws Exception {
        for (String kind : KINDS) {
            String of = "{delivery=\"" + kind + "\"";
            long owed = counted(hub, "hubbub_events_owed_total" + of);
            long delivered = counted(hub, "hubbub_events_delivered_total" + of);
            long lost = counted(hub, "hubbub_events_lost_total" + of);
            long pending = counted(hub, "hubbub_events_pending" + of);
            assertThat(owed)
                    .as("%s delivered %d lost %d pending %d", kind, delivered, lost, pending)
                    .isEqualTo(delivered + lost + pending);
            assertThat(pending).as(kind).isZero();
            assertThat(delivered).as(kind).isPositive();
        }
        assertThat(hub.opsGet("/metrics").body().lines().filter(line -> line.contains("reason=\"unexplained\"")))
                .isNotEmpty()
                .allMatch(line -> line.endsWith(" 0.0"));
    }

    private void publish(NodeUnderTest hub, int n, int padding) throws Exception {
        for (String address : ADDRESSES) {
            JsonObject event = new JsonObject()
                    .put("type", "tick")
                    .put("resourceId", "r" + (n == LAST ? "last" : String.valueOf(n % 4)))
                    .put("payload", new JsonObject().put("n", n).put("pad", "x".repeat(padding)));
            assertThat(hub.publish(address, event).status()).isEqualTo(200);
        }
    }

    private void joins(NodeUnderTest hub) throws Exception {
        Client client = hub.connect(NodeUnderTest.token("u" + all.size(), Map.of()));
        all.add(client);
        open.add(client);
        for (String address : ADDRESSES) {
            JsonObject headers = new JsonObject().put("notices", "true");
            if (random.nextBoolean()) {
                headers.put("recent", "5");
            }
            client.say(new JsonObject()
                    .put("type", "register")
                    .put("address", address)
                    .put("headers", headers));
        }
    }

    private void chaos(NodeUnderTest hub, int step) throws Exception {
        switch (random.nextInt(6)) {
            case 0, 1 -> joins(hub);
            case 2 -> {
                if (open.size() > 2) {
                    open.remove(random.nextInt(open.size())).leave();
                }
            }
            case 3 -> {
                if (!open.isEmpty()) {
                    String address = ADDRESSES.get(random.nextInt(ADDRESSES.size()));
                    Client client = open.get(random.nextInt(open.size()));
                    client.say(new JsonObject().put("type", "unregister").put("address", address));
                    client.say(new JsonObject()
                            .put("type", "register")
                            .put("address", address)
                            .put("headers", new JsonObject().put("notices", "true")));
                }
            }
            default -> publish(hub, step, 10);
        }
    }

    /** Everybody who is still there has the last event of every address, so nothing is under way. */
    private void rests(NodeUnderTest hub, List<Client> there) throws Exception {
        publish(hub, LAST, 10);
        for (Client client : there) {
            for (String address : ADDRESSES) {
                client.hears("\"type\":\"rec\"", address, "\"n\":" + LAST);
            }
        }
    }

    private static long events(List<Client> clients) {
        return clients.stream()
                .flatMap(client -> client.frames.stream())
                .filter(frame -> frame.contains("\"type\":\"rec\""))
                .count();
    }

    private static long delivered(NodeUnderTest hub) throws Exception {
        return counted(hub, "hubbub_events_delivered_total");
    }

    @Test
    void withClientsThatComeGoAndStartAnew() throws Exception {
        try (NodeUnderTest hub = NodeUnderTest.start(folder, NodeUnderTest.HEAD + RULES)) {
            joins(hub);
            for (int step = 0; step < 250; step++) {
                chaos(hub, step);
            }
            rests(hub, open);
            NodeUnderTest.eventually("the closed ones are gone", () -> {
                try {
                    return counted(hub, "hubbub_connections{") == open.size();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            addsUp(hub);
            // A client that left may have closed before the last bytes reached it; nobody can have got more.
            assertThat(events(all)).isLessThanOrEqualTo(delivered(hub));
        }
    }

    @Test
    void whatClientsGotThatStayedIsWhatTheBooksSay() throws Exception {
        try (NodeUnderTest hub = NodeUnderTest.start(folder, NodeUnderTest.HEAD + RULES)) {
            for (int step = 0; step < 120; step++) {
                if (step % 6 == 0) {
                    joins(hub);
                }
                publish(hub, step, 10);
            }
            rests(hub, all);
            addsUp(hub);
            long told = delivered(hub);
            NodeUnderTest.eventually("every delivered event was read", () -> events(all) == told);
        }
    }

    @Test
    void withClientsThatDoNotReadAndAreCut() throws Exception {
        try (NodeUnderTest hub = NodeUnderTest.start(folder, NodeUnderTest.HEAD + RULES)) {
            joins(hub);
            int port = URI.create(hub.node().publicUrl()).getPort();
            List<Wire> slow = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                String token = NodeUnderTest.token("slow" + i, Map.of());
                Wire wire = Wire.upgraded(port, "/eventbus/websocket?access_token=" + token);
                slow.add(wire);
                for (String address : ADDRESSES) {
                    wire.text("{\"type\":\"register\",\"address\":\"" + address
                            + "\",\"headers\":{\"notices\":\"true\"}}");
                    assertThat(wire.readText()).contains("hub.subscribed");
                }
            }
            String signals = "hubbub_events_lost_total{delivery=\"signal\",reason=\"dropped\"}";
            String waiting = "hubbub_events_pending{delivery=\"log\"";
            for (int step = 0; step < 400 && (counted(hub, signals) == 0 || counted(hub, waiting) == 0); step++) {
                publish(hub, step, 40_000);
                // Who reads has everything of a log by then: what waits, waits for those who do not.
                open.get(0).hears("\"type\":\"rec\"", "room:1", "\"n\":" + step);
            }
            assertThat(counted(hub, signals)).isPositive();
            assertThat(counted(hub, waiting)).isPositive();
            slow.forEach(Wire::close);
            NodeUnderTest.eventually("they are gone", () -> {
                try {
                    return counted(hub, "hubbub_connections{") == 1;
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            rests(hub, all);
            addsUp(hub);
            assertThat(counted(hub, "hubbub_events_lost_total{delivery=\"log\",reason=\"closed\"}"))
                    .isPositive();
        }
    }

    @Test
    void onTheLivingNodeWhenAnotherOneEnds() throws Exception {
        int first = FreePorts.one();
        int second = FreePorts.one();
        try (NodeUnderTest stays = clustered("one", first, second)) {
            try (NodeUnderTest goes = clustered("two", second, first)) {
                NodeUnderTest.eventually("two nodes", () -> nodes(stays) == 2 && nodes(goes) == 2);
                joins(stays);
                for (int step = 0; step < 60; step++) {
                    publish(step % 2 == 0 ? stays : goes, step, 10);
                    if (step % 10 == 0) {
                        joins(stays);
                    }
                }
            }
            NodeUnderTest.eventually("one node is left", () -> nodes(stays) == 1);
            for (int step = 0; step < 60; step++) {
                chaos(stays, step);
            }
            rests(stays, open);
            addsUp(stays);
        }
    }

    private NodeUnderTest clustered(String name, int port, int other) throws Exception {
        String cluster =
                "cluster: { enabled: true, name: accounts, host: 127.0.0.1, port: %d, busPort: %d, join: [\"127.0.0.1:%d\"] }\n"
                        .formatted(port, FreePorts.one(), other);
        return NodeUnderTest.start(Files.createDirectory(folder.resolve(name)), NodeUnderTest.HEAD + cluster + RULES);
    }

    private static int nodes(NodeUnderTest node) {
        try {
            return node.opsGet("/ops/v1/nodes").json().getJsonArray("nodes").size();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
