package dev.hubbub.cli;

import dev.hubbub.ConfigSource;
import dev.hubbub.HubNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs one node until it is told to stop. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = {
            "Runs one node until it gets SIGTERM or Ctrl-C.",
            "Without a JWT secret or key in the config, and with both listeners on loopback, the node runs in development"
                    + " mode: it makes a secret for this run and prints a token that is ready to use."
        })
final class StartCommand implements Callable<Integer> {
    private static final long STOP_SECONDS = 20;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ConfigSource source = config.source();
        HubNode node = Waiting.on(HubNode.start(source));
        print(node);
        stopWithTheProcess(node);
        new CountDownLatch(1).await(); // the shutdown hook ends the process
        return 0;
    }

    private void print(HubNode node) {
        PrintWriter out = spec.commandLine().getOut();
        double seconds = ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0;
        out.printf("Hubbub is ready after %.1f s%n", seconds);
        out.println("  public    " + node.publicUrl());
        out.println("  operators " + node.opsUrl());
        node.development().ifPresent(development -> {
            out.println("  token     " + development.token());
            out.println("            (development mode: made for this run; user \"alice\", valid 12 hours)");
        });
        out.flush();
    }

    private static void stopWithTheProcess(HubNode node) {
        Thread hook = new Thread(
                () -> {
                    try {
                        Waiting.on(node.stop(), STOP_SECONDS, TimeUnit.SECONDS);
                    } catch (IOException e) {
                        throw new IllegalStateException("stopping failed", e);
                    }
                },
                "hubbub-stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }
}
