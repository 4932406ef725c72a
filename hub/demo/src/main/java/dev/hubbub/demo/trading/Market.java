package dev.hubbub.demo.trading;

import dev.hubbub.demo.trading.BookChange.Side;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The simulated market of one symbol: the same seed makes the same market, step by step.
 *
 * <p>A fair price wanders and is drawn back to where it opened. Bids stay below it and asks above: those that it runs
 * over are traded. Levels further than {@value #WIDTH} cents from it are given up, so a book never has more than that
 * on a side. Pure; belongs to the event loop of the trading service.
 */
final class Market {
    private static final int WIDTH = 24;
    private static final int FEWEST = 12;
    private static final double RESTLESS = 0.7;
    private static final double DRAWN_BACK = 0.002;

    private final String symbol;
    private final int opening;
    private final SplittableRandom random;
    private final OrderBook book = new OrderBook();
    private double fair;
    private int last;
    private long trades;
    private long volume;

    /**
     * Opens a market.
     *
     * @param opening the price at which it opens, in cents
     */
    Market(String symbol, int opening, long seed) {
        this.symbol = symbol;
        this.opening = opening;
        this.random = new SplittableRandom(seed ^ symbol.hashCode());
        this.fair = opening;
        this.last = opening;
        Map<List<Object>, BookChange> first = new LinkedHashMap<>();
        restock(Side.BID, opening, first);
        restock(Side.ASK, opening, first);
        book.apply(List.copyOf(first.values()));
    }

    /** Lets the market go on a little. */
    MarketStep step() {
        double pull = (opening - fair) * DRAWN_BACK;
        fair = Math.max(WIDTH + 1.0, fair + pull + random.nextDouble(-RESTLESS, RESTLESS));
        int center = (int) Math.round(fair);
        Map<List<Object>, BookChange> changes = new LinkedHashMap<>();
        List<Trade> done = new ArrayList<>();
        for (Side side : Side.values()) {
            runOver(side, center, changes, done);
            restock(side, center, changes);
        }
        long from = book.version();
        List<BookChange> delta = List.copyOf(changes.values());
        book.apply(delta);
        return new MarketStep(symbol, from, book.version(), delta, done);
    }

    /** Trades the levels that the price has reached, now and then a part of the best one, and gives up the far ones. */
    private void runOver(Side side, int center, Map<List<Object>, BookChange> changes, List<Trade> done) {
        boolean nibbles = random.nextInt(4) == 0;
        for (Map.Entry<Integer, Integer> level : book.levels(side).entrySet()) {
            int away = side == Side.BID ? center - level.getKey() : level.getKey() - center;
            if (away <= 0) {
                done.add(trade(side, level.getKey(), level.getValue()));
                set(changes, new BookChange(side, level.getKey(), 0));
            } else if (nibbles && level.getValue() > 1) {
                nibbles = false;
                int size = 1 + random.nextInt(level.getValue() - 1);
                done.add(trade(side, level.getKey(), size));
                set(changes, new BookChange(side, level.getKey(), level.getValue() - size));
            } else if (away > WIDTH) {
                set(changes, new BookChange(side, level.getKey(), 0));
            }
        }
    }

    private void restock(Side side, int center, Map<List<Object>, BookChange> changes) {
        int wanted = Math.max(1 + random.nextInt(2), FEWEST - book.levels(side).size());
        for (int i = 0; i < wanted; i++) {
            int away = 1 + random.nextInt(WIDTH / 2);
            int price = side == Side.BID ? center - away : center + away;
            set(changes, new BookChange(side, price, 5 * (1 + random.nextInt(40))));
        }
    }

    private static void set(Map<List<Object>, BookChange> changes, BookChange change) {
        changes.put(List.of(change.side(), change.price()), change);
    }

    private Trade trade(Side side, int price, int size) {
        last = price;
        volume += size;
        return new Trade(symbol, ++trades, price, size, side);
    }

    OrderBook book() {
        return book;
    }

    int lastPrice() {
        return last;
    }

    /** Returns the tick as it is published: the last price and what is around it. */
    JsonObject tick() {
        return new JsonObject()
                .put("symbol", symbol)
                .put("price", last)
                .put("opening", opening)
                .put("bid", book.best(Side.BID))
                .put("ask", book.best(Side.ASK))
                .put("volume", volume);
    }
}
