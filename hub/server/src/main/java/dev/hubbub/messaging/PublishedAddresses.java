package dev.hubbub.messaging;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What publishers gave one event loop, by address; confined to the loop.
 *
 * <p>Holds the {@value #MOST} addresses that were published to last; of older ones it forgets the count.
 */
final class PublishedAddresses {
    static final int MOST = 10_000;

    private final Map<String, Published> byAddress = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Published> eldest) {
            return size() > MOST;
        }
    };

    /** Counts one event. */
    void count(String address, long nowMillis) {
        Published published = byAddress.computeIfAbsent(address, first -> new Published());
        published.events++;
        published.rate.count(1, nowMillis);
    }

    /** Returns what was published to an address; nothing when that is not known any more. */
    AddressLoad load(String address, long nowMillis) {
        return byAddress.getOrDefault(address, NOTHING).load(address, nowMillis);
    }

    /** Copies the addresses. */
    List<String> addresses() {
        return List.copyOf(byAddress.keySet());
    }

    private static final Published NOTHING = new Published();

    private static final class Published {
        private final PerSecond rate = new PerSecond();
        private long events;

        private AddressLoad load(String address, long nowMillis) {
            return new AddressLoad(address, 0, rate.at(nowMillis), 0, new AddressLoad.Counts(events, 0, 0, 0, 0));
        }
    }
}
