package dev.hubbub.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the nodes of a running cluster. */
@Command(
        name = "nodes",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the nodes of the cluster that a running node belongs to.",
            "A cluster is safe when every log has all its copies: only then may the next node be stopped.",
            "Example: scripts/hub nodes --wait-safe 3"
        })
final class NodesCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 500;

    @Mixin
    private OpsOptions ops = new OpsOptions();

    @Option(names = "--json", description = "print what the hub answers, for programs")
    private boolean json;

    @Option(
            names = "--wait-safe",
            paramLabel = "N",
            defaultValue = "0",
            description = "wait until N nodes are ready and the cluster is safe; exit code 4 when that takes too long")
    private int waitFor;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "how long --wait-safe waits (default: ${DEFAULT-VALUE})")
    private int timeoutSeconds;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(timeoutSeconds).toNanos();
        while (waitFor > 0 && !isSafe()) {
            if (System.nanoTime() > until) {
                say("not safe after " + timeoutSeconds + " s:");
                print(nodes());
                return 4;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        print(nodes());
        return 0;
    }

    private JsonObject nodes() throws IOException {
        HttpResponse<String> response = ops.get("/ops/v1/nodes");
        if (response.statusCode() != 200) {
            throw new IOException("the hub answered " + response.statusCode() + ": " + response.body());
        }
        return new JsonObject(response.body());
    }

    /** A node that is just being started, or stopped, does not answer; that is not the end of waiting. */
    private boolean isSafe() {
        try {
            JsonArray nodes = nodes().getJsonArray("nodes");
            return nodes.size() == waitFor
                    && nodes.stream()
                            .map(JsonObject.class::cast)
                            .allMatch(node -> node.getString("state").equals("ready") && node.getBoolean("safe"));
        } catch (IOException notYet) {
            return false;
        }
    }

    private void print(JsonObject answer) {
        if (json) {
            say(answer.encodePrettily());
            return;
        }
        String format = "%-38s %-11s %-24s %11s %13s %6s %10s %5s%n";
        PrintWriter out = spec.commandLine().getOut();
        out.printf(format, "NODE", "STATE", "PUBLIC", "CONNECTIONS", "SUBSCRIPTIONS", "OWNS", "STORE", "SAFE");
        String self = answer.getString("node");
        for (Object one : answer.getJsonArray("nodes")) {
            JsonObject node = (JsonObject) one;
            String name = node.getString("node") + (node.getString("node").equals(self) ? " *" : "");
            out.printf(
                    format,
                    name,
                    node.getString("state"),
                    node.getString("publicUrl", "-"),
                    node.getValue("connections", "-"),
                    node.getValue("subscriptions", "-"),
                    percent(node),
                    store(node),
                    node.getValue("safe", "-").equals(true) ? "yes" : "no");
            if (node.containsKey("since")) {
                out.printf(
                        "  up since %s, version %s, sees %s nodes%n",
                        Instant.parse(node.getString("since")), node.getString("version"), node.getValue("nodes"));
            }
            if (node.containsKey("why")) {
                out.printf("  %s%n", node.getString("why"));
            }
            for (Object path : node.getJsonArray("paths", new JsonArray())) {
                printIfDown(out, (JsonObject) path);
            }
            if (node.getJsonObject("store", new JsonObject()).containsKey("why")) {
                out.printf("  %s%n", node.getJsonObject("store").getString("why"));
            }
        }
        out.flush();
    }

    private static void printIfDown(PrintWriter out, JsonObject path) {
        if (path.getString("state").equals("down")) {
            out.printf(
                    "  nothing arrives from %s at %s (%s ms)%n",
                    path.getString("from"), path.getString("to"), path.getValue("lastMillis"));
        }
    }

    private static String percent(JsonObject node) {
        Double owned = node.getDouble("owned");
        return owned == null ? "-" : Math.round(owned * 100) + " %";
    }

    private static String store(JsonObject node) {
        JsonObject store = node.getJsonObject("store");
        return store == null ? "-" : store.getString("name") + (store.getBoolean("up") ? "" : "!");
    }

    private void say(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }
}
