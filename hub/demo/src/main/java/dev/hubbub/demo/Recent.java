package dev.hubbub.demo;

import java.util.LinkedHashMap;
import java.util.Map;

/** Maps that forget: the entry that was used longest ago makes way for a new one. */
public final class Recent {
    private Recent() {}

    /** Returns an empty map of at most so many entries; for one thread. */
    public static <K, V> Map<K, V> map(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }
}
