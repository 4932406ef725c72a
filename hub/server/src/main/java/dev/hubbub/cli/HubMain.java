package dev.hubbub.cli;

import picocli.CommandLine;

/** The process: runs one command and ends with its exit code. */
public final class HubMain {
    private static final String COMMON_THREADS = "java.util.concurrent.ForkJoinPool.common.parallelism";

    private HubMain() {}

    /** Runs a command; without one it starts a node with the default config. */
    public static void main(String[] arguments) {
        shareCallbacks();
        System.exit(commands().execute(arguments));
    }

    /**
     * Lets threads be used again where there are one or two cores: Java's futures, and with them Hazelcast's, make one
     * for each callback unless the common pool may have two. Asked for once, before anybody uses that pool.
     */
    private static void shareCallbacks() {
        if (Runtime.getRuntime().availableProcessors() <= 2 && System.getProperty(COMMON_THREADS) == null) {
            System.setProperty(COMMON_THREADS, "2");
        }
    }

    /** Returns every command, as the tests run them too. */
    static CommandLine commands() {
        return new CommandLine(new HubCommand())
                .setExecutionExceptionHandler(new PlainFailures())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }
}
