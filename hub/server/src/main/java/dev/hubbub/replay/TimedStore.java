package dev.hubbub.replay;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.telemetry.Histograms;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A store whose appends are timed, from the owner's call until everything in it is as safe as the store promises.
 *
 * <p>One call holds what one question brought for an address. Signals, which are kept nowhere, are not timed.
 */
public final class TimedStore implements ReplayStore {
    private final ReplayStore store;
    private final Timer appended;
    private final Timer failed;

    /** Times {@code store}, which is called {@code name} in the config. */
    public TimedStore(ReplayStore store, String name, MeterRegistry registry) {
        this.store = store;
        this.appended = timer(registry, name, "ok");
        this.failed = timer(registry, name, "failed");
    }

    private static Timer timer(MeterRegistry registry, String name, String result) {
        return Histograms.latency(
                registry,
                "hubbub.append",
                "From an owner's call of its store until the events are safe, or it is known that they may not be.",
                "store",
                name,
                "result",
                result);
    }

    @Override
    public Future<List<AppendResult>> append(List<Append> events, Turn turn) {
        return timed(events, System.nanoTime(), store.append(events, turn));
    }

    @Override
    public Future<List<AppendResult>> appendAgain(List<Append> events, Turn turn) {
        return timed(events, System.nanoTime(), store.appendAgain(events, turn));
    }

    private Future<List<AppendResult>> timed(List<Append> events, long begunNanos, Future<List<AppendResult>> append) {
        if (events.stream().allMatch(wish -> wish.policy().kind() == DeliveryKind.SIGNAL)) {
            return append;
        }
        return append.onComplete(done ->
                (done.succeeded() ? appended : failed).record(System.nanoTime() - begunNanos, TimeUnit.NANOSECONDS));
    }

    @Override
    public Future<Attached> attached(Address address, LogPolicy policy, Turn turn) {
        return store.attached(address, policy, turn);
    }

    @Override
    public Future<ReadResult> read(Address address, LogPolicy policy, ReadFrom from, ReadLimits limits, Turn turn) {
        return store.read(address, policy, from, limits, turn);
    }

    @Override
    public Future<Optional<LogInfo>> info(Address address) {
        return store.info(address);
    }

    @Override
    public Future<List<LogInfo>> list(String prefix, Optional<String> after, int limit) {
        return store.list(prefix, after, limit);
    }

    @Override
    public Future<Void> sweep(Replay.AddressFilter inUse, Turn turn) {
        return store.sweep(inUse, turn);
    }

    @Override
    public void onDoubt(Runnable listener) {
        store.onDoubt(listener);
    }
}
