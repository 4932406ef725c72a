package dev.hubbub.config;

import static dev.hubbub.config.ConfigLoads.faults;
import static dev.hubbub.config.ConfigLoads.load;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.AddressRule.Body;
import dev.hubbub.config.AddressRule.Keep;
import dev.hubbub.config.AddressRule.Presence;
import dev.hubbub.config.AuthConfig.ApiKeyConfig;
import dev.hubbub.config.AuthConfig.Secret;
import dev.hubbub.config.LimitsConfig.Rate;
import dev.hubbub.config.ReplayConfig.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a config means: defaults, every key, overrides, the environment, and the file that is shipped. */
class ConfigLoaderTest {
    private static final Path CLUSTER_FILE = Path.of("../../config/cluster.yaml");
    private static final Path RESOURCES = Path.of("src/test/resources/dev/hubbub/config");

    @Test
    void emptyFileIsTheDefaults() {
        HubConfig expected = new HubConfig(
                new HttpConfig("0.0.0.0", 8080, List.of(), Optional.empty()),
                new OpsConfig("127.0.0.1", 9090),
                DrainConfig.DEFAULT,
                new AuthConfig(Optional.empty(), List.of(), false),
                new ClusterConfig(false, "hubbub", 5701, List.of(), 1, 1),
                new ReplayConfig(Store.MEMORY, "redis://localhost:6379", 256L << 20),
                TraceConfig.DEFAULT,
                new LimitsConfig(
                        100_000,
                        20,
                        200,
                        500,
                        64 << 10,
                        new Rate(100, Duration.ofSeconds(1), 200),
                        1 << 20,
                        LimitsConfig.Node.standard()),
                Optional.empty(),
                List.of(),
                LogConfig.DEFAULT,
                TracingConfig.NONE);
        assertThat(load("")).isEqualTo(expected);
        assertThat(load("# nothing\n---\n")).isEqualTo(expected);
        assertThat(load("http:\naddresses:\nauth: { jwt: }\n")).isEqualTo(expected);
    }

    @Test
    void ruleThatSaysNothingAllowsNothingAndKeepsALog() {
        AddressRule rule = load("addresses: [{ match: 'a:{b}', presence: {} }]")
                .addresses()
                .get(0);
        assertThat(rule.subscribe().or(rule::publish).or(rule::send)).isEmpty();
        assertThat(rule.delivery()).isEqualTo(DeliveryKind.LOG);
        assertThat(rule.keep()).isEqualTo(new Keep(1000, Duration.ofHours(24), 4 << 20));
        assertThat(rule.presence()).contains(new Presence(List.of("sub"), Duration.ofSeconds(5), Optional.empty()));
        assertThat(rule.every()).isZero();
        assertThat(rule.types()).isEmpty();
        assertThat(rule.risingVersions()).isFalse();
        assertThat(rule.body()).isEqualTo(Body.EVENT);
    }

