package dev.hubbub.demo.orders;

import dev.hubbub.demo.DemoException;
import dev.hubbub.demo.DemoHub;
import dev.hubbub.demo.Turns;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The orders of one company.
 *
 * <p>At most {@value #MOST} of a region; then the oldest one that was delivered is hidden, which is told like any other
 * change. Every change is published first, and taken in when it is safe.
 */
final class OrdersSpace {
    private static final long SEED = 11;
    private static final int MOST = 12;
    private static final List<String> STATUSES = List.of("new", "picked", "shipped", "delivered");
    private static final List<String> ITEMS = List.of("desk lamp", "oak shelf", "tea set", "wool rug", "bicycle bell");

    /** An order; only status, version and being hidden ever change. */
    static final class Order {
        private final String id;
        private final String region;
        private final String item;
        private final int price;
        private int status;
        private int version = 1;

        Order(String id, String region, String item, int price) {
            this.id = id;
            this.region = region;
            this.item = item;
            this.price = price;
        }

        String region() {
            return region;
        }

        private JsonObject json() {
            return new JsonObject()
                    .put("order", id)
                    .put("item", item)
                    .put("status", STATUSES.get(status))
                    .put("version", version);
        }
    }

    private final String space;
    private final DemoHub hub;
    private final Random random = new Random(SEED);
    private final Map<String, Order> orders = new LinkedHashMap<>();
    private final OrdersService.Roles roles = new OrdersService.Roles();
    private final Turns turns = new Turns();
    private int count;
    private Future<?> begun = Future.succeededFuture();

    OrdersSpace(String space, DemoHub hub) {
        this.space = space;
        this.hub = hub;
        for (int i = 0; i < 8; i++) {
            begun = create(OrdersService.REGIONS.get(i % 2));
        }
    }

    boolean withoutRole(String user) {
        return roles.isRevoked(user);
    }

    void role(String user, boolean isRevoked) {
        roles.set(user, isRevoked);
    }

    Order order(String id) {
        Order found = orders.get(id);
        if (found == null) {
            throw DemoException.notFound("there is no order " + id);
        }
        return found;
    }

    /** Returns the orders of a region, with the position after which events tell more; prices for who may see them. */
    Future<JsonObject> snapshot(String region, boolean prices) {
        return begun.compose(ready -> hub.counts(address(region))).map(counts -> {
            JsonArray all = new JsonArray();
            of(region).forEach(order -> {
                JsonObject json = order.json();
                all.add(prices ? json.put("price", order.price) : json);
            });
            return new JsonObject().put("position", counts.getString("last")).put("orders", all);
        });
    }

    /** The simulated shop takes an order. */
    Future<JsonObject> create(String region) {
        String id = region.toUpperCase(java.util.Locale.ROOT) + "-" + (100 + ++count);
        Order order = new Order(id, region, ITEMS.get(random.nextInt(ITEMS.size())), 20 + random.nextInt(400));
        return turns.next(() -> {
            JsonObject price =
                    event("order.priced", order, 1).put("payload", new JsonObject().put("price", order.price));
            JsonObject created = event("order.created", order, 1).put("payload", order.json());
            return hub.publish(address(region) + ":prices", price)
                    .compose(safe -> hub.publish(address(region), created))
                    .onSuccess(safe -> orders.put(id, order))
                    .compose(safe -> hideOldest(region))
                    .compose(hidden -> totals(region))
                    .map(told -> order.json());
        });
    }

    /** Moves an order to its next status; fails with 409 when it has changed since, or is delivered. */
    Future<JsonObject> advance(Order order, int version, String id, JsonObject claims) {
        return turns.next(() -> {
            if (version != order.version + 1 || order.status == STATUSES.size() - 1) {
                return Future.failedFuture(DemoException.conflict(
                        "somebody else was faster", new JsonObject().put("currentVersion", order.version)));
            }
            JsonObject event = event("order.status.changed", order, version)
                    .put("id", id)
                    .put("actorId", claims.getString("sub"))
                    .put("payload", new JsonObject().put("status", STATUSES.get(order.status + 1)));
            return hub.publish(address(order.region), event)
                    .onSuccess(safe -> {
                        order.status++;
                        order.version = version;
                    })
                    .compose(safe -> totals(order.region).map(safe));
        });
    }

    private Future<JsonObject> hideOldest(String region) {
        List<Order> all = of(region);
        if (all.size() <= MOST) {
            return Future.succeededFuture(new JsonObject());
        }
        Order oldest = all.get(0);
        JsonObject hidden = event("order.hidden", oldest, oldest.version + 1).put("payload", new JsonObject());
        return hub.publish(address(region), hidden).onSuccess(safe -> orders.remove(oldest.id));
    }

    /** Tells how many orders have which status: of these only the newest matters. */
    private Future<JsonObject> totals(String region) {
        JsonObject counts = new JsonObject();
        STATUSES.forEach(status -> counts.put(status, 0));
        of(region)
                .forEach(order ->
                        counts.put(STATUSES.get(order.status), counts.getInteger(STATUSES.get(order.status)) + 1));
        return hub.publish(
                "orders-totals:" + space + ":" + region,
                new JsonObject()
                        .put("type", "orders.counted")
                        .put("resourceId", region)
                        .put("payload", counts));
    }

    private List<Order> of(String region) {
        return new ArrayList<>(orders.values())
                .stream().filter(order -> order.region.equals(region)).toList();
    }

    private String address(String region) {
        return "orders:" + space + ":" + region;
    }

    private static JsonObject event(String type, Order order, int version) {
        return new JsonObject().put("type", type).put("resourceId", order.id).put("resourceVersion", version);
    }
}
