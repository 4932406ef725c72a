package dev.hubbub.presence;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;

/** What presence counts; never with a user or an address as a label. */
final class PresenceMeters {
    // Read by the scrape's thread.
    private final AtomicInteger devices = new AtomicInteger();
    private final AtomicInteger rosters = new AtomicInteger();
    private final AtomicInteger users = new AtomicInteger();
    private final AtomicInteger largest = new AtomicInteger();
    private final Counter rosterFrames;
    private final Counter changeFrames;
    private final Counter came;
    private final Counter went;
    private final Counter ghosts;
    private final Counter incomplete;
    private final Counter notices;
    private final Counter noticesFailed;

    PresenceMeters(MeterRegistry registry) {
        gauge(registry, "devices", "Devices of this node at addresses with a roster.", devices);
        gauge(registry, "rosters", "Rosters of addresses that this node owns, empty ones left out.", rosters);
        gauge(registry, "users", "Users in the rosters that this node owns, once for each roster.", users);
        gauge(registry, "largest", "Users in the largest roster that this node owns.", largest);
        String frames = "Presence frames as they were made; subscribers share them.";
        rosterFrames = counter(registry, "frames", frames, "kind", "roster");
        changeFrames = counter(registry, "frames", frames, "kind", "changes");
        String changes = "Users that came to a roster of this node, and that went from one.";
        came = counter(registry, "changes", changes, "change", "came");
        went = counter(registry, "changes", changes, "change", "went");
        ghosts = counter(registry, "ghosts", "Devices that an owner removed although nobody said that they left.");
        incomplete = counter(registry, "incomplete", "Rosters taken for whole although not every node had answered.");
        String told = "Joins and leaves told to a service.";
        notices = counter(registry, "notices", told, "result", "sent");
        noticesFailed = counter(registry, "notices", told, "result", "failed");
    }

    private static void gauge(MeterRegistry registry, String name, String description, AtomicInteger value) {
        Gauge.builder("hubbub.presence." + name, value, AtomicInteger::get)
                .description(description)
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description, String... labels) {
        return Counter.builder("hubbub.presence." + name)
                .description(description)
                .tags(labels)
                .register(registry);
    }

    void devices(int count) {
        devices.set(count);
    }

    /** Notes what the rosters of this node hold now. */
    void rosters(Collection<OwnedAddress> owned) {
        int count = 0;
        int inAll = 0;
        int inLargest = 0;
        for (OwnedAddress here : owned) {
            int size = here.roster.users();
            count += size > 0 ? 1 : 0;
            inAll += size;
            inLargest = Math.max(inLargest, size);
        }
        rosters.set(count);
        users.set(inAll);
        largest.set(inLargest);
    }

    /** Counts a user whose first device came to a roster. */
    void came() {
        came.increment();
    }

    /** Counts a user whose last device went from a roster. */
    void went() {
        went.increment();
    }

    /** Counts frames as they were made; subscribers share them. */
    void frame(PresenceNews.Kind kind) {
        (kind == PresenceNews.Kind.ROSTER ? rosterFrames : changeFrames).increment();
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
