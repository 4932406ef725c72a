package dev.hubbub.replay;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Two stores under one roof: logs in one that lasts, current values in one that is always at hand.
 *
 * <p>When the lasting store is away, {@code latest} and {@code signal} go on.
 */
public final class KindStore implements ReplayStore {
    private final ReplayStore logs;
    private final ReplayStore values;

    /**
     * Joins two stores.
     *
     * @param logs for addresses of kind {@code log}
     * @param values for the other kinds
     */
    public KindStore(ReplayStore logs, ReplayStore values) {
        this.logs = logs;
        this.values = values;
    }

    private ReplayStore storeOf(LogPolicy policy) {
        return policy.kind() == DeliveryKind.LOG ? logs : values;
    }

    @Override
    public Future<List<AppendResult>> append(List<Append> events, Turn turn) {
        Map<ReplayStore, List<Integer>> byStore = new HashMap<>();
        for (int i = 0; i < events.size(); i++) {
            byStore.computeIfAbsent(storeOf(events.get(i).policy()), s -> new ArrayList<>())
                    .add(i);
        }
        if (byStore.size() == 1) {
            return byStore.keySet().iterator().next().append(events, turn);
        }
        AppendResult[] results = new AppendResult[events.size()];
        List<Future<List<AppendResult>>> parts = new ArrayList<>();
        byStore.forEach((store, places) -> {
            List<Append> part = places.stream().map(events::get).toList();
            parts.add(store.append(part, turn).onSuccess(done -> {
                for (int i = 0; i < places.size(); i++) {
                    results[places.get(i)] = done.get(i);
                }
            }));
        });
        return Future.join(parts).map(done -> List.of(results));
    }

    @Override
    public Future<Attached> attached(Address address, LogPolicy policy, Turn turn) {
        return storeOf(policy).attached(address, policy, turn);
    }

    @Override
    public Future<ReadResult> read(Address address, LogPolicy policy, ReadFrom from, ReadLimits limits, Turn turn) {
        return storeOf(policy).read(address, policy, from, limits, turn);
    }

    @Override
    public Future<Optional<LogInfo>> info(Address address) {
        return values.info(address)
                .compose(found -> found.isPresent() ? Future.succeededFuture(found) : logs.info(address));
    }

    @Override
    public Future<List<LogInfo>> list(String prefix, Optional<String> after, int limit) {
        return logs.list(prefix, after, limit)
                .compose(some -> values.list(prefix, after, limit).map(more -> {
                    List<LogInfo> all = new ArrayList<>(some);
                    all.addAll(more);
                    all.sort(Comparator.comparing(info -> info.address().value()));
                    return List.copyOf(all.subList(0, Math.min(limit, all.size())));
                }));
    }

    @Override
    public Future<Void> sweep(Replay.AddressFilter inUse, Turn turn) {
        return Future.join(logs.sweep(inUse, turn), values.sweep(inUse, turn)).mapEmpty();
    }

    @Override
    public void onDoubt(Runnable listener) {
        logs.onDoubt(listener);
        values.onDoubt(listener);
    }
}
