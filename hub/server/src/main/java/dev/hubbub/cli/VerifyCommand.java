package dev.hubbub.cli;

import com.github.f4b6a3.ulid.UlidCreator;
import dev.hubbub.verify.Verification;
import dev.hubbub.verify.VerifyException;
import dev.hubbub.verify.VerifyPlan;
import dev.hubbub.verify.VerifyReport;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Proves a running hub from outside. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Proves a running hub from outside: publishes through every node, listens over sockets that cut themselves off",
            "and come back through every node, and compares what was answered and seen with what the logs hold.",
            "Without a URL it goes to every node that the operators' listener knows as ready.",
            "Exit code 0 when the hub kept its promises, 1 when it did not.",
            "Example: scripts/hub verify https://hub.example.com --token \"$TOKEN\" --seconds 60"
        })
final class VerifyCommand implements Callable<Integer> {
    private static final int SLACK_SECONDS = 120;

    @Parameters(arity = "0..*", paramLabel = "URL", description = "public addresses of the nodes")
    private List<URI> nodes = new ArrayList<>();

    @Mixin
    private OpsOptions ops = new OpsOptions();

    @Option(
            names = "--token",
            paramLabel = "JWT",
            defaultValue = "${env:HUBBUB_TOKEN}",
            description = "a token that may subscribe and, without --api-key, publish (default: $HUBBUB_TOKEN)")
    @Nullable
    private String token;

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            description = "a service's key to publish and read with, in place of the token")
    @Nullable
    private String apiKey;

    @Option(
            names = "--addresses",
            paramLabel = "PATTERN",
            defaultValue = "demo:verify-{n}",
            description = "where: {n} is taken by a name that is new for each run (default: ${DEFAULT-VALUE})")
    private String pattern = "demo:verify-{n}";

    @Option(names = "--count", paramLabel = "N", defaultValue = "4", description = "how many addresses (default: 4)")
    private int count = 4;

    @Option(names = "--clients", paramLabel = "N", defaultValue = "6", description = "how many sockets (default: 6)")
    private int clients = 6;

    @Option(names = "--rate", paramLabel = "N", defaultValue = "50", description = "events a second (default: 50)")
    private int rate = 50;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "30", description = "for how long (default: 30)")
    private int seconds = 30;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        String run = UlidCreator.getUlid().toString().toLowerCase(Locale.ROOT);
        VerifyPlan plan = plan(run);
        say("verifying for " + plan.seconds() + " s…");
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            Promise<VerifyReport> found = Promise.promise();
            vertx.runOnContext(turn -> Verification.run(vertx, plan, run).onComplete(found));
            VerifyReport report = Waiting.on(found.future(), plan.seconds() + SLACK_SECONDS, TimeUnit.SECONDS);
            say(report.text());
            return report.passed() ? 0 : 1;
        } catch (VerifyException e) {
            throw new PlainFailures.Refusal("it could not be verified: " + e.getMessage());
        } finally {
            var unused = Waiting.on(vertx.close().map(true));
        }
    }

    private VerifyPlan plan(String run) throws IOException {
        if (token == null || token.isEmpty()) {
            throw new PlainFailures.Refusal(
                    "sockets need a token: --token, or HUBBUB_TOKEN (scripts/hub token makes one)");
        }
        if (!pattern.contains("{n}") || count < 1) {
            throw new PlainFailures.Refusal("--addresses is a pattern with {n}, such as demo:verify-{n}");
        }
        List<String> addresses = IntStream.rangeClosed(1, count)
                .mapToObj(n -> pattern.replace("{n}", run + "-" + n))
                .toList();
        try {
            return new VerifyPlan(
                    nodes.isEmpty() ? known() : nodes,
                    token,
                    Optional.ofNullable(apiKey),
                    addresses,
                    clients,
                    rate,
                    seconds);
        } catch (IllegalArgumentException e) {
            throw new PlainFailures.Refusal(String.valueOf(e.getMessage()));
        }
    }

    private List<URI> known() throws IOException {
        HttpResponse<String> response = ops.get("/ops/v1/nodes");
        if (response.statusCode() != 200) {
            throw new IOException("the hub answered " + response.statusCode() + ": " + response.body());
        }
        return new JsonObject(response.body())
                .getJsonArray("nodes").stream()
                        .map(JsonObject.class::cast)
                        .filter(node -> "ready".equals(node.getString("state")))
                        .map(node -> URI.create(node.getString("publicUrl")))
                        .toList();
    }

    private void say(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }
}
