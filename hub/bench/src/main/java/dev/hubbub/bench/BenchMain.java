package dev.hubbub.bench;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks' command line. */
@Command(
        name = "bench",
        description = "Measures Hubbub from outside, side by side with its peers.",
        mixinStandardHelpOptions = true)
final class BenchMain {

    private BenchMain() {}

    /** Runs one command: exit 0 good, 1 deliveries were wrong, 2 wrong usage, 3 could not measure. */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(commandLine(out, err).execute(args));
    }

    /** The commands, writing results to {@code out} and progress and failures to {@code err}. */
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        return new CommandLine(new BenchMain())
                .addSubcommand(new FanoutCommand(out, err))
                .addSubcommand(new IdleCommand(out, err))
                .addSubcommand(new AckCommand(out, err))
                .addSubcommand(new NodesCommand(out, err))
                .addSubcommand(new ConnectCommand(out, err))
                .addSubcommand(new PresenceCommand(out, err))
                .addSubcommand(new StartupCommand(out, err))
                .addSubcommand(new AllCommand(out, err))
                .addSubcommand(new SignalCommand(out))
                .addSubcommand(new SlowCommand(out, err))
                .addSubcommand(new StormCommand(out, err))
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    boolean expected = failure instanceof BenchException;
                    err.println("bench: "
                            + (expected
                                    ? failure.getMessage()
                                    : command.getColorScheme().richStackTraceString(failure)));
                    return FanoutCommand.COULD_NOT_MEASURE;
                });
    }
}
