package dev.hubbub.cli;

import dev.hubbub.cli.PlainFailures.Refusal;
import io.vertx.core.json.JsonArray;
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

/** Lets a running node read its config again, or says what that would cut. */
@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        description = {
            "Lets a running node read its config file again. Other nodes read theirs when those change.",
            "With --dry-run nothing changes: the subscriptions of all nodes are named that the file's rules would end.",
            "Exit code 1 for a file with faults, each with file:line:column; the config from before stays in force.",
            "Example: scripts/hub reload --dry-run"
        })
final class ReloadCommand implements Callable<Integer> {
    private static final int BAD_CONFIG = 409;

    @Mixin
    private OpsOptions ops = new OpsOptions();

    @Option(names = "--dry-run", description = "only say what it would cut")
    private boolean dryRun;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        HttpResponse<String> response = ops.post("/ops/v1/reload" + (dryRun ? "?dryRun=true" : ""), "");
        PrintWriter out = spec.commandLine().getOut();
        try {
            if (response.statusCode() == BAD_CONFIG) {
                refused(out, new JsonObject(response.body()));
                return 1;
            }
            if (response.statusCode() != 200) {
                throw new Refusal("the hub answered " + response.statusCode() + ": " + response.body());
            }
            JsonObject answer = new JsonObject(response.body());
            if (dryRun) {
                preview(out, answer);
            } else {
                out.println("reloaded, " + answer.getValue("rules") + " rules; needs a restart: "
                        + answer.getJsonArray("needsRestart").encode());
            }
            return 0;
        } finally {
            out.flush();
        }
    }

    private static void refused(PrintWriter out, JsonObject error) {
        JsonArray faults = error.getJsonObject("details").getJsonArray("faults", new JsonArray());
        if (faults.isEmpty()) {
            out.println(error.getString("message"));
        }
        faults.forEach(out::println);
    }

    private static void preview(PrintWriter out, JsonObject answer) {
        JsonArray cuts = answer.getJsonArray("cut");
        for (Object one : cuts) {
            JsonObject cut = (JsonObject) one;
            out.printf(
                    "%s  %s  connection %s of node %s%n    %s: %s%n",
                    cut.getString("address"),
                    cut.getString("user"),
                    cut.getString("connection"),
                    cut.getString("node"),
                    cut.getString("rule").isEmpty() ? "no rule" : cut.getString("rule"),
                    cut.getString("why"));
        }
        JsonObject nodes = answer.getJsonObject("nodes");
        out.println(cuts.size() + (answer.getBoolean("more") ? " and more" : "") + " subscriptions would end; "
                + nodes.getValue("asked") + " nodes asked, " + nodes.getValue("unanswered") + " without an answer");
    }
}
