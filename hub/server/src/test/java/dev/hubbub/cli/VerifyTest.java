package dev.hubbub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.ConfigSource;
import dev.hubbub.HubNode;
import io.vertx.core.Future;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A hub that is proved from outside. */
class VerifyTest {
    private static final String CONFIG = """
            auth:
              jwt: { secret: "0123456789abcdef0123456789abcdef" }
            addresses:
              - { match: "demo:{name}", subscribe: true, publish: true }
              - { match: "quiet:{name}", subscribe: true }
              - { match: "price:{name}", subscribe: true, publish: true, delivery: latest }
            """;

    @TempDir
    private Path folder;

    private Path file;
    private HubNode hub;
    private String token;

    @BeforeEach
    void start() throws Exception {
        file = Files.writeString(folder.resolve("hub.yaml"), CONFIG);
        hub = await(HubNode.start(
                new ConfigSource(file, List.of("http.host=127.0.0.1", "http.port=0", "ops.port=0"), Map.of())));
        token = run("token", "-c", file.toString(), "--sub", "verifier").out().strip();
    }

    @AfterEach
    void stop() throws Exception {
        assertThat(await(hub.stop().map("stopped"))).isEqualTo("stopped");
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
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
    void aHubThatKeepsItsPromisesPasses() {
        Ran ran = run("verify", "--ops", hub.opsUrl(), "--token", token, "--seconds", "3", "--rate", "40");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out()).contains("PASSED", "lost 0", "silent_stale 0", hub.publicUrl());
        assertThat(ran.out()).containsPattern("cut and back [1-9]");
        assertThat(ran.code()).isZero();
    }

    @Test
    void whatTheTokenMayNotDoIsSaidInOneLine() {
        Ran publish = run("verify", hub.publicUrl(), "--token", token, "--seconds", "2", "--addresses", "quiet:{n}");
        assertThat(publish.code()).isEqualTo(1);
        assertThat(publish.err().lines()).singleElement().asString().contains("answered 403", "access_denied");
        Ran subscribe = run("verify", hub.publicUrl(), "--token", token, "--seconds", "2", "--addresses", "other:{n}");
        assertThat(subscribe.code()).isEqualTo(1);
        assertThat(subscribe.err().lines()).singleElement().asString().contains("ACCESS_DENIED");
        Ran latest = run("verify", hub.publicUrl(), "--token", token, "--seconds", "2", "--addresses", "price:{n}");
        assertThat(latest.code()).isEqualTo(1);
        Ran stranger = run("verify", hub.publicUrl(), "--token", "a.b.c", "--seconds", "2");
        assertThat(stranger.code()).isEqualTo(1);
        assertThat(stranger.err().lines()).singleElement().asString().contains("NOT_LOGGED_IN");
    }

    @Test
    void sizesThatNobodyMeansAreRefused() {
        for (String[] option : new String[][] {
            {"--seconds", "0"},
            {"--rate", "1001"},
            {"--clients", "0"},
            {"--count", "65"},
            {"--addresses", "demo:x"},
            {"--seconds", "3600", "--rate", "1000"}
        }) {
            String[] all = new String[option.length + 4];
            System.arraycopy(new String[] {"verify", hub.publicUrl(), "--token", token}, 0, all, 0, 4);
            System.arraycopy(option, 0, all, 4, option.length);
            Ran ran = run(all);
            assertThat(ran.code()).as(String.join(" ", option)).isEqualTo(1);
            assertThat(ran.err().lines()).hasSize(1);
        }
    }
}
