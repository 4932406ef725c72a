package dev.hubbub.cluster;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The housekeeping of the logs that one node keeps: which are there, what they take, which give way.
 *
 * <p>Goes round all of them, a bounded part each time; those that were appended to lately come first when memory is
 * short. Sizes are of the last visit. Confined to one event loop.
 */
final class LocalLogs {
    private static final int LOGS_PER_SWEEP = 300;
    private static final int SHEDS_PER_SWEEP = 50;

    private final long maxBytes;
    private final Map<String, Long> sizes = new HashMap<>();
    private final ArrayDeque<String> round = new ArrayDeque<>();
    private Set<String> touched = new LinkedHashSet<>();
    private Set<String> shedding = Set.of();
    private long bytes;
    private boolean sweeping;

    LocalLogs(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Takes note that a log has grown; at most so many are remembered as one sweep looks at. */
    void touched(String key) {
        if (touched.size() < LOGS_PER_SWEEP) {
            touched.add(key);
        }
    }

    boolean isSweeping() {
        return sweeping;
    }

    /** Tells whether the round is over, so that a new one has to begin. */
    boolean wantsKeys() {
        return round.isEmpty();
    }

    /** Begins a round; logs that are elsewhere by now count no more. */
    void keys(List<String> keys) {
        round.addAll(keys);
        Set<String> here = Set.copyOf(keys);
        for (String key : List.copyOf(sizes.keySet())) {
            if (!here.contains(key)) {
                size(key, 0);
            }
        }
    }

    /** Visits a part of the logs; {@code visit} gives what a log takes afterwards, 0 when it is gone. */
    Future<Void> sweep(Function<String, Future<Long>> visit) {
        sweeping = true;
        shedding = bytes > maxBytes ? biggest() : Set.of();
        Set<String> visited = new LinkedHashSet<>(shedding);
        visited.addAll(touched);
        touched = new LinkedHashSet<>();
        while (visited.size() < LOGS_PER_SWEEP && !round.isEmpty()) {
            visited.add(round.remove());
        }
        List<Future<Void>> visits = new ArrayList<>();
        for (String key : visited) {
            visits.add(visit.apply(key).onSuccess(left -> size(key, left)).mapEmpty());
        }
        return Future.join(visits).<Void>mapEmpty().onComplete(done -> sweeping = false);
    }

    private Set<String> biggest() {
        return Set.copyOf(sizes.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(SHEDS_PER_SWEEP)
                .map(Map.Entry::getKey)
                .toList());
    }

    boolean shallShed(String key) {
        return shedding.contains(key);
    }

    boolean isNearlyFull() {
        return bytes > maxBytes - maxBytes / 10;
    }

    private void size(String key, long now) {
        Long before = now == 0 ? sizes.remove(key) : sizes.put(key, now);
        bytes += now - (before == null ? 0 : before);
    }
}
