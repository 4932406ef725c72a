package dev.hubbub.demo.trading;

import io.vertx.core.json.JsonArray;

/**
 * A new size of one price level.
 *
 * @param price in cents
 * @param size how many are offered or wanted there from now on; 0 takes the level away
 */
record BookChange(Side side, int price, int size) {
    BookChange {
        if (price < 1 || size < 0) {
            throw new IllegalArgumentException("no level: price " + price + ", size " + size);
        }
    }

    /** Which half of the book. */
    enum Side {
        BID,
        ASK
    }

    /** Returns {@code [price, size]}. */
    JsonArray toJson() {
        return JsonArray.of(price, size);
    }
}
