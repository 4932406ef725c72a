package dev.hubbub.replay;

import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** Takes what was remembered longest out of a log's windows. */
final class Shedding {
    private Shedding() {}

    /**
     * Removes the oldest entries until one's event is retained, or {@code atMost} are gone.
     *
     * @param window oldest entry first
     * @param offset the offset of an entry's event
     * @param removed is told the key of each that goes
     */
    static <V> void shed(
            Map<String, V> window,
            ToLongFunction<V> offset,
            long oldestRetained,
            int atMost,
            Consumer<String> removed) {
        Iterator<Map.Entry<String, V>> oldest = window.entrySet().iterator();
        for (int shed = 0; shed < atMost && oldest.hasNext(); shed++) {
            Map.Entry<String, V> entry = oldest.next();
            if (offset.applyAsLong(entry.getValue()) >= oldestRetained) {
                return;
            }
            oldest.remove();
            removed.accept(entry.getKey());
        }
    }
}
