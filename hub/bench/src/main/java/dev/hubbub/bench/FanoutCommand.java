package dev.hubbub.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measures fan-out: the hub and its peers in turn. */
@Command(
        name = "fanout",
        aliases = "compare",
        description = "Fan-out: the hub and its peers in turn, each alone on one core.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:every event came once, in order, to everybody",
            "1:something was lost, doubled, out of order or damaged",
            "2:wrong usage",
            "3:a server could not be measured"
        })
final class FanoutCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final double GENERATOR_LIMIT = 0.9;
    private static final double FOREIGN_LIMIT = 0.1;
    private static final int DELIVERIES_WERE_WRONG = 1;
    private static final int GENERATOR_SECONDS = 8;

    /** The exit code when a server could not be measured. */
    static final int COULD_NOT_MEASURE = 3;

    private final PrintWriter out;
    private final PrintWriter err;

    @Mixin
    private final FanoutOptions options = new FanoutOptions();

    FanoutCommand(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<String> java = options.javaCommand();
        JvmFacts jvm = JvmFacts.of(java, options.serverCore);
        FanoutReport report = new FanoutReport(options.transport, jvm, java);
        out.println(report.heading());
        Path folder = Files.createTempDirectory("hubbub-bench-");
        boolean complete = false;
        try {
            List<Contender> contenders = contenders(folder, report);
            for (Scenario scenario : options.sizedScenarios()) {
                warmGenerator(scenario, contenders, folder);
                measure(scenario, contenders, folder, report);
            }
            complete = report.failures().isEmpty();
        } finally {
            if (complete && !options.profile) {
                delete(folder);
            } else {
                err.println(
                        "The servers' output" + (options.profile ? " and recordings are" : " is") + " in " + folder);
            }
        }
        out.println(report.table());
        writeJson(report);
        if (!report.faultless()) {
            return DELIVERIES_WERE_WRONG;
        }
        return report.failures().isEmpty() ? 0 : COULD_NOT_MEASURE;
    }

    /**
     * The generator is compiled while it runs, too: whoever comes first would be measured by a slower one. The last
     * contender is what it warms itself at.
     */
    private void warmGenerator(Scenario scenario, List<Contender> contenders, Path folder)
            throws IOException, InterruptedException {
        if (contenders.size() < 2) {
            return;
        }
        Contender last = contenders.get(contenders.size() - 1);
        err.println("warming the generator at " + last.name());
        try {
            var unused = measure(scenario.timed(1, GENERATOR_SECONDS), last, folder, "warming-" + scenario.name());
        } catch (BenchException failure) {
            err.println("  the generator is not warm: " + failure.getMessage());
        }
    }

    private void measure(Scenario scenario, List<Contender> contenders, Path folder, FanoutReport report)
            throws IOException, InterruptedException {
        for (int round = 1; round <= options.rounds; round++) {
            for (Contender contender : contenders) {
                String run = contender.name() + "-" + scenario.name() + "-" + round;
                err.println("measuring " + run);
                try {
                    Measurement measurement = measure(scenario, contender, folder, run);
                    report.add(scenario, contender.name(), round, measurement);
                    warn(measurement);
                } catch (BenchException failure) {
                    report.addFailure(run, String.valueOf(failure.getMessage()));
                }
            }
        }
    }

    private Measurement measure(Scenario scenario, Contender contender, Path folder, String run)
            throws IOException, InterruptedException {
        List<String> java = new ArrayList<>(options.javaCommand());
        if (options.profile) {
            java.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                    + folder.resolve(run + ".jfr"));
        }
        Path log = folder.resolve(run + ".txt");
        try (ServerProcess server = ServerProcess.start(contender, java, options.serverCore, log);
                Generator generator = scenario.against(server.target(), PATIENCE)) {
            return generator.run();
        } catch (IOException | RuntimeException e) {
            throw new BenchException(e.getMessage() + "\nThe server said:\n" + ServerProcess.tail(log), e);
        }
    }

    private void warn(Measurement measurement) {
        if (measurement.cost().generator() > GENERATOR_LIMIT && !options.polls) {
            err.printf(
                    "  the generator used %.0f %% of its core: it may be the limit, not the server%n",
                    100 * measurement.cost().generator());
        }
        if (measurement.cost().foreign() > FOREIGN_LIMIT) {
            err.printf(
                    "  other processes took %.0f %% of the server's core: rates and latencies are too bad by that%n",
                    100 * measurement.cost().foreign());
        }
    }

    private List<Contender> contenders(Path folder, FanoutReport report) throws IOException {
        List<String> names = options.only.map(only -> List.of(only.contender())).orElseGet(options::hubAndPeers);
        List<Contender> contenders = new ArrayList<>();
        for (String name : names) {
            try {
                Contender one =
                        name.equals("hub") ? hub(folder) : options.peers().named(name);
                contenders.add(one.speaking(options.transport));
            } catch (BenchException notHere) {
                report.addFailure(name, String.valueOf(notHere.getMessage()));
            }
        }
        return contenders;
    }

    private Contender hub(Path folder) throws IOException {
        Path jar = options.hubJar.orElseThrow(
                () -> new BenchException("--hub-jar is missing: say where the hub's jar is, or use --only or --peer"));
        return new Contender.Hub(jar, options.hubConfig.isPresent() ? options.hubConfig.get() : writeHubConfig(folder));
    }

    private static Path writeHubConfig(Path folder) throws IOException {
        return Files.writeString(folder.resolve("bench-hub.yaml"), HubConfigs.fanout());
    }

    private void writeJson(FanoutReport report) throws IOException {
        if (options.json.isEmpty()) {
            return;
        }
        String json = report.toJson().encodePrettily();
        if (options.json.get().equals("-")) {
            out.println(json);
        } else {
            Files.writeString(Path.of(options.json.get()), json + "\n");
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
