package dev.hubbub;

import static dev.hubbub.NodeUnderTest.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process that is a hub writes to its log. */
class LogTest {
    private static final String CONFIG = NodeUnderTest.HEAD + """
            log: { format: json, sample: 1 }
            addresses: [{ match: "room:{id}", subscribe: true, publish: true }]
            """;

    @TempDir
    private Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Optional<Process> process = Optional.empty();

    private void start(String text) throws IOException {
        Path config = Files.writeString(folder.resolve("hub.yaml"), text);
        process = Optional.of(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Xlog:class+load:file=" + folder.resolve("classes"),
                        "-cp",
                        classPath(),
                        "dev.hubbub.cli.HubMain",
                        "start",
                        "--config",
                        config.toString())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("log").toFile())
                .start());
        eventually("ready", () -> read("out").contains("operators http"));
    }

    @AfterEach
    void end() throws InterruptedException {
        if (process.isPresent()) {
            process.get().destroy();
            assertThat(process.get().waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** The class path of this run without its tests. */
    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> !entry.contains("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String url(String listener) {
        Matcher url = Pattern.compile(listener + " +(http\\S+)").matcher(read("out"));
        assertThat(url.find()).isTrue();
        return url.group(1);
    }

    private HttpResponse<String> post(String url, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .header("X-API-Key", "admin-key")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private List<JsonObject> lines() {
        return read("log").lines().map(JsonObject::new).toList();
    }

    @Test
    void oneEventIsFollowedRepeatsAreCountedAndEveryLineIsJson() throws Exception {
        start(CONFIG);
        var reading = http.sendAsync(
                HttpRequest.newBuilder(URI.create(url("public") + "/sse?address=room:1&notices=true"))
                        .header("Authorization", "Bearer " + NodeUnderTest.token("alice", Map.of()))
                        .build(),
                HttpResponse.BodyHandlers.ofFile(folder.resolve("stream")));
        eventually(
                "listens",
                () -> Files.exists(folder.resolve("stream")) && read("stream").contains("hub.subscribed"));

        JsonObject event = new JsonObject().put("type", "t").put("payload", "a secret of alice");
        String body =
                new JsonObject().put("address", "room:1").put("event", event).encode();
        String id = new JsonObject(post(url("public") + "/api/v1/publish", body).body()).getString("id");

        eventually("delivered", () -> stagesOf(id).contains("event delivered"));
        assertThat(stagesOf(id))
                .containsExactlyInAnyOrder("event accepted", "event appended", "event delivered", "event answered");
        assertThat(lines().stream()
                        .filter(line -> "event delivered".equals(line.getString("event")))
                        .map(line -> line.getJsonObject("fields").getInteger("recipients")))
                .containsExactly(1);

        Files.writeString(folder.resolve("hub.yaml"), CONFIG.replace("subscribe: true", "subscribe: (("));
        for (int i = 0; i < 8; i++) {
            assertThat(post(url("operators") + "/ops/v1/reload", "").statusCode())
                    .isEqualTo(409);
        }
        eventually("repeats are told", () -> repeated() >= 7, 15);
        assertThat(lines().stream()
                        .filter(line -> line.getString("message").startsWith("config not reloaded"))
                        .count())
                .as("once, and once more with the count")
                .isEqualTo(2);

        assertThat(read("log")).doesNotContain("a secret of alice").doesNotContain("Bearer ");
        assertThat(new JsonArray(lines())).allMatch(line -> ((JsonObject) line).containsKey("level"));
        assertThat(read("classes")).contains("dev.hubbub.HubNode").doesNotContain("io.opentelemetry");
        assertThat(reading).isNotCompletedExceptionally();
    }

    private List<String> stagesOf(String id) {
        return lines().stream()
                .filter(line -> line.containsKey("fields")
                        && id.equals(line.getJsonObject("fields").getString("id")))
                .map(line -> line.getString("event"))
                .toList();
    }

    private long repeated() {
        return lines().stream()
                .filter(line -> line.containsKey("fields"))
                .mapToLong(line -> line.getJsonObject("fields").getLong("repeated", 0L))
                .sum();
    }

    @Test
    void aCollectorThatIsAwayIsToldOfInLinesOfTheSameFormat() throws Exception {
        start(CONFIG + "tracing: { otlp: \"http://127.0.0.1:" + FreePorts.one() + "\", sample: 1 }\n");
        JsonObject event = new JsonObject().put("type", "t").put("payload", 1);
        String body =
                new JsonObject().put("address", "room:1").put("event", event).encode();
        assertThat(post(url("public") + "/api/v1/publish", body).statusCode()).isEqualTo(200);

        eventually(
                "it is told",
                () -> lines().stream()
                        .anyMatch(line -> line.getString("message").contains("Failed to export")),
                30);
        assertThat(post(url("public") + "/api/v1/publish", body).statusCode()).isEqualTo(200);
    }
}
