package dev.hubbub.demo.trading;

import io.vertx.core.json.JsonObject;

/**
 * A wish to be told once when a price gets somewhere.
 *
 * @param id given by who set it, the same for every retry
 * @param price in cents
 */
record Alert(String id, String user, String symbol, Direction direction, int price) {

    /** From which side the price has to come. */
    enum Direction {
        ABOVE,
        BELOW
    }

    boolean isReachedBy(int lastPrice) {
        return direction == Direction.ABOVE ? lastPrice >= price : lastPrice <= price;
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("id", id)
                .put("symbol", symbol)
                .put("direction", direction == Direction.ABOVE ? "above" : "below")
                .put("price", price);
    }
}
