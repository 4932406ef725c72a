package dev.hubbub;

import dev.hubbub.config.ReplayConfig.Store;
import dev.hubbub.replay.SafeStore;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where logs are kept, and whether that place answered the last time; read from any thread.
 *
 * <p>A store in this process or in the cluster's memory is always there. Redis counts as up until an operation has
 * failed to reach it: nothing is connected before the first one.
 */
final class StoreWatch {
    private final Store store;
    private final MeterRegistry registry;
    private final AtomicBoolean up = new AtomicBoolean(true);

    StoreWatch(Store store, MeterRegistry registry) {
        this.store = store;
        this.registry = registry;
        Gauge.builder("hubbub.store.up", up, seen -> seen.get() ? 1 : 0)
                .description("1 while the store of logs answers.")
                .tag("store", name())
                .strongReference(true)
                .register(registry);
    }

    /** Counts what a replicated store does again, and gives up. */
    void count(SafeStore safe) {
        FunctionCounter.builder("hubbub.appends.repeated", safe, SafeStore::repeats)
                .description("Appends done again because they could not be called safe.")
                .register(registry);
        FunctionCounter.builder("hubbub.appends.unknown", safe, SafeStore::unknown)
                .description("Appends given up: they may or may not be in the log.")
                .register(registry);
    }

    /** Takes what the last operation found. */
    void seen(boolean isUp) {
        up.set(isUp);
    }

    /** Returns the store as the config writes it. */
    String name() {
        return store.name().toLowerCase(Locale.ROOT);
    }

    boolean isUp() {
        return up.get();
    }
}
