package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.NodeUnderTest.Client;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.hawkular.agent.prometheus.text.TextPrometheusMetricDataParser;
import org.hawkular.agent.prometheus.types.MetricFamily;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node under load tells a scrape. */
class MetricsTest {
    private static final String[] OPEN_METRICS = {"Accept", "application/openmetrics-text; version=1.0.0"};

    @TempDir
    private Path folder;

    private NodeUnderTest hub;

    @BeforeEach
    void start() throws Exception {
        String cluster = "cluster: { enabled: true, name: scraped, host: 127.0.0.1, port: %d, busPort: %d }\n"
                .formatted(FreePorts.one(), FreePorts.one());
        hub = NodeUnderTest.start(folder, NodeUnderTest.HEAD + cluster + """
                addresses:
                  - { match: "room:{id}", subscribe: true, publish: true, presence: { show: [sub], grace: 1s } }
                  - { match: "price:{id}", subscribe: true, publish: true, delivery: latest, every: 50ms }
                  - { match: "cursor:{id}", subscribe: true, publish: true, delivery: signal }
                """);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    /** Lets users of a name come to addresses of that name, publish, and some of them come back. */
    private void load(String name, int users) throws Exception {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < users; i++) {
            Client client = hub.connect(NodeUnderTest.token(name + i, Map.of()));
            client.register("room:" + name + i % 7);
            client.register("price:" + name + i);
            client.register("cursor:" + name);
            client.say(frame("register", "cursor:" + name + "-presence", "presence", "true"));
            clients.add(client);
        }
        for (int round = 0; round < 5; round++) {
            JsonArray batch = new JsonArray();
            for (int i = 0; i < users; i++) {
                for (String address :
                        List.of("room:" + name + i % 7, "price:" + name + i, "price:" + name + i, "cursor:" + name)) {
                    JsonObject event = new JsonObject()
                            .put("type", "t")
                            .put("resourceId", name + i % 3)
                            .put("payload", new JsonObject().put("round", round));
                    batch.add(new JsonObject().put("address", address).put("event", event));
                }
            }
            assertThat(hub.post("/api/v1/publish", batch, NodeUnderTest.ADMIN).status())
                    .isEqualTo(200);
        }
        for (Client client : clients) {
            client.hears("\"round\":4", "room:");
        }
        Client back = hub.connect(NodeUnderTest.token(name + "-back", Map.of()));
        back.say(frame("register", "room:" + name + "0", "position", place(clients.get(0))));
        back.hears("\"round\":4");
        back.say(frame("register", "room:" + name + "1", "position", "gone.1-a:5"));
        back.hears("POSITION_LOST");
        back.say(new JsonObject().put("type", "register").put("address", "secret:" + name));
        back.hears("ACCESS_DENIED");
    }

    private static JsonObject frame(String type, String address, String header, String value) {
        return new JsonObject()
                .put("type", type)
                .put("address", address)
                .put("headers", new JsonObject().put(header, value));
    }

    private static String place(Client client) {
        return client.frames.stream()
                .map(JsonObject::new)
                .filter(frame -> "rec".equals(frame.getString("type"))
                        && frame.getString("address").startsWith("room:"))
                .map(frame -> frame.getJsonObject("headers").getString("position"))
                .findFirst()
                .orElseThrow();
    }

    private Exposition scrape(String... headers) throws Exception {
        return Exposition.read(hub.opsGet("/metrics", headers).body(), headers.length > 0);
    }

    @Test
    void aScrapeUnderLoadIsReadByOthersAndKeepsTheRules() throws Exception {
        load("a", 20);

        String text = hub.opsGet("/metrics").body();
        Exposition read = Exposition.read(text, false);
        assertThat(read.faults()).isEmpty();
        assertThat(Exposition.read(hub.opsGet("/metrics", OPEN_METRICS).body(), true)
                        .faults())
                .isEmpty();
        Map<String, Integer> samples = readByOthers(text);
        assertThat(samples).hasSizeGreaterThan(80).containsKeys("hubbub_delivery_seconds", "jvm_memory_used_bytes");
        assertThat(samples.values()).allMatch(count -> count > 0);
        assertThat(read.names().stream().map(Exposition::familyOf).collect(Collectors.toSet()))
                .isEqualTo(samples.keySet().stream().map(Exposition::familyOf).collect(Collectors.toSet()));
    }

