package dev.hubbub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.ConfigSource;
import dev.hubbub.HubNode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands as a shell runs them: what they print where, and with which exit code they end. */
class CommandsTest {
    private static final String CONFIG = """
            auth:
              jwt: { secret: "0123456789abcdef0123456789abcdef", issuer: me, audience: hub }
            addresses:
              - match: "workspace:{ws}"
                subscribe: ws in claims.workspaces
            """;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws Exception {
        file = Files.writeString(folder.resolve("hub.yaml"), CONFIG);
    }

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commands =
                HubMain.commands().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return new Ran(commands.execute(arguments), out.toString(), err.toString());
    }

    private record Ran(int code, String out, String err) {}

    @Test
    void checkOfAGoodFileEndsWithZero() {
        Ran ran = run("check", file.toString());
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("no faults", "1 address rule").doesNotContain("1 address rules");
    }

    @Test
    void checkPrintsEveryFaultWithItsPlaceAndEndsWithOne() throws Exception {
        Path bad = Files.writeString(
                folder.resolve("bad.yaml"),
                CONFIG.replace("audience", "audiense").replace("ws in claims", "ws inn claims"));
        Ran ran = run("check", bad.toString());
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out().lines()).hasSize(2).allMatch(line -> line.matches(".*bad\\.yaml:\\d+:\\d+: .+"));
        assertThat(ran.out()).contains("did you mean \"audience\"", "inn");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check FILE",
                "start -c FILE",
                "token --sub a -c FILE",
                "explain --address a --action send -c FILE"
            })
    void aFileThatIsNotThereIsSaidInOneLine(String command) {
        Ran ran = run(command.replace("FILE", folder.resolve("nowhere.yaml").toString())
                .split(" ", -1));
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err().lines()).singleElement().asString().startsWith("there is no file");
    }

    @Test
    void tokenCarriesTheClaimsThatWereAskedFor() {
        Ran ran = run(
                "token",
                "-c",
                file.toString(),
                "--sub",
                "alice",
                "--expires",
                "15m",
                "--claim",
                "workspaces=[\"w1\"]",
                "--claim",
                "role=agent");
        assertThat(ran.code()).isZero();
        String payload = ran.out().strip().split("\\.", -1)[1];
        JsonObject claims = new JsonObject(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));
        assertThat(claims.getString("sub")).isEqualTo("alice");
        assertThat(claims.getString("iss")).isEqualTo("me");
        assertThat(claims.getJsonArray("workspaces")).containsExactly("w1");
        assertThat(claims.getString("role")).isEqualTo("agent");
        assertThat(claims.getLong("exp") - claims.getLong("iat")).isEqualTo(15 * 60);
    }

    @Test
    void explainSaysWhichRuleDecidedAndWhy() {
        String[] question = {"explain", "-c", file.toString(), "--address", "workspace:w1", "--action", "subscribe"};
        Ran allowed = run(with(question, "--claims", "{\"workspaces\":[\"w1\"]}"));
        assertThat(allowed.code()).isZero();
        assertThat(allowed.out())
                .startsWith("allow")
                .contains("workspace:{ws}", "ws in claims.workspaces", "hub.yaml:5");
        Ran denied = run(with(question, "--claims", "{\"workspaces\":[\"w2\"]}"));
        assertThat(denied.code()).isZero();
        assertThat(denied.out()).startsWith("deny").contains("the expression is false", "[\"w2\"]");
        Ran failing = run(with(
                question,
                "--exit-code",
                "--token",
                run("token", "-c", file.toString(), "--sub", "a").out().strip()));
        assertThat(failing.code()).isEqualTo(3);
        assertThat(failing.out()).startsWith("deny").contains("claims has no \"workspaces\"");
    }

    private static String[] with(String[] some, String... more) {
        return java.util.stream.Stream.of(some, more)
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new);
    }

    @Test
    void startRefusesToServeOthersWithoutAWayToKnowThem() throws Exception {
        Path open =
                Files.writeString(folder.resolve("open.yaml"), "http: { host: 0.0.0.0, port: 0 }\nops: { port: 0 }\n");
        Ran ran = run("start", "-c", open.toString());
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err().lines()).singleElement().asString().contains("refusing to start", "auth.jwt", "127.0.0.1");
    }

    @Test
    void startNamesTheMemberPortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Ran ran = run(
                    "start",
                    "-c",
                    file.toString(),
                    "--set",
                    "cluster.enabled=true",
                    "--set",
                    "cluster.host=127.0.0.1",
                    "--set",
                    "cluster.port=" + port);
            assertThat(ran.code()).isEqualTo(1);
            assertThat(ran.err()).contains("cannot join the cluster", port, "taken");
        }
    }

    @Test
    void startNamesThePortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Ran ran = run(
                    "start",
                    "-c",
                    file.toString(),
                    "--set",
                    "http.host=127.0.0.1",
                    "--set",
                    "http.port=" + port,
                    "--set",
                    "ops.port=0");
            assertThat(ran.code()).isEqualTo(1);
            assertThat(ran.err().lines()).singleElement().asString().contains(":" + port, "in use", "--set http.port");
        }
    }

    @Test
    void publishToNobodyAndPublishOfNonsenseAreSaidInOneLine() {
        Ran nobody = run("publish", "--ops", "http://127.0.0.1:1", "demo:lobby", "{}");
        assertThat(nobody.code()).isEqualTo(1);
        assertThat(nobody.err().lines()).singleElement().asString().contains("no hub answers");
        Ran nonsense = run("publish", "demo:lobby", "{");
        assertThat(nonsense.code()).isEqualTo(1);
        assertThat(nonsense.err().lines()).singleElement().asString().startsWith("the event is no JSON");
    }

    @Test
    void nodesListsWhoIsThereAndWaitsUntilAllAreSafe() throws Exception {
        ConfigSource source = new ConfigSource(file, List.of("http.port=0", "ops.port=0"), Map.of());
        HubNode hub = await(HubNode.start(source));
        try {
            Ran table = run("nodes", "--ops", hub.opsUrl());
            assertThat(table.code()).isZero();
            assertThat(table.out()).contains("NODE", "ready", hub.publicUrl(), "100 %", "memory", "yes");
            Ran json = run("nodes", "--ops", hub.opsUrl(), "--json", "--wait-safe", "1");
            assertThat(json.code()).isZero();
            assertThat(new JsonObject(json.out()).getJsonArray("nodes")).hasSize(1);
            Ran missing = run("nodes", "--ops", hub.opsUrl(), "--wait-safe", "2", "--timeout", "1");
            assertThat(missing.code()).isEqualTo(4);
            assertThat(missing.out()).startsWith("not safe after 1 s:").contains(hub.publicUrl());
        } finally {
            assertThat(await(hub.stop().map("stopped"))).isEqualTo("stopped");
        }
    }

    @Test
    void traceSaysInWordsWhatBecameOfAnEvent() throws Exception {
        ConfigSource source = new ConfigSource(file, List.of("http.port=0", "ops.port=0"), Map.of());
        HubNode hub = await(HubNode.start(source));
        try {
            Ran published = run("publish", "--ops", hub.opsUrl(), "workspace:a", "{\"type\":\"said\",\"payload\":1}");
            assertThat(published.code()).as(published.err()).isZero();
            String id = new JsonObject(published.out()).getString("id");
            Ran words = run("trace", id, "--ops", hub.opsUrl());
            assertThat(words.code()).as(words.err()).isZero();
            assertThat(words.out())
                    .startsWith("Nobody was subscribed")
                    .contains("workspace:a", "accepted from operator");
            Ran json = run("trace", id, "--user", "sarah", "--json", "--ops", hub.opsUrl());
            assertThat(new JsonObject(json.out()).getJsonObject("verdict").getString("code"))
                    .isEqualTo("not_connected");
            Ran lately = run("trace", "--address", "workspace:a", "--ops", hub.opsUrl());
            assertThat(lately.out()).contains(id, "published");
            assertThat(run("trace", "nothing", "--ops", hub.opsUrl()).code()).isEqualTo(4);
            Ran empty = run("trace", "--ops", hub.opsUrl());
            assertThat(empty.err()).contains("say which EVENT");
        } finally {
            assertThat(await(hub.stop().map("stopped"))).isEqualTo("stopped");
        }
    }

    @Test
    void drainLetsANodeGoAndShowsHowFarItIs() throws Exception {
        ConfigSource source = new ConfigSource(file, List.of("http.port=0", "ops.port=0"), Map.of());
        HubNode hub = await(HubNode.start(source));
        Ran ran = run("drain", "--ops", hub.opsUrl());
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("drains: 0 sockets over 0.0 s to 0 other nodes", "has closed its listeners");
        assertThat(await(hub.drained().map("gone"))).isEqualTo("gone");
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "start", "check", "token", "explain", "publish", "tail", "nodes", "drain", "trace", "verify", "keys"
            })
    void everyCommandTeachesItself(String command) {
        Ran ran = run(command, "--help");
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("Usage: scripts/hub " + command, "--help");
        Ran unknown = run(command, "--no-such-option");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).isNotBlank().doesNotContain("\tat ");
    }
}
