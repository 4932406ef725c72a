package dev.hubbub.demo.trading;

import dev.hubbub.demo.trading.BookChange.Side;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What one step of a market changed.
 *
 * @param from the version of the book before
 * @param to the version of the book after it
 */
record MarketStep(String symbol, long from, long to, List<BookChange> changes, List<Trade> trades) {

    /** Returns the delta as it is published. */
    JsonObject delta() {
        return new JsonObject()
                .put("symbol", symbol)
                .put("from", from)
                .put("to", to)
                .put("bids", side(Side.BID))
                .put("asks", side(Side.ASK));
    }

    private JsonArray side(Side side) {
        JsonArray all = new JsonArray();
        changes.stream().filter(change -> change.side() == side).forEach(change -> all.add(change.toJson()));
        return all;
    }
}
