package dev.hubbub;

import dev.hubbub.replay.BusPaths;
import dev.hubbub.replay.BusPaths.State;
import dev.hubbub.replay.BusPaths.View;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;

/** The ways between nodes, for readiness, metrics and people; read from any thread. */
final class PathWatch {
    /** The ways are looked at once a second, by the loop that owns the logs. */
    private static final long STUCK_MILLIS = 5_000;

    private final BusPaths paths;
    private final Clock clock;

    PathWatch(BusPaths paths, Clock clock, MeterRegistry registry) {
        this.paths = paths;
        this.clock = clock;
        Gauge.builder("hubbub.path.up", this, watch -> watch.count(State.UP))
                .description("Other nodes whose events reach this one.")
                .strongReference(true)
                .register(registry);
        Gauge.builder("hubbub.path.down", this, watch -> watch.count(State.DOWN))
                .description("Other nodes whose events do not reach this one, though they are members.")
                .strongReference(true)
                .register(registry);
    }

    private long count(State state) {
        View view = paths.view();
        return view.paths().stream()
                .filter(path -> path.to().equals(paths.node()) && path.state() == state)
                .count();
    }

    /** Returns why this node is not fit to serve; empty while it is. */
    Optional<String> fault() {
        View view = paths.view();
        long ageMillis = view.atMillis() == Long.MIN_VALUE ? 0 : clock.millis() - view.atMillis();
        return ageMillis > STUCK_MILLIS
                ? Optional.of("the event loop of the logs has not run for " + ageMillis + " ms")
                : view.fault();
    }

    JsonArray list() {
        JsonArray list = new JsonArray();
        View view = paths.view();
        view.paths()
                .forEach(path -> list.add(new JsonObject()
                        .put("from", path.from())
                        .put("to", path.to())
                        .put("state", path.state().name().toLowerCase(Locale.ROOT))
                        .put("lastMillis", path.silentMillis() + clock.millis() - view.atMillis())));
        return list;
    }
}
