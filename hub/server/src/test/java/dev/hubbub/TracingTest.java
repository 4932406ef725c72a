package dev.hubbub;

import static dev.hubbub.NodeUnderTest.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collector of OpenTelemetry is told of events. */
class TracingTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final Map<Span, String> nodes = new ConcurrentHashMap<>();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private HttpServer collector;

    @BeforeEach
    void listen() throws Exception {
        collector = NodeUnderTest.await(
                vertx.createHttpServer().requestHandler(this::collect).listen(0, "127.0.0.1"));
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, java.util.concurrent.TimeUnit.SECONDS);
    }

    private void collect(HttpServerRequest request) {
        paths.add(request.path());
        request.body()
                .map(body -> {
                    try {
                        return ExportTraceServiceRequest.parseFrom(body.getBytes());
                    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .onSuccess(this::keep)
                .compose(read -> request.response()
                        .putHeader("Content-Type", "application/x-protobuf")
                        .end())
                .onFailure(failure -> paths.add("failed " + failure));
    }

    private void keep(ExportTraceServiceRequest sent) {
        sent.getResourceSpansList().forEach(resource -> {
            String node = resource.getResource().getAttributesList().stream()
                    .filter(attribute -> attribute.getKey().equals("service.instance.id"))
                    .map(attribute -> attribute.getValue().getStringValue())
                    .findFirst()
                    .orElseThrow();
            resource.getScopeSpansList()
                    .forEach(scope -> scope.getSpansList().forEach(span -> {
                        nodes.put(span, node);
                        spans.add(span);
                    }));
        });
    }

    private NodeUnderTest start(double sample) throws Exception {
        return NodeUnderTest.start(folder, NodeUnderTest.HEAD + """
                tracing: { otlp: "http://127.0.0.1:%d", sample: %s }
                addresses: [{ match: "room:{id}", subscribe: true, publish: true }]
                """.formatted(collector.actualPort(), sample));
    }

    private static String publish(NodeUnderTest hub, String address, String... more) throws Exception {
        JsonObject event = new JsonObject().put("type", "t").put("payload", 1);
        String[] headers =
                Stream.concat(Stream.of(NodeUnderTest.ADMIN), Stream.of(more)).toArray(String[]::new);
        return hub.post(
                        "/api/v1/publish",
                        new JsonObject().put("address", address).put("event", event),
                        headers)
                .json()
                .getString("id");
    }

    private List<Span> of(String id) {
        return spans.stream()
                .filter(span -> id.equals(attributes(span).get("messaging.message.id")))
                .toList();
    }

    private Span stage(String id, String name) {
        return of(id).stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> attributes(Span span) {
        Map<String, String> attributes = new java.util.HashMap<>();
        span.getAttributesList()
                .forEach(attribute -> attributes.put(
                        attribute.getKey(),
                        attribute.getValue().hasIntValue()
                                ? String.valueOf(attribute.getValue().getIntValue())
                                : attribute.getValue().getStringValue()));
        return attributes;
    }

    private static String hex(com.google.protobuf.ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    @Test
    void theTraceOfARequestGoesOnThroughPublishAppendAndDelivery() throws Exception {
        try (NodeUnderTest hub = start(0)) {
            hub.connect(NodeUnderTest.token("alice", Map.of())).register("room:1");

            String id = publish(hub, "room:1", "traceparent", "00-" + TRACE + "-" + PARENT + "-01");

            eventually("three spans", () -> of(id).size() == 3);
            assertThat(of(id)).allMatch(span -> hex(span.getTraceId()).equals(TRACE));
            assertThat(hex(stage(id, "publish").getParentSpanId())).isEqualTo(PARENT);
            assertThat(stage(id, "append").getParentSpanId())
                    .isEqualTo(stage(id, "publish").getSpanId());
            assertThat(stage(id, "deliver").getParentSpanId())
                    .isEqualTo(stage(id, "append").getSpanId());
            assertThat(attributes(stage(id, "deliver")))
                    .containsEntry("messaging.destination.name", "room:1")
                    .containsEntry("hubbub.recipients", "1");
            assertThat(attributes(stage(id, "append"))).containsKey("hubbub.position");
            assertThat(paths).isNotEmpty().containsOnly("/v1/traces");
        }
    }

    @Test
    void theSampleDecidesWhereNoTraceIsGiven() throws Exception {
        String all;
        try (NodeUnderTest hub = start(1)) {
            all = publish(hub, "room:1", "traceparent", "no trace at all");
            String unsampled = publish(hub, "room:1", "traceparent", "00-" + TRACE + "-" + PARENT + "-00");
            eventually("two spans", () -> of(all).size() == 2);
            assertThat(of(unsampled)).isEmpty();
        }
        assertThat(spans)
                .as("one that says that it is not sampled is not")
                .allMatch(span -> !hex(span.getTraceId()).equals(TRACE));
        spans.clear();

        String none;
        try (NodeUnderTest hub = start(0)) {
            none = publish(hub, "room:1");
        }
        assertThat(of(none)).as("all is sent before the node has gone").isEmpty();
    }

    private static boolean ownsHalf(NodeUnderTest node) {
        return Math.abs(metric(node, "hubbub_cluster_owned", Map.of()) - 0.5) < 0.01;
    }

    @Test
    void oneTraceGoesThroughTwoNodes() throws Exception {
        int first = FreePorts.one();
        try (NodeUnderTest one = member("one", first, first);
                NodeUnderTest two = member("two", FreePorts.one(), first)) {
            eventually("they have met", () -> metric(one, "hubbub_cluster_nodes", Map.of()) == 2);
            // What moves while it is published is read from the log, and a read is no delivery with a span.
            eventually("each has its half of the addresses", () -> ownsHalf(one) && ownsHalf(two));
            for (int i = 0; i < 12; i++) {
                one.connect(NodeUnderTest.token("alice", Map.of())).register("room:" + i);
                two.connect(NodeUnderTest.token("sarah", Map.of())).register("room:" + i);
            }
            for (int i = 0; i < 12; i++) {
                String id = publish(one, "room:" + i);
                eventually("publish, append and a delivery on either node", () -> of(id).size() == 4);
                assertThat(of(id))
                        .extracting(span -> hex(span.getTraceId()))
                        .containsOnly(hex(of(id).get(0).getTraceId()));
                assertThat(of(id).stream().map(nodes::get).collect(Collectors.toSet()))
                        .hasSize(2);
            }

            Map<String, String> remote = Map.of("delivery", "log", "owner", "remote");
            // Who listened anew meanwhile has read some of them from the log.
            assertThat(metric(one, "hubbub_delivery_seconds_count", remote)
                            + metric(two, "hubbub_delivery_seconds_count", remote))
                    .isBetween(1.0, 12.0);
        }
    }

    private NodeUnderTest member(String name, int port, int join) throws Exception {
        return NodeUnderTest.start(
                Files.createDirectories(folder.resolve(name)),
                NodeUnderTest.HEAD + """
                tracing: { otlp: "http://127.0.0.1:%d", sample: 1 }
                cluster: { enabled: true, name: traced, host: 127.0.0.1, port: %d, busPort: %d, join: ["127.0.0.1:%d"] }
                addresses: [{ match: "room:{id}", subscribe: true, publish: true }]
                """.formatted(collector.actualPort(), port, FreePorts.one(), join));
    }

    private static double metric(NodeUnderTest hub, String name, Map<String, String> labels) {
        try {
            return Exposition.read(hub.opsGet("/metrics").body(), false).sum(name, labels);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
