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
    private static final Pattern METRIC = Pattern.compile("\\b(?:hubbub|jvm|process|system)_[a-z0-9_]+");

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
        Set<String> families = scrapedNames().stream()
                .filter(name -> name.startsWith("hubbub_"))
                .map(name -> name.replaceFirst("_seconds_(bucket|count|sum|max)$", "_seconds"))
                .map(name -> name.replaceFirst("_(bytes|events)_(bucket|count|sum|max)$", "_$1"))
                .collect(Collectors.toSet());
        assertThat(new TreeSet<>(documentedMetrics())).isEqualTo(new TreeSet<>(families));
    }

    private static List<String> documentedMetrics() throws IOException {
        return firstColumn("hub/docs/metrics.md", "^\\| `(hubbub_[a-z_]+)` \\|");
    }

    /** Returns the names of all series of a clustered node. */
    private Set<String> scrapedNames() throws Exception {
        String cluster = "cluster: { enabled: true, name: metrics, host: 127.0.0.1, port: %d, busPort: %d }\n"
                .formatted(FreePorts.one(), FreePorts.one());
        String rules = "addresses: [{ match: \"room:{id}\", subscribe: true, publish: true }]\n";
        try (NodeUnderTest hub = NodeUnderTest.start(folder, NodeUnderTest.HEAD + cluster + rules)) {
            System.gc(); // the series of collections come with the first
            NodeUnderTest.eventually("a collection is told", () -> scrape(hub).contains("jvm_gc_pause_seconds_sum"));
            return Exposition.read(scrape(hub), false).names();
        }
    }

    private static String scrape(NodeUnderTest hub) {
        try {
            return hub.opsGet("/metrics").body();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"config/deploy/prometheus-alerts.yaml", "config/deploy/grafana-dashboard.json"})
    void alertsAndDashboardAskForMetricsThatANodeTells(String file) throws Exception {
        String queries = file.endsWith(".json") ? queriesOfTheDashboard(file) : queriesOfTheAlerts(file);
        Set<String> asked =
                METRIC.matcher(queries).results().map(found -> found.group()).collect(Collectors.toSet());
        assertThat(asked).hasSizeGreaterThan(15).isSubsetOf(scrapedNames());
    }

    private static String queriesOfTheDashboard(String file) throws IOException {
        StringBuilder queries = new StringBuilder();
        for (Object panel : new JsonObject(read(file)).getJsonArray("panels")) {
            for (Object target : ((JsonObject) panel).getJsonArray("targets")) {
                queries.append(((JsonObject) target).getString("expr")).append('\n');
            }
        }
        return queries.toString();
    }

    private static String queriesOfTheAlerts(String file) throws IOException {
        return alerts(file).stream()
                .map(rule -> String.valueOf(rule.get("expr")))
                .collect(Collectors.joining("\n"));
    }

    private static List<Map<?, ?>> alerts(String file) throws IOException {
        Map<String, Object> alerts = new Yaml().load(read(file));
        Map<?, ?> group = (Map<?, ?>) ((List<?>) Objects.requireNonNull(alerts.get("groups"))).get(0);
        return ((List<?>) Objects.requireNonNull(group.get("rules")))
                .stream().<Map<?, ?>>map(rule -> (Map<?, ?>) rule).toList();
    }

    @Test
    void everyAlertSaysHowLongHowBadAndWhatToDo() throws IOException {
        List<String> runbook = firstColumn("hub/docs/runbook.md", "^## (\\w+)$");
        List<Map<?, ?>> alerts = alerts("config/deploy/prometheus-alerts.yaml");
        assertThat(alerts).allSatisfy(rule -> {
            String name = String.valueOf(rule.get("alert"));
            Map<?, ?> annotations = (Map<?, ?>) Objects.requireNonNull(rule.get("annotations"));
            assertThat(String.valueOf(rule.get("for"))).as(name).matches("[0-9]+[smh]");
            assertThat(String.valueOf(((Map<?, ?>) Objects.requireNonNull(rule.get("labels"))).get("severity")))
                    .as(name)
                    .isIn("page", "ticket");
            assertThat(String.valueOf(annotations.get("summary"))).as(name).isNotBlank();
            assertThat(annotations.get("runbook"))
                    .isEqualTo("hub/docs/runbook.md#" + name.toLowerCase(java.util.Locale.ROOT));
        });
        assertThat(runbook)
                .containsExactlyInAnyOrderElementsOf(alerts.stream()
                        .map(rule -> String.valueOf(rule.get("alert")))
                        .toList());
    }

    @Test
    void panelsOfTheDashboardLieBesideEachOther() throws IOException {
        Set<String> places = new TreeSet<>();
        JsonObject dashboard = new JsonObject(read("config/deploy/grafana-dashboard.json"));
        for (Object panel : dashboard.getJsonArray("panels")) {
            JsonObject at = ((JsonObject) panel).getJsonObject("gridPos");
            assertThat(places.add(at.getInteger("x") + "," + at.getInteger("y")))
                    .isTrue();
        }
        assertThat(places).hasSizeGreaterThan(30);
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