    private static Map<String, Integer> readByOthers(String text) throws IOException {
        Map<String, Integer> samples = new HashMap<>();
        var parser =
                new TextPrometheusMetricDataParser(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        for (MetricFamily family = parser.parse(); family != null; family = parser.parse()) {
            samples.put(family.getName(), family.getMetrics().size());
        }
        return samples;
    }

    @Test
    void moreUsersAndAddressesMakeNoMoreSeries() throws Exception {
        load("b", 5);
        Set<String> before = scrape().series();

        load("c", 35);

        Exposition after = scrape();
        // Which kinds of collection there were is the JVM's own affair.
        Set<String> news = new TreeSet<>(after.series());
        news.removeAll(before);
        assertThat(news).allMatch(series -> series.startsWith("jvm_gc_"));
        assertThat(after.series()).noneMatch(series -> series.contains("room:") || series.contains("127.0.0.1"));
        assertThat(after.series()).hasSizeLessThan(1_500);
    }

    @Test
    void whatHappenedIsCounted() throws Exception {
        load("d", 10);
        var unused = hub.stream("/sse?address=room:d0", NodeUnderTest.bearer(NodeUnderTest.token("reader", Map.of())));
        NodeUnderTest.eventually("all is counted", () -> {
            try {
                Exposition now = scrape();
                return now.sum("hubbub_connections", Map.of("transport", "websocket")) == 11
                        && now.sum("hubbub_connections", Map.of("transport", "sse")) == 1
                        && now.sum("hubbub_presence_changes_total", Map.of("change", "came")) == 13;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });

        Exposition now = scrape();
        assertThat(now.sum("hubbub_events_published_total", Map.of())).isEqualTo(200);
        assertThat(now.sum("hubbub_event_size_bytes_count", Map.of("delivery", "log")))
                .isEqualTo(50);
        assertThat(now.sum("hubbub_events_dropped_total", Map.of("delivery", "latest", "reason", "replaced")))
                .isGreaterThan(0);
        assertThat(now.sum("hubbub_delivery_seconds_count", Map.of("delivery", "log", "owner", "local")))
                .isGreaterThan(0);
        assertThat(now.sum("hubbub_append_seconds_count", Map.of("store", "hazelcast", "result", "ok")))
                .isGreaterThan(0);
        assertThat(now.sum("hubbub_publish_seconds_count", Map.of())).isEqualTo(5);
        assertThat(now.sum("hubbub_resumes_total", Map.of("result", "lost_epoch")))
                .isEqualTo(1);
        assertThat(now.sum("hubbub_resumes_total", Map.of("result", "memory"))
                        + now.sum("hubbub_resumes_total", Map.of("result", "log")))
                .isEqualTo(1);
        assertThat(now.sum("hubbub_reconnects_total", Map.of())).isEqualTo(1);
        assertThat(now.sum("hubbub_refused_total", Map.of("code", "access_denied")))
                .isEqualTo(1);
        assertThat(now.sum("hubbub_sockets_sent_bytes_total", Map.of())).isGreaterThan(10_000);
        assertThat(now.sum("hubbub_loop_delay_seconds_count", Map.of("loop", "replay")))
                .isGreaterThan(0);
        assertThat(now.sum("hubbub_build_info", Map.of())).isEqualTo(1);
    }

    @Test
    void connectionsEndWithTheirReason() throws Exception {
        int port = URI.create(hub.node().publicUrl()).getPort();
        try (Wire refused = Wire.upgraded(port, "/eventbus/websocket?access_token=no-token")) {
            assertThat(refused.readText()).contains("NOT_LOGGED_IN");
            assertThat(refused.read().closeCode()).isEqualTo(4401);
        }
        hub.connect(NodeUnderTest.token("erin", Map.of())).register("room:1");
        assertThat(hub.post("/api/v1/users/erin/disconnect", new JsonObject(), NodeUnderTest.ADMIN)
                        .status())
                .isEqualTo(200);
        Client leaving = hub.connect(NodeUnderTest.token("frank", Map.of()));
        leaving.register("room:1");
        leaving.leave();

        for (String reason : List.of("unauthenticated", "forbidden", "client")) {
            NodeUnderTest.eventually(reason, () -> {
                try {
                    Map<String, String> labels = Map.of("transport", "websocket", "reason", reason);
                    return scrape().sum("hubbub_connections_closed_total", labels) == 1;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        assertThat(scrape().sum("hubbub_connections_life_seconds_count", Map.of()))
                .isEqualTo(3);
    }
}
