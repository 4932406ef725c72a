package dev.hubbub.messaging;

import dev.hubbub.config.LimitsConfig;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node holds for its clients, and whether it may take on more.
 *
 * <p>The budget is {@code limits.memory}, or {@value #HEAP_PERCENT} % of the heap. Above it, or when more than
 * {@value #HEAP_FULL_PERCENT} % of the heap is still in use after a collection, the node is full: it refuses new
 * connections, publishes to logs and subscriptions that need a log, and closes the clients that have most to read,
 * until it is clearly below again. What the logs themselves take has a bound of its own.
 *
 * <p>Counting is safe from every thread and costs one addition. {@link #look} decides; it is called every
 * {@value #LOOK_MILLIS} ms on one context, so what comes between two looks may pass the budget by that much.
 */
public final class NodeMemory {
    /** Between two looks. */
    static final long LOOK_MILLIS = 250;

    static final int HEAP_PERCENT = 40;
    static final int HEAP_FULL_PERCENT = 85;
    private static final int HEAP_FREE_PERCENT = 75;
    private static final int FREE_PERCENT = 90;
    /** Unsent bytes may always be one part in so many of the budget. */
    private static final int UNSENT_SHARE = 4;

    private static final long COLLECT_MILLIS = 30_000;
    private static final long FIRST_RETRY_MILLIS = 1_000;
    private static final int RETRIES = 200;
    private static final long RETRY_STEP_MILLIS = 10;
    private static final long MIB = 1024L * 1024;
    private static final Logger log = LoggerFactory.getLogger(NodeMemory.class);

    /** What memory is held for. */
    public enum Use {
        /** Bytes that clients have not read yet. */
        UNSENT,
        /** Recent events in front of the logs. */
        TAILS,
        /** Current values in front of the logs. */
        VALUES,
        /** Publishes that have no answer yet. */
        PUBLISHES
    }

    private final Supplier<LimitsConfig> limits;
    private final Heap heap;
    private final Map<Use, LongAdder> held = new EnumMap<>(Use.class);
    private final AtomicLong refusals = new AtomicLong();
    private volatile boolean full;
    private volatile long excess;
    private boolean heapFull;
    private long collectedAtMillis;

    /**
     * Creates the memory of a node, empty.
     *
     * @param limits read at each look, so a reload holds at once
     */
    public NodeMemory(Supplier<LimitsConfig> limits, Heap heap, MeterRegistry registry) {
        this.limits = limits;
        this.heap = heap;
        for (Use use : Use.values()) {
            held.put(use, new LongAdder());
            Gauge.builder("hubbub.memory.held", this, memory -> memory.held(use))
                    .description("What the node holds for its clients, in bytes.")
                    .baseUnit("bytes")
                    .tag("use", use.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        Gauge.builder("hubbub.memory.budget", this, NodeMemory::budget)
                .description("What the node may hold for its clients, in bytes.")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("hubbub.memory.full", this, memory -> memory.isFull() ? 1 : 0)
                .description("1 while the node refuses new work because of its memory.")
                .register(registry);
    }

    /** Counts bytes in, or out when negative. */
    public void add(Use use, long bytes) {
        LongAdder counter = held.get(use);
        if (counter != null && bytes != 0) {
            counter.add(bytes);
        }
    }

    /** Returns what is held for one use, in bytes. */
    public long held(Use use) {
        LongAdder counter = held.get(use);
        return counter == null ? 0 : counter.sum();
    }

    private long held() {
        return held.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Returns what may be held, in bytes. */
    public long budget() {
        return limits.get().node().memoryBytes().orElse(heap.maxBytes() / 100 * HEAP_PERCENT);
    }

    /** Tells whether new work is refused. */
    public boolean isFull() {
        return full;
    }

    /** Returns how many unsent bytes have to go, at least; 0 unless the node is full. */
    long excess() {
        return excess;
    }

    /** Throws {@code UNAVAILABLE} with a wait, another for each, while the node is full. */
    void requireRoom() {
        if (full) {
            long wait = FIRST_RETRY_MILLIS + refusals.incrementAndGet() % RETRIES * RETRY_STEP_MILLIS;
            throw new HubException(
                    ErrorCode.UNAVAILABLE,
                    "this node holds as much in memory as it may; come again in a while",
                    new JsonObject().put("retryAfterMillis", wait));
        }
    }

    /** Decides anew, and says so in the log when it changes. */
    void look(long nowMillis) {
        long budget = budget();
        long now = held();
        int percent = heap.percentAfterCollection();
        heapFull = percent > (heapFull ? HEAP_FREE_PERCENT : HEAP_FULL_PERCENT);
        long free = budget / 100 * FREE_PERCENT;
        boolean over = now > (full ? free : budget);
        // Clients that read slowly have their share, whatever else fills the node: closing them would not help.
        long tooMuchUnsent = Math.max(0, held(Use.UNSENT) - budget / UNSENT_SHARE);
        long byBudget = over ? Math.min(tooMuchUnsent, now - free) : 0;
        excess = Math.max(byBudget, heapFull ? Math.max(1, budget / 10) : 0);
        boolean before = full;
        full = over || heapFull;
        if (full && !before) {
            log.warn(
                    "memory full, new work is refused heldMiB={} budgetMiB={} heapPercent={} unsentMiB={}",
                    now / MIB,
                    budget / MIB,
                    percent,
                    held(Use.UNSENT) / MIB);
        } else if (before && !full) {
            log.info("memory free again heldMiB={} budgetMiB={} heapPercent={}", now / MIB, budget / MIB, percent);
        }
        collectIfStale(nowMillis, before);
    }

    /** A node that refuses work allocates little: without a collection it would never see that its heap is free. */
    private void collectIfStale(long nowMillis, boolean before) {
        if (!heapFull || !before) {
            collectedAtMillis = nowMillis;
        } else if (nowMillis - collectedAtMillis >= COLLECT_MILLIS) {
            collectedAtMillis = nowMillis;
            heap.collect();
        }
    }

    /** Returns what operators see. */
    public JsonObject details() {
        JsonObject details = new JsonObject()
                .put("heldBytes", held())
                .put("budgetBytes", budget())
                .put("full", full);
        for (Use use : Use.values()) {
            details.put(use.name().toLowerCase(Locale.ROOT) + "Bytes", held(use));
        }
        if (full) {
            details.put(
                    "why",
                    "the node holds more than limits.memory, or its heap is nearly full: new connections and publishes to"
                            + " logs are refused until clients have read; a larger heap or fewer slow clients help");
        }
        return details;
    }

    /** The heap, as far as it matters here. */
    public interface Heap {
        /** Returns the size to which it may grow, in bytes. */
        long maxBytes();

        /** Returns how much of the long-lived part was in use after its last collection, in percent. */
        int percentAfterCollection();

        /** Collects garbage now; stops the process for as long as that takes. */
        void collect();
    }
}