    @Test
    void everyKeyOfAFullFileIsTaken() throws IOException {
        HubConfig config = ConfigLoads.loadFile(RESOURCES.resolve("full.yaml"));
        assertThat(config.http())
                .isEqualTo(new HttpConfig(
                        "10.0.0.5",
                        8443,
                        List.of("https://app.example.com", "http://localhost:5173"),
                        Optional.of(new HttpConfig.Tls(
                                RESOURCES.resolve("full.yaml"), RESOURCES.resolve("ten-faults.yaml"))),
                        List.of(new AddressRange("10.0.0.0/8"), new AddressRange("fd00::1"))));
        assertThat(config.ops()).isEqualTo(new OpsConfig("10.0.0.6", 9443));
        assertThat(config.drain()).isEqualTo(new DrainConfig(Duration.ofSeconds(20), Duration.ofMinutes(2), 500));
        assertThat(config.trace()).isEqualTo(new TraceConfig(50_000, Duration.ofMinutes(5)));
        assertThat(config.auth().jwt())
                .contains(new AuthConfig.Jwt(
                        new Secret("00112233445566778899001122334455"),
                        Optional.of("me"),
                        Optional.of("hub"),
                        Duration.ofSeconds(30)));
        assertThat(config.auth().anonymous()).isTrue();
        ApiKeyConfig orders = config.auth().apiKeys().get(0);
        assertThat(orders.name()).isEqualTo("orders-service");
        assertThat(orders.sha256()).isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        assertThat(orders.admin()).isFalse();
        assertThat(orders.publish()).extracting(AuthConfig.Pattern::text).containsExactly("order:{tenant}:{id}");
        assertThat(orders.read())
                .extracting(pattern -> pattern.text() + " " + pattern.at().line() + ":"
                        + pattern.at().column())
                .containsExactly("order:{tenant}:{id} 21:15", "bill:{id} 21:38");
        assertThat(config.auth().apiKeys().get(1).admin()).isTrue();
        assertThat(config.cluster())
                .isEqualTo(new ClusterConfig(
                        true,
                        "rooms",
                        5801,
                        List.of("10.0.0.1:5701", "[fe80::1]:5702"),
                        2,
                        3,
                        new ClusterConfig.Network(
                                Optional.of("10.0.0.5"),
                                5999,
                                Optional.empty(),
                                Optional.of("sixteen-characters"),
                                Optional.of(new ClusterConfig.Tls(
                                        RESOURCES.resolve("full.yaml"),
                                        RESOURCES.resolve("ten-faults.yaml"),
                                        RESOURCES.resolve("full.yaml"))),
                                true)));
        assertThat(config.replay())
                .isEqualTo(new ReplayConfig(Store.REDIS, "rediss://:pass@redis.example.com:6380/2", 2L << 30));
        assertThat(config.limits())
                .isEqualTo(new LimitsConfig(
                        1000,
                        5,
                        50,
                        100,
                        128 << 10,
                        new Rate(10, Duration.ofSeconds(5), 30),
                        2 << 20,
                        new LimitsConfig.Node(
                                OptionalLong.of(512L << 20),
                                new Rate(300, Duration.ofSeconds(1), 1_500),
                                new Rate(600, Duration.ofMinutes(1), 600),
                                new Rate(50, Duration.ofSeconds(1), 250))));
        assertThat(config.events()).contains(RESOURCES.resolve("."));
        AddressRule rule = config.addresses().get(0);
        assertThat(rule.match().source()).isEqualTo("workspace:{ws}");
        assertThat(rule.subscribe().orElseThrow().source()).isEqualTo("ws in claims.workspaces");
        assertThat(rule.publish().orElseThrow().source()).isEqualTo("false");
        assertThat(rule.send().orElseThrow().source()).isEqualTo("claims.role == \"agent\"");
        assertThat(rule.delivery()).isEqualTo(DeliveryKind.LATEST);
        assertThat(rule.every()).isEqualTo(Duration.ofMillis(100));
        assertThat(rule.keep()).isEqualTo(new Keep(10, Duration.ofDays(7), 64 << 10));
        assertThat(rule.presence())
                .contains(new Presence(List.of("sub", "name"), Duration.ofSeconds(10), Optional.of("service:rooms")));
        assertThat(rule.types()).containsExactly("booking.updated@1", "message.created@2");
        assertThat(rule.risingVersions()).isTrue();
        assertThat(config.addresses().get(1).index()).isEqualTo(1);
        assertThat(config.addresses().get(1).body()).isEqualTo(Body.ANY);
    }

    @Test
    void logsGoToTheClusterWhereThereIsOne() {
        assertThat(load("cluster: { enabled: true }").replay().store()).isEqualTo(Store.HAZELCAST);
        assertThat(load("{ cluster: { enabled: true }, replay: { store: redis } }")
                        .replay()
                        .store())
                .isEqualTo(Store.REDIS);
    }

