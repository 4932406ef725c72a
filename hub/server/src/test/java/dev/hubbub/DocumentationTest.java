package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.ConfigReference;
import dev.hubbub.config.DrainConfig;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.ErrorCode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** Keeps what operators are given in step with the code. */
class DocumentationTest {
    private static final Path REPOSITORY = Path.of("..", "..");
    private static final Pattern METRIC = Pattern.compile("hubbub_[a-z_]+");

    @TempDir
    private Path folder;

    private static String read(String file) throws IOException {
        return Files.readString(REPOSITORY.resolve(file));
    }

    private static List<String> firstColumn(String file, String pattern) throws IOException {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(read(file))
                .results()
                .map(row -> row.group(1))
                .toList();
    }

    @Test
    void everyKeyIsDocumentedAsTheSchemaHasIt() throws IOException {
        assertThat(read("hub/docs/config.md"))
                .as("scripts/hub keys > hub/docs/config.md writes it anew")
                .isEqualTo(ConfigReference.markdown());
    }

    @Test
    void everyCodeSaysWhatToDo() throws IOException {
        assertThat(firstColumn("hub/docs/codes.md", "^\\| `([A-Z_]+)` \\| \\d{3} \\|"))
                .containsExactlyElementsOf(
                        Arrays.stream(ErrorCode.values()).map(Enum::name).toList());
        assertThat(firstColumn("hub/docs/codes.md", "^\\| `[A-Z_]+` \\| (\\d{4}) \\|"))
                .containsExactlyElementsOf(Arrays.stream(CloseCode.values())
                        .map(code -> String.valueOf(code.number()))
                        .toList());
    }

    @Test
    void everyMetricOfANodeIsDocumentedAndNoOther() throws Exception {
        assertThat(new TreeSet<>(documentedMetrics())).isEqualTo(new TreeSet<>(metricsOfANode()));
    }

    private static List<String> documentedMetrics() throws IOException {
        return firstColumn("hub/docs/metrics.md", "^\\| `(hubbub_[a-z_]+)` \\|");
    }

    private Set<String> metricsOfANode() throws Exception {
        String cluster = "cluster: { enabled: true, name: metrics, host: 127.0.0.1, port: %d, busPort: %d }\n"
                .formatted(FreePorts.one(), FreePorts.one());
        String rules = "addresses: [{ match: \"room:{id}\", subscribe: true, publish: true }]\n";
        try (NodeUnderTest hub = NodeUnderTest.start(folder, NodeUnderTest.HEAD + cluster + rules)) {
            return hub.opsGet("/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("hubbub_"))
                    .map(line -> line.replaceAll("[{ ].*", ""))
                    .collect(Collectors.toSet());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"config/deploy/prometheus-alerts.yaml", "config/deploy/grafana-dashboard.json"})
    void alertsAndDashboardAskForMetricsThatExist(String file) throws IOException {
        Set<String> asked =
                METRIC.matcher(read(file)).results().map(found -> found.group()).collect(Collectors.toSet());
        assertThat(asked).isNotEmpty().isSubsetOf(documentedMetrics());
    }

    @Test
    void theDashboardIsJsonAndTheAlertsAreRules() throws IOException {
        assertThat(new JsonObject(read("config/deploy/grafana-dashboard.json")).getJsonArray("panels"))
                .hasSizeGreaterThan(10);
        Map<String, Object> alerts = new Yaml().load(read("config/deploy/prometheus-alerts.yaml"));
        Map<?, ?> group = (Map<?, ?>) ((List<?>) Objects.requireNonNull(alerts.get("groups"))).get(0);
        assertThat((List<?>) group.get("rules"))
                .hasSizeGreaterThan(10)
                .allSatisfy(rule -> assertThat((Map<?, ?>) rule)
                        .hasFieldOrProperty("alert")
                        .hasFieldOrProperty("expr")
                        .hasFieldOrProperty("annotations"));
    }

    @Test
    void orchestratorsHaveMorePatienceThanADrainTakes() throws IOException {
        long limit = DrainConfig.DEFAULT.limit().toSeconds();
        assertThat(Long.parseLong(firstColumn("config/deploy/hubbub.service", "^TimeoutStopSec=(\\d+)$")
                        .get(0)))
                .isGreaterThan(limit);
        assertThat(Long.parseLong(
                        firstColumn("config/deploy/kubernetes.yaml", "^ *terminationGracePeriodSeconds: (\\d+)$")
                                .get(0)))
                .isGreaterThan(limit);
    }

    @Test
    void theConfigOfTheManifestsIsOneThatANodeTakes() throws IOException {
        Iterable<Object> manifests = new Yaml().loadAll(read("config/deploy/kubernetes.yaml"));
        Map<?, ?> config = StreamSupport.stream(manifests.spliterator(), false)
                .map(one -> (Map<?, ?>) one)
                .filter(one -> "ConfigMap".equals(one.get("kind")))
                .findFirst()
                .orElseThrow();
        String text = String.valueOf(((Map<?, ?>) Objects.requireNonNull(config.get("data"))).get("hub.yaml"));
        Path file = Files.writeString(folder.resolve("hub.yaml"), text);
        Map<String, String> environment = Map.of(
                "HUB_JWT_SECRET",
                NodeUnderTest.SECRET,
                "HUB_CLUSTER_SECRET",
                NodeUnderTest.SECRET,
                "HUB_NODE_HOST",
                "10.0.0.1");
        var loaded = new ConfigSource(file, List.of(), environment).load();
        assertThat(loaded.cluster().network().dns()).isPresent();
        assertThat(loaded.drain()).isEqualTo(DrainConfig.DEFAULT);
    }
}
