package dev.hubbub.cli;

import picocli.CommandLine;

/** The process: runs one command and ends with its exit code. */
public final class HubMain {
    private HubMain() {}

    /** Runs a command; without one it starts a node with the default config. */
    public static void main(String[] arguments) {
        System.exit(commands().execute(arguments));
    }

    /** Returns every command, as the tests run them too. */
    static CommandLine commands() {
        return new CommandLine(new HubCommand())
                .setExecutionExceptionHandler(new PlainFailures())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }
}
