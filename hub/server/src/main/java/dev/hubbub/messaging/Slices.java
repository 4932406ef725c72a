package dev.hubbub.messaging;

import dev.hubbub.bus.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Looks for entries of a big map, {@value #SLICE} in a turn of the loop; what comes and goes between two turns does no
 * harm.
 */
final class Slices<V> {
    static final int SLICE = 2_000;

    private final EventLoop loop;
    private final NavigableMap<String, V> all;

    Slices(EventLoop loop, NavigableMap<String, V> all) {
        this.loop = loop;
        this.all = all;
    }

    /** Collects up to {@code limit} wanted entries behind a key, in the order of the map. */
    Future<List<V>> collect(Optional<String> after, Predicate<V> wanted, int limit) {
        Promise<List<V>> done = Promise.promise();
        look(after, wanted, limit, new ArrayList<>(), done);
        return done.future();
    }

    private void look(Optional<String> after, Predicate<V> wanted, int limit, List<V> found, Promise<List<V>> done) {
        int looked = 0;
        NavigableMap<String, V> rest = after.map(key -> all.tailMap(key, false)).orElse(all);
        for (Map.Entry<String, V> entry : rest.entrySet()) {
            if (wanted.test(entry.getValue())) {
                found.add(entry.getValue());
                if (found.size() >= limit) {
                    break;
                }
            }
            if (++looked >= SLICE) {
                Optional<String> next = Optional.of(entry.getKey());
                loop.soon(() -> look(next, wanted, limit, found, done));
                return;
            }
        }
        done.complete(found);
    }
}
