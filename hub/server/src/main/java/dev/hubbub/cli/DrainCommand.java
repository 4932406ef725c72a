package dev.hubbub.cli;

import dev.hubbub.cli.PlainFailures.Refusal;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lets a running node go. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        description = {
            "Lets a running node go: not ready any more, every socket closed at its moment and told when to come back,",
            "publishes finished, what it owns handed over. SIGTERM does the same.",
            "Shows how far it is until the node has gone; Ctrl-C ends this command only. Exit code 0 when it has gone."
        })
final class DrainCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 500;

    @Mixin
    private OpsOptions ops = new OpsOptions();

    @Option(names = "--no-wait", description = "only begin, and do not wait until the node has gone")
    private boolean noWait;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        JsonObject begun = answered(ops.post("/ops/v1/drain", ""), 202);
        say("node " + begun.getString("node") + " drains: " + begun.getValue("sockets") + " sockets over "
                + begun.getLong("windowMillis") / 1_000.0 + " s to " + begun.getValue("others")
                + " other nodes, ends after " + begun.getLong("limitMillis") / 1_000 + " s at the latest");
        String before = "";
        while (!noWait) {
            Thread.sleep(LOOK_MILLIS);
            JsonObject now;
            try {
                now = answered(ops.get("/ops/v1/drain"), 200);
            } catch (Refusal refused) {
                throw refused;
            } catch (IOException gone) {
                say("the node has closed its listeners");
                return 0;
            }
            if (!now.getString("node").equals(begun.getString("node"))) {
                say("the node has gone, and another one answers there");
                return 0;
            }
            String line = line(now);
            if (!line.equals(before)) {
                say(String.format("%5.1f s  %s", now.getLong("elapsedMillis") / 1_000.0, line));
            }
            before = line;
        }
        return 0;
    }

    private static String line(JsonObject progress) {
        return String.format(
                "%-9s  %s sockets left, %s publishes under way",
                progress.getString("phase"), progress.getValue("socketsLeft"), progress.getValue("publishes"));
    }

    private static JsonObject answered(HttpResponse<String> response, int expected) {
        if (response.statusCode() != expected) {
            throw new Refusal("the hub answered " + response.statusCode() + ": " + response.body());
        }
        return new JsonObject(response.body());
    }

    private void say(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }
}