    @Test
    void overridesWinOverTheFile() {
        String text = "http: { port: 1, host: a }\naddresses: [{ match: x, publish: false }]";
        HubConfig config = load(
                text,
                "http.port=8081",
                "auth.anonymous=true",
                "http.origins=[https://a.example, '*']",
                "http.host=",
                "addresses.0.publish=claims.sub == \"a=b\"",
                "limits.rate={ messages: 5/m }",
                "http.port=8082");
        assertThat(config.http().port()).isEqualTo(8082);
        assertThat(config.http().host()).isEqualTo("0.0.0.0");
        assertThat(config.http().origins()).containsExactly("https://a.example", "*");
        assertThat(config.auth().anonymous()).isTrue();
        assertThat(config.limits().rate()).isEqualTo(new Rate(5, Duration.ofMinutes(1), 200));
        AddressRule.Expression publish = config.addresses().get(0).publish().orElseThrow();
        assertThat(publish.source()).isEqualTo("claims.sub == \"a=b\"");
        assertThat(publish.at()).isEqualTo(new SourcePosition("--set", 5, 21));
    }

    @Test
    void overridesThatAreWrongAreNamedBehindTheFilesFaults() {
        assertThat(faults(
                        "limits: { frame: x }",
                        "http.port=99999",
                        "http.prot=1",
                        "no-value",
                        "http.port.deep=1",
                        "addresses.3.publish=true",
                        "ops.port=[1"))
                .satisfiesExactly(
                        file -> assertThat(file).startsWith("1:18 limits.frame:"),
                        set -> assertThat(set).startsWith("--set:1:11 http.port: 99999 is not a port"),
                        set -> assertThat(set)
                                .isEqualTo("--set:2:6 unknown key \"prot\" in http; did you mean \"port\"?"),
                        set -> assertThat(set)
                                .isEqualTo("--set:3:1 \"no-value\" is not key=value, such as http.port=8081"),
                        set -> assertThat(set)
                                .isEqualTo("--set:4:11 http.port is a single value and has no key \"deep\""),
                        set -> assertThat(set).startsWith("--set:5:1"),
                        set -> assertThat(set).startsWith("--set:6:12 not YAML:"));
    }

    @Test
    void environmentFillsInValuesAndIsNeverReadAsYaml() {
        HubConfig config = load("""
                http: { port: ${PORT}, host: ${NO_HOST:-::1} }
                auth: { jwt: { secret: ${HUB_JWT_SECRET}, issuer: "${ROLE}", audience: $${PORT}-${PORT} } }
                # ${NOT_SET} in a comment is no one's business
                """, "ops.port=${PORT:-1}", "ops.port=${OPS_PORT:-9091}");
        assertThat(config.http().port()).isEqualTo(8085);
        assertThat(config.http().host()).isEqualTo("::1");
        assertThat(config.ops().port()).isEqualTo(9091);
        AuthConfig.Jwt jwt = config.auth().jwt().orElseThrow();
        assertThat(jwt.keys()).isEqualTo(new Secret("00112233445566778899001122334455"));
        assertThat(jwt.issuer()).contains("a: {b}, \"c\"");
        assertThat(jwt.audience()).contains("${PORT}-8085");
    }

    @Test
    void emptyDefaultCountsAsNotWritten() {
        assertThat(load("auth: { jwt: { secret: ${NOPE:-} } }").auth().jwt()).isEmpty();
        assertThat(load("http: { port: ${EMPTY:-} }").http().port()).isEqualTo(8080);
    }

    @Test
    void missingVariableIsAFaultAtItsPlace() {
        assertThat(faults("auth:\n  jwt:\n    secret: pre-${NOPE}-${EMPTY}\n    issuer: \"x ${1bad} ${A:-${B}}\"\n"))
                .containsExactly(
                        "3:17 environment variable NOPE is not set; set it, or give a default: ${NOPE:-default}",
                        "3:25 environment variable EMPTY is empty; set it, or give a default: ${EMPTY:-default}",
                        "4:16 ${1bad} is not a placeholder (expected ${NAME} or ${NAME:-default}; write $${ for the text"
                                + " ${)",
                        "4:24 ${A:-${B} is not a placeholder (expected ${NAME} or ${NAME:-default}; write $${ for the text"
                                + " ${)");
        assertThat(faults("auth: { jwt: { jwks: 'https://x', issuer: 'a ${B' } }"))
                .singleElement()
                .asString()
                .startsWith("1:46 ${ begins no placeholder");
    }

