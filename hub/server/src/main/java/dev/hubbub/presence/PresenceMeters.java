package dev.hubbub.presence;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** What presence counts; never with a user or an address as a label. */
final class PresenceMeters {
    private final AtomicInteger devices = new AtomicInteger(); // read by the scrape's thread
    private final Counter rosters;
    private final Counter changes;
    private final Counter ghosts;
    private final Counter incomplete;
    private final Counter notices;
    private final Counter noticesFailed;

    PresenceMeters(MeterRegistry registry) {
        Gauge.builder("hubbub.presence.devices", devices, AtomicInteger::get)
                .description("Devices of this node at addresses with a roster.")
                .register(registry);
        rosters = registry.counter("hubbub.presence.frames", "kind", "roster");
        changes = registry.counter("hubbub.presence.frames", "kind", "changes");
        ghosts = registry.counter("hubbub.presence.ghosts");
        incomplete = registry.counter("hubbub.presence.incomplete");
        notices = registry.counter("hubbub.presence.notices", "result", "sent");
        noticesFailed = registry.counter("hubbub.presence.notices", "result", "failed");
    }

    void devices(int count) {
        devices.set(count);
    }

    /** Counts frames as they were made; subscribers share them. */
    void frame(PresenceNews.Kind kind) {
        (kind == PresenceNews.Kind.ROSTER ? rosters : changes).increment();
    }

    /** Counts devices that an owner removed although nobody said that they left. */
    void ghosts(int count) {
        if (count > 0) {
            ghosts.increment(count);
        }
    }

    /** Counts rosters that were taken for whole although not every node had answered. */
    void incomplete() {
        incomplete.increment();
    }

    void notice(boolean sent) {
        (sent ? notices : noticesFailed).increment();
    }
}
