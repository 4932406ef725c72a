package dev.hubbub.cli;

import dev.hubbub.ConfigSource;
import dev.hubbub.HubNode;
import dev.hubbub.telemetry.LogbackLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs one node until it is told to stop. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = {
            "Runs one node until it gets SIGTERM or Ctrl-C, and then lets it drain: see drain in the config. A second",
            "SIGTERM or Ctrl-C ends it at once.",
            "Without a JWT secret or key in the config, and with both listeners on loopback, the node runs in development"
                    + " mode: it makes a secret for this run and prints a token that is ready to use."
        })
final class StartCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(StartCommand.class);
    private static final long STOP_SECONDS = 45;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(
            names = "--insecure",
            description = "start although the config is unsafe; what is unsafe is named in the log")
    private boolean insecure;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ConfigSource source = config.source().insecure(insecure);
        HubNode node = Waiting.on(HubNode.start(source, new LogbackLog()));
        print(node);
        boolean heard = Signals.onTerminate(() -> node.drain().onFailure(StartCommand::log));
        drainWithTheProcess(node, heard);
        return awaitEnd(node);
    }

    /** Waits until somebody lets the node go, and then no longer than the config allows. */
    private int awaitEnd(HubNode node) throws IOException, InterruptedException {
        long limitMillis = Waiting.onForEver(node.draining());
        try {
            Waiting.on(node.drained(), limitMillis, TimeUnit.MILLISECONDS);
            return 0;
        } catch (IOException late) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("the node did not end in time (drain.limit): " + late.getMessage());
            err.flush();
            Runtime.getRuntime().halt(1);
            return 1;
        }
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

    private static void log(Throwable failure) {
        log.warn("node could not go as it should", failure);
    }

    /** For every other way in which a process ends; without signals for SIGTERM, too. */
    private static void drainWithTheProcess(HubNode node, boolean signalsAreHeard) {
        Thread hook = new Thread(
                () -> {
                    try {
                        if (!node.drained().isComplete()) {
                            Waiting.on(signalsAreHeard ? node.stop() : node.drain(), STOP_SECONDS, TimeUnit.SECONDS);
                        }
                    } catch (IOException e) {
                        log(e);
                    }
                },
                "hubbub-stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }
}