    @Test
    void filesAreFoundBesideTheConfigFirst(@TempDir Path folder) throws IOException {
        Path key = Files.writeString(folder.resolve("pom.xml"), "PEM");
        Path file = Files.writeString(folder.resolve("hub.yaml"), "auth: { jwt: { publicKey: pom.xml } }");
        assertThat(ConfigLoads.loadFile(file).auth().jwt().orElseThrow().keys())
                .isEqualTo(new AuthConfig.PublicKey(key));
        Files.delete(key);
        assertThat(ConfigLoads.loadFile(file).auth().jwt().orElseThrow().keys())
                .isEqualTo(new AuthConfig.PublicKey(Path.of("pom.xml")));
    }

    @Test
    void shippedFileIsADevelopmentNode() throws IOException {
        Path file = Path.of("../../config/hub.yaml");
        HubConfig config = new ConfigLoader(Map.of()).load(file.toString(), Files.readString(file), List.of());
        assertThat(config.http().host()).isEqualTo("127.0.0.1");
        assertThat(config.auth().jwt()).isEmpty();
        assertThat(config.cluster().enabled()).isFalse();
        assertThat(config.replay().store()).isEqualTo(Store.MEMORY);
        assertThat(config.events())
                .hasValueSatisfying(events ->
                        assertThat(events.resolve("message.created@1.json")).exists());
        assertThat(config.addresses()).extracting(AddressRule::delivery).contains(DeliveryKind.values());
    }

    @Test
    void shippedClusterFileIsThreeNodesThatOutliveOne() throws IOException {
        HubConfig config = clusterFile(Files.readString(CLUSTER_FILE));
        ClusterConfig cluster = config.cluster();
        assertThat(cluster.enabled()).isTrue();
        assertThat(cluster.join()).hasSize(3);
        assertThat(cluster.minimumNodes()).isEqualTo(2);
        assertThat(cluster.backups()).isPositive();
        assertThat(cluster.network().host()).hasValue("10.0.0.2");
        assertThat(cluster.network().secret()).hasValue("sixteen-characters");
        assertThat(config.replay().store()).isEqualTo(Store.HAZELCAST);
    }

    @Test
    void whatTheShippedClusterFileOffersInCommentsIsSoundToo(@TempDir Path folder) throws IOException {
        Path pem = Files.writeString(folder.resolve("any.pem"), "pem");
        String text = Files.readString(CLUSTER_FILE)
                .replaceFirst("(?m)^  join: .*\n", "")
                .replace("  # dns:", "  dns:")
                .replace("  # busPort:", "  busPort:")
                .replace("  # tls:", "  tls:")
                .replaceAll("(certificate|key|ca): [\\w-]+\\.pem", "$1: \"" + pem + "\"");
        ClusterConfig cluster = clusterFile(text).cluster();
        assertThat(cluster.join()).isEmpty();
        assertThat(cluster.network().dns()).isPresent();
        assertThat(cluster.network().busPort()).isEqualTo(5801);
        assertThat(cluster.network().tls()).hasValue(new ClusterConfig.Tls(pem, pem, pem));
    }

    private static HubConfig clusterFile(String text) {
        Map<String, String> environment = Map.of(
                "HUB_JWT_SECRET",
                "00112233445566778899001122334455",
                "HUB_CLUSTER_SECRET",
                "sixteen-characters",
                "HUB_NODE_HOST",
                "10.0.0.2");
        return new ConfigLoader(environment).load(CLUSTER_FILE.toString(), text, List.of());
    }

    @Test
    void logAndTracingAreReadAndHeldToTheirRanges() {
        HubConfig config = load("{ log: { format: json, level: warn, sample: 50 },"
                + " tracing: { otlp: 'http://c:4318', sample: 1 } }");

        assertThat(config.log()).isEqualTo(new LogConfig(LogConfig.Format.JSON, LogConfig.Level.WARN, 50));
        assertThat(config.tracing())
                .isEqualTo(new TracingConfig(Optional.of(java.net.URI.create("http://c:4318")), 1.0));
        assertThat(String.join("\n", faults("{ log: { format: xml }, tracing: { otlp: c, sample: 1.5 } }")))
                .contains("log.format")
                .contains("tracing.otlp")
                .contains("tracing.sample: 1.5 is not a share (expected a number from 0 to 1");
    }
}
