package dev.hubbub.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks the running hub what became of an event, and for whom. */
@Command(
        name = "trace",
        mixinStandardHelpOptions = true,
        description = {
            "Says what became of an event: who published it, which nodes it reached, who got it, and who did not and why.",
            "Any node can be asked; it asks all the others. Without EVENT it lists what was decided lately for a user or"
                    + " at an address, and that is how to find the event's id.",
            "",
            "recorded means that a node wrote it down as it happened. reconstructed means that the record has moved on"
                    + " (see trace: in the config), and that rules and logs of now were asked instead."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  scripts/hub trace 01J8ZQ…                       what became of it, for everybody",
            "  scripts/hub trace 01J8ZQ… --user sarah          why Sarah did or did not get it",
            "  scripts/hub trace --user sarah                  what was decided for her lately",
            "  scripts/hub trace --address order:acme:7        what happened there lately",
            "  scripts/hub trace 01J8ZQ… --json > ticket.json  everything, for a ticket"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the question was answered",
            "1:no hub answered, or it refused",
            "4:with EVENT: nothing is known of it"
        })
final class TraceCommand implements Callable<Integer> {
    private static final int UNKNOWN = 4;

    @Mixin
    private OpsOptions ops = new OpsOptions();

    @Parameters(index = "0", arity = "0..1", paramLabel = "EVENT", description = "the event's id")
    @Nullable
    private String event;

    @Option(names = "--user", paramLabel = "USER", description = "whose: the sub of the token")
    @Nullable
    private String user;

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            description = "where it was published; lets the hub look into the log when the record has moved on")
    @Nullable
    private String address;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "how many lines at most, up to 500 (default: ${DEFAULT-VALUE})")
    private int limit;

    @Option(names = "--json", description = "print what the hub answers, for programs and tickets")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (event == null && user == null && address == null) {
            throw new PlainFailures.Refusal("say which EVENT, or --user or --address; --help shows how");
        }
        JsonObject answer = ask();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(answer.encodePrettily());
        } else if (event == null) {
            printRecent(out, answer);
        } else {
            printTrace(out, answer);
        }
        out.flush();
        boolean unknown = event != null
                && answer.getJsonObject("verdict").getString("code").equals("unknown");
        return unknown ? UNKNOWN : 0;
    }

    private JsonObject ask() throws IOException {
        List<String> query = new ArrayList<>();
        query.add("limit=" + limit);
        if (user != null) {
            query.add("user=" + encoded(user));
        }
        if (address != null) {
            query.add("address=" + encoded(address));
        }
        String path = "/ops/v1/trace" + (event == null ? "" : "/" + encoded(event)) + "?" + String.join("&", query);
        HttpResponse<String> response = ops.get(path);
        if (response.statusCode() != 200) {
            throw new IOException("the hub answered " + response.statusCode() + ": " + response.body());
        }
        return new JsonObject(response.body());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static void printTrace(PrintWriter out, JsonObject answer) {
        JsonObject verdict = answer.getJsonObject("verdict");
        out.printf("%s [%s]%n", verdict.getString("text"), verdict.getString("evidence"));
        JsonObject event = answer.getJsonObject("event");
        out.println();
        for (String key : List.of("address", "position", "type", "by", "acceptedAt", "node")) {
            if (event.containsKey(key)) {
                out.printf("  %-11s %s%n", key, event.getString(key));
            }
        }
        out.println();
        for (Object one : answer.getJsonArray("steps")) {
            JsonObject step = (JsonObject) one;
            Boolean good = step.getBoolean("ok");
            String sign = good == null ? " " : good ? "+" : "-";
            String marked = step.getString("evidence").equals("recorded") ? "" : " [reconstructed]";
            out.printf("%s %-24s %s%s%n", sign, step.getString("at", "-"), step.getString("text"), marked);
            printRule(out, step.getJsonObject("details"));
        }
        printUsers(out, answer);
        printUnanswered(out, answer);
    }

    private static void printRule(PrintWriter out, JsonObject details) {
        if (!details.containsKey("allowed")) {
            return;
        }
        for (String key : List.of("reason", "rule", "at", "expression")) {
            if (details.containsKey(key)) {
                out.printf("      %-11s %s%n", key, details.getString(key));
            }
        }
        JsonObject values = details.getJsonObject("values", new JsonObject());
        values.forEach(value -> out.printf("      %-11s %s = %s%n", "value", value.getKey(), value.getValue()));
    }

    private static void printUsers(PrintWriter out, JsonObject answer) {
        JsonArray users = answer.getJsonArray("users");
        if (users.isEmpty()) {
            return;
        }
        out.println();
        String format = "  %-24s %-14s %-24s %s%n";
        out.printf(format, "USER", "OUTCOME", "AT", "NODE");
        for (Object one : users) {
            JsonObject user = (JsonObject) one;
            out.printf(
                    format,
                    user.getString("user"),
                    user.getString("outcome"),
                    user.getString("at", "-"),
                    user.getString("node"));
        }
        if (answer.getBoolean("more")) {
            out.println("  … and more; --limit shows up to 500");
        }
    }

    private static void printRecent(PrintWriter out, JsonObject answer) {
        JsonArray entries = answer.getJsonArray("entries");
        if (entries.isEmpty()) {
            out.println("nothing on record");
        }
        for (Object one : entries) {
            JsonObject entry = (JsonObject) one;
            out.printf(
                    "%-24s %-15s %-26s %s%n",
                    entry.getString("at"),
                    entry.getString("outcome"),
                    entry.getString("eventId", entry.getString("connection", "-")),
                    entry.getString("address", "") + "  " + entry.getString("user", "") + "  "
                            + entry.getString("text"));
        }
        if (answer.getBoolean("more")) {
            out.println("… and more; --limit shows up to 500");
        }
        printUnanswered(out, answer);
    }

    private static void printUnanswered(PrintWriter out, JsonObject answer) {
        JsonArray unanswered = answer.getJsonObject("nodes").getJsonArray("unanswered");
        if (!unanswered.isEmpty()) {
            out.println();
            out.println("these nodes did not answer, and what they know is missing: " + unanswered.encode());
        }
    }
}
