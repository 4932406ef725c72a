package dev.hubbub;

import dev.hubbub.config.ReplayConfig.Store;
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
    private final AtomicBoolean up = new AtomicBoolean(true);

    StoreWatch(Store store, MeterRegistry registry) {
        this.store = store;
        Gauge.builder("hubbub.store.up", up, seen -> seen.get() ? 1 : 0)
                .description("1 while the store of logs answers.")
                .tag("store", name())
                .strongReference(true)
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
