package dev.hubbub.demo.trading;

import dev.hubbub.demo.DemoException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The alerts that wait: each fires once, whether its owner is there or not.
 *
 * <p>At most {@value #EACH} of one user wait, and {@value #ALL} together; of those that have fired the last
 * {@value #REMEMBERED} ids are known, so that a late retry does not set one again. Belongs to one event loop.
 */
final class Alerts {
    static final int EACH = 20;
    static final int ALL = 1_000;
    static final int REMEMBERED = 1_000;

    private final Map<String, Alert> waiting = new LinkedHashMap<>();
    private final Set<String> fired = new LinkedHashSet<>();

    /**
     * Sets an alert; the same once more changes nothing, from whatever side its price is by now.
     *
     * @return whether it waits now; false for one that has fired already
     */
    boolean set(Alert alert) {
        String key = key(alert.user(), alert.id());
        if (fired.contains(key)) {
            return false;
        }
        Alert known = waiting.get(key);
        if (known != null) {
            if (!known.symbol().equals(alert.symbol()) || known.price() != alert.price()) {
                throw DemoException.conflict("this id is another alert", new JsonObject());
            }
            return true;
        }
        if (of(alert.user()).size() >= EACH || waiting.size() >= ALL) {
            throw DemoException.full("too many alerts wait; cancel one first");
        }
        waiting.put(key, alert);
        return true;
    }

    void cancel(String user, String id) {
        if (waiting.remove(key(user, id)) == null) {
            throw DemoException.notFound("no such alert waits");
        }
    }

    List<Alert> of(String user) {
        return waiting.values().stream()
                .filter(alert -> alert.user().equals(user))
                .toList();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Takes out those that a price has reached. */
    List<Alert> reachedBy(String symbol, int lastPrice) {
        List<Alert> reached = new ArrayList<>();
        for (Iterator<Alert> all = waiting.values().iterator(); all.hasNext(); ) {
            Alert alert = all.next();
            if (alert.symbol().equals(symbol) && alert.isReachedBy(lastPrice)) {
                all.remove();
                reached.add(alert);
                remember(key(alert.user(), alert.id()));
            }
        }
        return reached;
    }

    private void remember(String key) {
        fired.add(key);
        if (fired.size() > REMEMBERED) {
            fired.remove(fired.iterator().next());
        }
    }

    private static String key(String user, String id) {
        return user + "/" + id;
    }
}
