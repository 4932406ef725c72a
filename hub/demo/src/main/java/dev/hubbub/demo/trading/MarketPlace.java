package dev.hubbub.demo.trading;

import dev.hubbub.demo.DemoException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The markets of a few invented symbols and the alerts on them: pure, one step after the other.
 *
 * <p>Belongs to the event loop of the trading service.
 */
final class MarketPlace {
    static final long SEED = 42;
    /** Where the prices of all symbols are told as they are made. */
    static final String TICKS = "market:ticks";
    /** Where the same is told to those who pay nothing, more seldom. */
    static final String DELAYED = "market:delayed";

    private static final int CHECKSUM_EVERY = 10;
    private static final SortedMap<String, Integer> OPENINGS =
            new TreeMap<>(Map.of("ACME", 10_120, "BOLT", 4_875, "CRUX", 23_310, "DUNE", 1_640));

    private final Map<String, Market> markets = new LinkedHashMap<>();
    private final Alerts alerts = new Alerts();
    private long steps;

    MarketPlace() {
        OPENINGS.forEach((symbol, opening) -> markets.put(symbol, new Market(symbol, opening, SEED)));
    }

    /**
     * Lets all markets go on a little.
     *
     * @param nowMillis written into the ticks, so that who gets one knows how old it is
     * @return what is to be published: an address and an event each
     */
    List<JsonObject> step(long nowMillis) {
        steps++;
        List<JsonObject> publishes = new ArrayList<>();
        markets.forEach((symbol, market) -> {
            MarketStep step = market.step();
            publishes.add(publish(book(symbol), "market.book.delta", symbol, step.delta()));
            if (steps % CHECKSUM_EVERY == 0) {
                publishes.add(publish(book(symbol), "market.book.checksum", symbol, checksum(market.book())));
            }
            step.trades()
                    .forEach(trade ->
                            publishes.add(publish("market:trades:" + symbol, "market.trade", symbol, trade.toJson())));
            JsonObject tick = market.tick().put("at", nowMillis);
            publishes.add(publish(TICKS, "market.tick", symbol, tick));
            publishes.add(publish(DELAYED, "market.tick", symbol, tick));
        });
        return publishes;
    }

    private static JsonObject checksum(OrderBook book) {
        return new JsonObject().put("version", book.version()).put("checksum", book.checksum());
    }

    /**
     * Takes out the alerts that the prices have reached.
     *
     * @return what is to be published for good: the id is the alert's, however often it is published it is there once
     */
    List<JsonObject> fired() {
        List<JsonObject> publishes = new ArrayList<>();
        markets.forEach((symbol, market) -> {
            for (Alert alert : alerts.reachedBy(symbol, market.lastPrice())) {
                JsonObject payload = alert.toJson().put("reached", market.lastPrice());
                JsonObject publish = publish(alerts(alert.user()), "alert.triggered", alert.id(), payload);
                publish.getJsonObject("event").put("id", "fired." + alert.id());
                publishes.add(publish);
            }
        });
        return publishes;
    }

    private static JsonObject publish(String address, String type, String resourceId, JsonObject payload) {
        JsonObject event =
                new JsonObject().put("type", type).put("resourceId", resourceId).put("payload", payload);
        return new JsonObject().put("address", address).put("event", event);
    }

    static String book(String symbol) {
        return "market:book:" + symbol;
    }

    static String alerts(String user) {
        return "market:alerts:" + user;
    }

    Market market(String symbol) {
        Market market = markets.get(symbol);
        if (market == null) {
            throw DemoException.notFound("there is no such symbol");
        }
        return market;
    }

    Alerts alerts() {
        return alerts;
    }

    /** Returns what there is to look at. */
    JsonObject describe() {
        return new JsonObject().put("seed", SEED).put("symbols", new JsonArray(List.copyOf(markets.keySet())));
    }
}
