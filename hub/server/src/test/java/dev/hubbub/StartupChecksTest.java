package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.StartupChecks.Finding;
import dev.hubbub.attack.Attack;
import dev.hubbub.attack.AttackLog;
import dev.hubbub.config.ConfigException;
import dev.hubbub.config.HubConfig;
import dev.hubbub.protocol.HubException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartupChecksTest {
    private static final String SECRET = "auth: { jwt: { secret: \"0123456789abcdef0123456789abcdef\" } }\n";
    private static final String HASH = "69a5265506c94c77b787a7d7377b7685a0eff82e33920a71e7ee22cd6154953e";

    @TempDir
    private Path folder;

    private HubConfig config(String yaml) throws Exception {
        Path file = Files.writeString(folder.resolve("hub.yaml"), yaml);
        return new ConfigSource(file, List.of(), Map.of("HUB_JWT_SECRET", "s".repeat(20) + "ecret 0123456789")).load();
    }

    private List<String> refused(String yaml) throws Exception {
        return StartupChecks.refusals(config(yaml)).stream().map(Finding::name).toList();
    }

    private List<String> warned(String yaml) throws Exception {
        return StartupChecks.warnings(config(yaml)).stream().map(Finding::name).toList();
    }

    @Test
    @Attack("S49")
    void whatNobodyCanWantIsRefusedByName() throws Exception {
        Map<String, String> unsafe = Map.of(
                SECRET + "ops: { host: 0.0.0.0 }\n",
                "ops-without-key",
                SECRET + "cluster: { enabled: true, join: [\"10.0.0.1:5701\"] }\n",
                "default-cluster-name",
                SECRET + "cluster: { enabled: true, host: 10.0.0.1 }\n",
                "default-cluster-name");
        for (Map.Entry<String, String> one : unsafe.entrySet()) {
            assertThat(refused(one.getKey())).as(one.getKey()).containsExactly(one.getValue());
            HubConfig config = config(one.getKey());
            assertThatThrownBy(() -> StartupChecks.require(config, false))
                    .isInstanceOf(HubException.class)
                    .hasMessageContaining("refusing to start")
                    .hasMessageContaining(one.getValue())
                    .hasMessageContaining("--insecure");
            assertThatCode(() -> StartupChecks.require(config, true)).doesNotThrowAnyException();
            AttackLog.got("S49", one.getKey().strip(), "refused: " + one.getValue());
        }
    }

    @Test
    @Attack("S49")
    void aShortSecretAndAnUnknownTrustAllAreFaultsOfTheFile() {
        for (String yaml : List.of(
                "auth: { jwt: { secret: short } }\n",
                SECRET + "cluster: { enabled: true, tls: { certificate: c, key: k, ca: a, trustAll: true } }\n")) {
            assertThatThrownBy(() -> config(yaml)).isInstanceOf(ConfigException.class);
            AttackLog.got("S49", yaml.strip(), "refused: a fault of the file");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http: { host: 0.0.0.0, port: 8080, origins: [\"https://app.example.com\"] }",
                "http: { host: 0.0.0.0 }",
                "cluster: { enabled: true, name: hubbub, port: 5701, join: [\"10.0.0.1:5701\"], backups: 1, minimumNodes: 2 }",
                "cluster: { enabled: true, join: [\"127.0.0.1:5701\", \"127.0.0.1:5702\"] }",
                "cluster: { enabled: true, host: 127.0.0.1 }",
                "cluster: { enabled: true, join: [\"10.0.0.1:5701\"], secret: \"sixteen characters\" }",
                "ops: { host: 127.0.0.1, port: 9090 }",
            })
    void whatTheDesignShowsStarts(String yaml) throws Exception {
        assertThat(refused(SECRET + yaml)).isEmpty();
    }

    @Test
    void anAdminKeyOpensTheOperatorsListener() throws Exception {
        String keys = "auth: { jwt: { secret: \"0123456789abcdef0123456789abcdef\" }, apiKeys: [{ name: op, sha256: \""
                + HASH + "\", admin: true }] }\n";
        assertThat(refused(keys + "ops: { host: 0.0.0.0 }")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"config/hub.yaml", "config/cluster.yaml"})
    void whatShipsStarts(String file) throws Exception {
        Map<String, String> environment = Map.of(
                "HUB_JWT_SECRET", NodeUnderTest.SECRET, "HUB_CLUSTER_SECRET", "0123456789abcdef", "HUB_NODE_HOST", "h");
        HubConfig shipped = new ConfigSource(Path.of("..", "..").resolve(file), List.of(), environment).load();
        assertThat(StartupChecks.refusals(shipped)).isEmpty();
    }

    @Test
    void whatMayBeMeantIsSaid() throws Exception {
        assertThat(warned(SECRET + "http: { host: 0.0.0.0 }")).containsExactly("no-origins");
        assertThat(warned(SECRET + "http: { host: 0.0.0.0, origins: [\"*\"] }")).containsExactly("any-origin");
        assertThat(warned("http: { host: 127.0.0.1 }\nauth: { jwt: { secret: \"" + "x".repeat(32) + "\" } }"))
                .containsExactly("weak-secret");
        assertThat(warned(SECRET + "http: { host: 127.0.0.1 }\n"
                        + "cluster: { enabled: true, name: a, join: [\"h1:1\", \"h2:1\", \"h3:1\"] }"))
                .containsExactly("open-cluster", "no-majority");
        assertThat(warned("http: { host: 0.0.0.0, origins: [\"https://a.example\"] }\nauth: { anonymous: true }"))
                .containsExactly("anonymous");
        assertThat(warned(SECRET + "http: { host: 127.0.0.1 }")).isEmpty();
    }
}
