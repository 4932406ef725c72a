package dev.hubbub.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Follows an address through the operators' listener of a running node. */
@Command(
        name = "tail",
        mixinStandardHelpOptions = true,
        description = "Follows an address of a running node: one frame a line, until Ctrl-C.")
final class TailCommand implements Callable<Integer> {
    @Mixin
    private OpsOptions ops = new OpsOptions();

    @Parameters(index = "0", paramLabel = "ADDRESS", description = "what to follow")
    private String address = "";

    @Option(names = "--recent", paramLabel = "N", description = "first the latest N events (1 to 1000)")
    private int recent;

    @Option(names = "--limit", paramLabel = "N", description = "stop after N events")
    private long limit = Long.MAX_VALUE;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        String path = "/ops/v1/tail?address=" + URLEncoder.encode(address, StandardCharsets.UTF_8)
                + (recent > 0 ? "&recent=" + recent : "");
        HttpResponse<Stream<String>> response = ops.stream(path);
        PrintWriter out = spec.commandLine().getOut();
        try (Stream<String> lines = response.body()) {
            lines.limit(limit).forEach(line -> {
                out.println(line);
                out.flush();
            });
        }
        return response.statusCode() == 200 ? 0 : 1;
    }
}
