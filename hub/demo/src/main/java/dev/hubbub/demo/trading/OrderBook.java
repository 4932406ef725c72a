package dev.hubbub.demo.trading;

import dev.hubbub.demo.trading.BookChange.Side;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map.Entry;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * What is wanted and offered of one symbol, level by level, best first.
 *
 * <p>Its version counts the deltas that made it. The checksum is over the best {@value #CHECKED} levels of both sides,
 * as exchanges do it: who applied every delta has the same.
 */
final class OrderBook {
    static final int CHECKED = 10;

    private final NavigableMap<Integer, Integer> bids = new TreeMap<>(Comparator.reverseOrder());
    private final NavigableMap<Integer, Integer> asks = new TreeMap<>();
    private long version;

    /** Takes one delta in: its changes become visible together, under the next version. */
    void apply(List<BookChange> delta) {
        for (BookChange change : delta) {
            if (change.size() == 0) {
                levels(change.side()).remove(change.price());
            } else {
                levels(change.side()).put(change.price(), change.size());
            }
        }
        version++;
    }

    NavigableMap<Integer, Integer> levels(Side side) {
        return side == Side.BID ? bids : asks;
    }

    int best(Side side) {
        return levels(side).firstKey();
    }

    long version() {
        return version;
    }

    /**
     * Returns the CRC-32 of {@code price:size} of the best bid, the best ask, the second bid, …, with {@code |}
     * between; a level that is not there is left out.
     */
    long checksum() {
        StringBuilder text = new StringBuilder();
        Iterator<Entry<Integer, Integer>> bid = bids.entrySet().iterator();
        Iterator<Entry<Integer, Integer>> ask = asks.entrySet().iterator();
        for (int level = 0; level < CHECKED; level++) {
            write(bid, text);
            write(ask, text);
        }
        CRC32 crc = new CRC32();
        crc.update(text.toString().getBytes(StandardCharsets.US_ASCII));
        return crc.getValue();
    }

    private static void write(Iterator<Entry<Integer, Integer>> levels, StringBuilder text) {
        if (levels.hasNext()) {
            Entry<Integer, Integer> level = levels.next();
            text.append(text.isEmpty() ? "" : "|")
                    .append(level.getKey())
                    .append(':')
                    .append(level.getValue());
        }
    }

    /** Returns the whole book. */
    JsonObject toJson() {
        return new JsonObject()
                .put("version", version)
                .put("checksum", checksum())
                .put("bids", json(bids))
                .put("asks", json(asks));
    }

    private static JsonArray json(NavigableMap<Integer, Integer> levels) {
        JsonArray all = new JsonArray();
        levels.forEach((price, size) -> all.add(JsonArray.of(price, size)));
        return all;
    }
}
