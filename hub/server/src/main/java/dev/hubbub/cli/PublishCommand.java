package dev.hubbub.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Publishes one event through the operators' listener of a running node. */
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        description = {
            "Publishes one event through the operators' listener of a running node, and prints id and position.",
            "Example: scripts/hub publish demo:lobby '{\"type\":\"hello\",\"payload\":{\"text\":\"hi\"}}'"
        })
final class PublishCommand implements Callable<Integer> {
    @Mixin
    private OpsOptions ops = new OpsOptions();

    @Parameters(index = "0", paramLabel = "ADDRESS", description = "where to publish")
    private String address = "";

    @Parameters(index = "1", paramLabel = "EVENT", description = "the event as JSON: an object with type and payload")
    private String event = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        JsonObject body = new JsonObject().put("address", address).put("event", parsed());
        HttpResponse<String> response = ops.post("/ops/v1/publish", body.encode());
        PrintWriter out = spec.commandLine().getOut();
        out.println(response.body());
        out.flush();
        return response.statusCode() == 200 ? 0 : 1;
    }

    private Object parsed() {
        try {
            Object value = Json.decodeValue(event);
            if (value != null) {
                return value;
            }
        } catch (DecodeException e) {
            throw new PlainFailures.Refusal(
                    "the event is no JSON; quote it for the shell, such as '{\"type\":\"hello\",\"payload\":{}}'");
        }
        throw new PlainFailures.Refusal("the event is null");
    }
}
