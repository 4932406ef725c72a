package dev.hubbub.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs everything, each step in a process of its own: a step that fails or hangs does not stop the rest.
 *
 * <p>A step that takes too long is ended with everything that it has started.
 */
@Command(
        name = "all",
        description = "Everything, unattended: one file of figures and one of tables.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:every step ran and held", "1:some did not; the files say which"})
final class AllCommand implements Callable<Integer> {
    private static final long STOP_SECONDS = 30;
    private static final double SECONDS_PER_MINUTE = 60;

    private final PrintWriter out;
    private final PrintWriter err;

    @Option(names = "--minutes", defaultValue = "40", description = "about how long it may take (default: 40)")
    private int minutes;

    @Option(
            names = "--out",
            defaultValue = ".build/bench",
            paramLabel = "FOLDER",
            description = "where all.json and all.txt go (default: .build/bench)")
    private Path folder = Path.of(".build/bench");

    @Option(
            names = "--peers",
            defaultValue = ".build/peers",
            paramLabel = "FOLDER",
            description = "where the peers are")
    private Path peers = Path.of(".build/peers");

    @Option(names = "--hub-jar", paramLabel = "FILE", required = true, description = "the hub's jar")
    private Path hubJar = Path.of("");

    @Option(names = "--server-core", defaultValue = "0", description = "the servers' core (default: 0)")
    private int serverCore;

    @Option(
            names = "--java",
            defaultValue = "java",
            paramLabel = "PATH",
            description = "JDK of the servers (default: java)")
    private String java = "java";

    @Option(
            names = "--java-25",
            defaultValue = "",
            paramLabel = "PATH",
            description = "a newer JDK, for the idle connections and the fan-out (default: none)")
    private String newer = "";

    @Option(names = "--only", split = ",", paramLabel = "STEP", description = "these steps alone")
    private List<String> only = List.of();

    AllCommand(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        List<AllSteps.Step> steps = new AllSteps(minutes * SECONDS_PER_MINUTE, java, newer).steps();
        JsonObject figures =
                new JsonObject().put("began", Instant.now().toString()).put("minutes", minutes);
        StringBuilder tables = new StringBuilder(
                "scripts/bench all --minutes " + minutes + ", " + Instant.now() + "\n" + MachineFacts.heading() + "\n");
        boolean held = true;
        for (AllSteps.Step step : steps) {
            if (!only.isEmpty() && !only.contains(step.name())) {
                continue;
            }
            long begin = System.nanoTime();
            Path log = folder.resolve(step.name() + ".txt");
            Path json = folder.resolve(step.name() + ".json");
            Files.deleteIfExists(json);
            out.println("running " + step.name());
            String ended = run(step, log, json);
            String took = "%.0f s".formatted((System.nanoTime() - begin) / 1e9);
            out.println("  " + ended + " after " + took);
            held &= ended.equals("exit 0");
            JsonObject said = new JsonObject().put("ended", ended).put("took", took);
            if (Files.exists(json)) {
                said.put("figures", new JsonObject(Files.readString(json)));
            }
            figures.put(step.name(), said);
            tables.append("\n== ")
                    .append(step.name())
                    .append(" (")
                    .append(ended)
                    .append(", ")
                    .append(took)
                    .append(")\n");
            tables.append("   ").append(String.join(" ", step.arguments())).append('\n');
            tables.append(Files.readString(log));
            // Written after every step: what is there stays there whatever comes.
            Files.writeString(folder.resolve("all.json"), figures.encodePrettily() + "\n");
            Files.writeString(folder.resolve("all.txt"), tables);
        }
        out.println("Figures: " + folder.resolve("all.json") + ", tables: " + folder.resolve("all.txt"));
        return held ? 0 : 1;
    }

    private String run(AllSteps.Step step, Path log, Path json) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xms512m",
                "-Xmx512m",
                "-D" + Contender.Hub.OPTIONS + "=" + System.getProperty(Contender.Hub.OPTIONS, ""),
                "-D" + Contender.Hub.ARCHIVE + "=" + System.getProperty(Contender.Hub.ARCHIVE, ""),
                "-cp",
                System.getProperty("java.class.path"),
                BenchMain.class.getName()));
        command.addAll(step.arguments());
        command.addAll(List.of(
                "--json",
                json.toString(),
                "--hub-jar",
                hubJar.toString(),
                "--server-core",
                String.valueOf(serverCore)));
        if (step.peers()) {
            command.addAll(List.of("--peers", peers.toString()));
        }
        Process process = new ProcessBuilder(command)
                .redirectOutput(log.toFile())
                .redirectError(folder.resolve(step.name() + ".err.txt").toFile())
                .start();
        Thread killer = new Thread(() -> end(process), "end-step");
        Runtime.getRuntime().addShutdownHook(killer);
        try {
            if (!process.waitFor(step.most().toSeconds(), TimeUnit.SECONDS)) {
                end(process);
                return "ended by force";
            }
            return "exit " + process.exitValue();
        } finally {
            if (!process.isAlive()) {
                Runtime.getRuntime().removeShutdownHook(killer);
            }
        }
    }

    /** Asks a step to end, so that it ends its servers; then ends what is left of it. */
    private void end(Process process) {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                err.println("  a step had to be killed");
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        started.forEach(ProcessHandle::destroyForcibly);
    }
}
