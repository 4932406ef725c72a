package dev.hubbub.messaging;

import dev.hubbub.bus.Timers;
import dev.hubbub.config.TraceConfig;
import dev.hubbub.replay.Replay;
import dev.hubbub.telemetry.EventTrail;
import dev.hubbub.trace.TraceLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;

/**
 * What the feeds of one event loop use of the world.
 *
 * @param replay the logs
 * @param inbox the loop's inbox for deliveries
 * @param timers the loop's timers
 * @param meters where the loop counts
 * @param room what the loop may hold in memory, and how fast it may read
 * @param accounting what its subscribers were owed and got
 * @param trace what it decided
 * @param trail which events are followed
 */
record LoopContext(
        Replay replay,
        String inbox,
        Timers timers,
        Meters meters,
        LoopRoom room,
        Accounting accounting,
        TraceLog trace,
        EventTrail trail) {

    /** A loop that has a node without limits for itself. */
    LoopContext(Replay replay, String inbox, Timers timers, Meters meters) {
        this(
                replay,
                inbox,
                timers,
                meters,
                LoopRoom.unlimited(timers),
                new Accounting(new SimpleMeterRegistry(), "0"),
                new TraceLog(TraceConfig.DEFAULT, 1, Clock.systemUTC()),
                EventTrail.NONE);
    }

    void after(long millis, Runnable action) {
        timers.after(millis, action);
    }
}
