package dev.hubbub.faults;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One hub in a process of its own, which a test may really kill. */
final class NodeProcess {
    private final int number;
    private final ClusterPlan plan;
    private final Path log;
    private Process process;

    private NodeProcess(int number, ClusterPlan plan, Path log, Process process) {
        this.number = number;
        this.plan = plan;
        this.log = log;
        this.process = process;
    }

    /** Starts node {@code number}, counted from 0. */
    static NodeProcess start(int number, ClusterPlan plan) throws IOException {
        Path log = plan.folder().resolve("node-" + number + ".log");
        return new NodeProcess(number, plan, log, launch(number, plan, log));
    }

    private static Process launch(int number, ClusterPlan plan, Path log) throws IOException {
        List<String> command = new ArrayList<>(plan.launcher(number));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-opens=java.management/sun.management=ALL-UNNAMED",
                "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED",
                "-cp",
                classPath(),
                "dev.hubbub.cli.HubMain",
                "start",
                "--config",
                plan.config().toString()));
        command.addAll(plan.settings(number));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** The class path of this run without its tests. */
    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> !entry.contains("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    int number() {
        return number;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it without a word: {@code kill -9}. */
    void kill() {
        process.destroyForcibly();
        if (!waitFor(10)) {
            throw new AssertionError("node " + number + " outlived kill -9");
        }
    }

    private boolean waitFor(int seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Asks it to go: SIGTERM. */
    void askToGo() {
        process.destroy();
    }

    int exitCode() {
        return process.exitValue();
    }

    /** Asks it to go and waits until it has: SIGTERM. */
    void terminate() {
        askToGo();
        if (!waitFor(60)) {
            kill();
            throw new AssertionError("node " + number + " did not stop within 60 s\n" + logTail());
        }
    }

    /** Stops it in its tracks, or lets it go on. */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("kill -" + name + " " + process.pid() + " failed");
        }
    }

    /** Starts it again on the same ports. */
    void restart() throws IOException {
        if (process.isAlive()) {
            throw new IllegalStateException("node " + number + " is still running");
        }
        process = launch(number, plan, log);
    }

    String logTail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return "-- node " + number + "\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            return "-- node " + number + ": no log, " + e.getMessage();
        }
    }
}
