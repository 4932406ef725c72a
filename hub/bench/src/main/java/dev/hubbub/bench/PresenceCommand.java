package dev.hubbub.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures presence while people come and go. */
@Command(
        name = "presence",
        description = "People come and go on one address while watchers keep its roster.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class PresenceCommand implements Callable<Integer> {
    private static final long WARM_MILLIS = 6_000;

    private final PrintWriter out;
    private final PrintWriter err;

    @Mixin
    private final HubOptions options = new HubOptions();

    @Option(names = "--watchers", defaultValue = "200", description = "(default: 200)")
    private int watchers;

    @Option(names = "--members", defaultValue = "200", description = "people who stay (default: 200)")
    private int members;

    @Option(
            names = "--joins",
            defaultValue = "20",
            description = "people who come a second, for 5 s each (default: 20)")
    private int joins;

    @Option(names = "--states", defaultValue = "100", description = "states set a second by who stays (default: 100)")
    private int states;

    @Option(names = "--measure", defaultValue = "15", paramLabel = "SECONDS", description = "(default: 15)")
    private int measureSeconds;

    PresenceCommand(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        out.println(options.heading());
        HubNodes.Setup setup = options.setup(HubConfigs.presence());
        try (HubNodes nodes = HubNodes.start(setup, 1, HubNodes.Store.MEMORY);
                PresenceRun run = new PresenceRun(nodes.target().server(0))) {
            run.begin(watchers, members);
            err.println("everybody is in the roster");
            run.churn(joins, states, WARM_MILLIS);
            run.forget();
            long frames = run.frames();
            long changes = run.changes();
            Usage.Watch watch = Usage.begin(nodes.target().probe());
            run.churn(joins, states, measureSeconds * 1_000L);
            Usage usage = watch.end();
            long gotFrames = run.frames() - frames;
            long gotChanges = run.changes() - changes;
            boolean settled = run.settles();
            JsonObject figures = new JsonObject()
                    .put("scenario", "presence")
                    .put("watchers", watchers)
                    .put("members", members)
                    .put("joinsPerSecond", joins)
                    .put("statesPerSecond", states)
                    .put("framesPerWatcherPerSecond", gotFrames / usage.seconds() / watchers)
                    .put("changesPerWatcherPerSecond", gotChanges / usage.seconds() / watchers)
                    .put("serverMicrosPerChange", (double) usage.micros() / Math.max(1, gotChanges))
                    .put("joinP50Millis", run.joinMillis(50))
                    .put("joinP99Millis", run.joinMillis(99))
                    .put("serverCoreShare", usage.core())
                    .put("foreignCoreShare", usage.foreign())
                    .put("allAgree", settled)
                    .put("faults", run.faults());
            out.println(line(figures));
            options.report(figures, out);
            return settled && run.faults() == 0 ? 0 : 1;
        }
    }

    private static String line(JsonObject figures) {
        return ("presence: %d watchers, %d members, %d joins/s: %.1f frames/s and %.1f changes/s a watcher,"
                        + " %.2f cpu us a change and watcher, seen after p50 %.0f ms, p99 %.0f ms, core %.0f%%,"
                        + " foreign %.0f%%, all agree: %s, faults %d")
                .formatted(
                        figures.getInteger("watchers"),
                        figures.getInteger("members"),
                        figures.getInteger("joinsPerSecond"),
                        figures.getDouble("framesPerWatcherPerSecond"),
                        figures.getDouble("changesPerWatcherPerSecond"),
                        figures.getDouble("serverMicrosPerChange"),
                        figures.getDouble("joinP50Millis"),
                        figures.getDouble("joinP99Millis"),
                        100 * figures.getDouble("serverCoreShare"),
                        100 * figures.getDouble("foreignCoreShare"),
                        figures.getBoolean("allAgree") ? "yes" : "NO",
                        figures.getLong("faults"));
    }
}
