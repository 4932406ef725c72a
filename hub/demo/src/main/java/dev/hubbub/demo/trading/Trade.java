package dev.hubbub.demo.trading;

import dev.hubbub.demo.trading.BookChange.Side;
import io.vertx.core.json.JsonObject;

/**
 * What changed hands.
 *
 * @param number counts the trades of the symbol, from 1
 * @param price in cents
 * @param taken the side of the book that was taken from: an ask for somebody who buys
 */
record Trade(String symbol, long number, int price, int size, Side taken) {

    JsonObject toJson() {
        return new JsonObject()
                .put("symbol", symbol)
                .put("number", number)
                .put("price", price)
                .put("size", size)
                .put("side", taken == Side.ASK ? "buy" : "sell");
    }
}
