package dev.hubbub.demo.trading;

import dev.hubbub.demo.Answers;
import dev.hubbub.demo.DemoContext;
import dev.hubbub.demo.DemoException;
import dev.hubbub.demo.DemoHub;
import dev.hubbub.demo.DemoLogin;
import dev.hubbub.demo.DemoService;
import dev.hubbub.demo.Outbox;
import dev.hubbub.demo.Recent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The back end of the trading screen: a simulated market, snapshots of its books, and alerts.
 *
 * <p>The market moves ten times a second while somebody looks at prices or an alert waits, and stands still otherwise.
 * What a step made is published in one call, and the next step waits for its answer, so that deltas keep their order.
 */
public final class TradingService implements DemoService {
    private static final Logger log = LoggerFactory.getLogger(TradingService.class);
    private static final long STEP_MILLIS = 100;
    private static final long LOOK_MILLIS = 2_000;
    private static final int BOOKS = 100;
    private static final Map<String, String> PLANS = Map.of("tara", "depth", "felix", "free");

    private final Vertx vertx;
    private final DemoHub hub;
    private final DemoLogin login;
    /** Alerts that have fired: a lost price is followed by another, a lost alert is not. */
    private final Outbox outbox;

    private final MarketPlace place = new MarketPlace();
    /** Of each book, the position of the newest event that is safe. */
    private final Map<String, String> positions = Recent.map(BOOKS);

    private long lookedAt;
    private boolean isWatched;

    /** Creates it. */
    public TradingService(DemoContext context) {
        this.vertx = context.vertx();
        this.hub = context.hub();
        this.login = context.login();
        this.outbox = new Outbox(vertx, hub);
    }

    @Override
    public String name() {
        return "trading";
    }

    @Override
    public Optional<JsonObject> claims(String user, String space) {
        return Optional.ofNullable(PLANS.get(user))
                .map(plan -> new JsonObject()
                        .put("sub", user + "@" + space)
                        .put("name", Character.toUpperCase(user.charAt(0)) + user.substring(1))
                        .put("plan", plan));
    }

    @Override
    public void mount(Router router) {
        router.get("/:space/market").handler(Answers.json(ctx -> Future.succeededFuture(place.describe())));
        router.get("/:space/books/:symbol").handler(Answers.json(ctx -> Future.succeededFuture(book(ctx))));
        router.get("/:space/alerts").handler(Answers.json(ctx -> Future.succeededFuture(alerts(login.user(ctx)))));
        router.put("/:space/alerts/:id").handler(Answers.json(ctx -> Future.succeededFuture(set(ctx))));
        router.delete("/:space/alerts/:id").handler(Answers.json(ctx -> Future.succeededFuture(cancel(ctx))));
    }

    @Override
    public Future<Void> start() {
        step();
        return Future.succeededFuture();
    }

    private JsonObject book(RoutingContext ctx) {
        if (!"depth".equals(login.claims(ctx).getString("plan"))) {
            throw DemoException.denied("order books are part of the plan \"depth\"");
        }
        String symbol = ctx.pathParam("symbol");
        // Read first: events up to it are in the book, and later ones that are, too, are known by their version.
        Optional<String> position = Optional.ofNullable(positions.get(MarketPlace.book(symbol)));
        JsonObject book = place.market(symbol).book().toJson();
        position.ifPresent(safe -> book.put("position", safe));
        return book;
    }

    private JsonObject alerts(String user) {
        JsonArray waiting = new JsonArray();
        place.alerts().of(user).forEach(alert -> waiting.add(alert.toJson()));
        return new JsonObject().put("address", MarketPlace.alerts(user)).put("alerts", waiting);
    }

    private JsonObject set(RoutingContext ctx) {
        JsonObject body = Answers.body(ctx);
        String id = ctx.pathParam("id");
        if (!id.matches("[A-Za-z0-9._-]{1,64}")) {
            throw DemoException.badRequest("an alert's id is 1 to 64 characters of A-Z a-z 0-9 . _ -");
        }
        String symbol = Answers.text(body, "symbol", 8);
        int price = Answers.whole(body, "price");
        if (price < 1) {
            throw DemoException.badRequest("price: in cents, above 0");
        }
        int last = place.market(symbol).lastPrice();
        Alert.Direction direction = price >= last ? Alert.Direction.ABOVE : Alert.Direction.BELOW;
        Alert alert = new Alert(id, login.user(ctx), symbol, direction, price);
        return alert.toJson().put("waits", place.alerts().set(alert));
    }

    private JsonObject cancel(RoutingContext ctx) {
        place.alerts().cancel(login.user(ctx), ctx.pathParam("id"));
        return new JsonObject();
    }

    /** One step, if somebody looks, and then the next; a hub that is away is waited for. */
    private void step() {
        long began = System.nanoTime();
        look().compose(watched -> watched || !place.alerts().isEmpty() ? publish() : Future.succeededFuture())
                .onFailure(away -> log.info("market waits for the hub reason={}", away.getMessage()))
                .transform(ended -> {
                    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                    return vertx.timer(Math.max(1, STEP_MILLIS - took), TimeUnit.MILLISECONDS);
                })
                .onSuccess(waited -> step())
                .onFailure(closed -> log.debug("market is closed"));
    }

    private Future<Boolean> look() {
        long now = System.nanoTime();
        if (lookedAt != 0 && now - lookedAt < TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)) {
            return Future.succeededFuture(isWatched);
        }
        return Future.all(hub.counts(MarketPlace.TICKS), hub.counts(MarketPlace.DELAYED))
                .map(counts -> {
                    lookedAt = now;
                    isWatched = counts.<JsonObject>list().stream().anyMatch(each -> each.getInteger("subscribers") > 0);
                    return isWatched;
                });
    }

    private Future<Void> publish() {
        List<JsonObject> publishes = place.step(System.currentTimeMillis());
        for (JsonObject alert : place.fired()) {
            outbox.add(alert.getString("address"), alert.getJsonObject("event"))
                    .onFailure(refused -> log.warn("alert was not told reason={}", refused.getMessage()));
        }
        return hub.publishAll(publishes)
                .onSuccess(results -> {
                    for (int i = 0; i < publishes.size(); i++) {
                        String address = publishes.get(i).getString("address");
                        String position = results.getJsonObject(i).getString("position");
                        if (address.startsWith("market:book:") && position != null) {
                            positions.put(address, position);
                        }
                    }
                })
                .mapEmpty();
    }
}
