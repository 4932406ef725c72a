package dev.hubbub.demo.orders;

import dev.hubbub.demo.Answers;
import dev.hubbub.demo.DemoContext;
import dev.hubbub.demo.DemoException;
import dev.hubbub.demo.DemoService;
import dev.hubbub.demo.Spaces;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The back end of the orders: it owns who has which role, and every order.
 *
 * <p>Each region is an address, and so are its prices: the hub's rules look at the claims, and what somebody may not
 * see is never sent. A role that is taken away ends the tokens that carry it; the next token is without it.
 */
public final class OrdersService implements DemoService {
    static final List<String> REGIONS = List.of("eu", "mena");

    /** What people may see: their regions, and whether they see prices. */
    private record Person(String name, String role, List<String> regions, List<String> scopes, boolean writes) {}

    private static final Map<String, Person> PEOPLE = Map.of(
            "eva", new Person("Eva", "manager", List.of("eu"), List.of("price:read"), true),
            "samir", new Person("Samir", "clerk", List.of("mena"), List.of(), true),
            "audra", new Person("Audra", "auditor", REGIONS, List.of("price:read"), false));

    private final DemoContext context;
    private final Spaces<OrdersSpace> spaces;

    /** Creates it. */
    public OrdersService(DemoContext context) {
        this.context = context;
        this.spaces = new Spaces<>(space -> new OrdersSpace(space, context.hub()));
    }

    @Override
    public String name() {
        return "orders";
    }

    @Override
    public Optional<JsonObject> claims(String user, String space) {
        return Optional.ofNullable(PEOPLE.get(user))
                .map(person -> new JsonObject()
                        .put("sub", user + "@" + space)
                        .put("name", person.name())
                        .put("org", space)
                        .put("role", person.role())
                        .put(
                                "regions",
                                new JsonArray(spaces.get(space).withoutRole(user) ? List.of() : person.regions()))
                        .put("scopes", new JsonArray(person.scopes()))
                        .put("writes", person.writes()));
    }

    @Override
    public void mount(Router router) {
        router.get("/:space/:region").handler(Answers.json(this::snapshot));
        router.post("/:space/advance").handler(Answers.json(this::advance));
        router.post("/:space/order").handler(Answers.json(this::order));
        router.post("/:space/role").handler(Answers.json(this::role));
    }

    private Future<JsonObject> snapshot(RoutingContext ctx) {
        String region = ctx.pathParam("region");
        JsonObject claims = mustSee(ctx, region);
        boolean prices = claims.getJsonArray("scopes").contains("price:read");
        return spaces.get(claims.getString("org")).snapshot(region, prices);
    }

    private Future<JsonObject> advance(RoutingContext ctx) {
        JsonObject body = Answers.body(ctx);
        OrdersSpace.Order order = space(ctx).order(Answers.text(body, "order", 20));
        JsonObject claims = mustWrite(ctx, order.region());
        return space(ctx).advance(order, Answers.whole(body, "version"), Answers.text(body, "id", 100), claims);
    }

    private Future<JsonObject> order(RoutingContext ctx) {
        String region = Answers.text(Answers.body(ctx), "region", 10);
        if (!REGIONS.contains(region)) {
            throw DemoException.badRequest("region: one of " + REGIONS);
        }
        return space(ctx).create(region);
    }

    /** Takes a person's regions away, or gives them back; sessions with the old token end within the second. */
    private Future<JsonObject> role(RoutingContext ctx) {
        JsonObject body = Answers.body(ctx);
        String user = Answers.text(body, "user", 20);
        space(ctx).role(user, body.getBoolean("revoked", true));
        String sub = user + "@" + ctx.pathParam("space");
        return context.hub()
                .revoke(sub, context.login().endTokensOf(sub))
                .map(closed -> new JsonObject().put("closed", closed));
    }

    private OrdersSpace space(RoutingContext ctx) {
        return spaces.get(ctx.pathParam("space"));
    }

    private JsonObject mustSee(RoutingContext ctx, String region) {
        JsonObject claims = context.login().claims(ctx);
        if (!claims.getString("org").equals(ctx.pathParam("space"))
                || !claims.getJsonArray("regions").contains(region)) {
            throw new DemoException(403, "access_denied", "orders of " + region + " are not for your role");
        }
        return claims;
    }

    private JsonObject mustWrite(RoutingContext ctx, String region) {
        JsonObject claims = mustSee(ctx, region);
        if (!claims.getBoolean("writes")) {
            throw new DemoException(403, "access_denied", "an auditor looks, and changes nothing");
        }
        return claims;
    }

    /** Who has lost a role in a space. */
    static final class Roles {
        private final Set<String> revoked = new HashSet<>();

        void set(String user, boolean isRevoked) {
            if (!PEOPLE.containsKey(user)) {
                throw DemoException.notFound("there is no \"" + user + "\"");
            }
            if (isRevoked) {
                revoked.add(user);
            } else {
                revoked.remove(user);
            }
        }

        boolean isRevoked(String user) {
            return revoked.contains(user);
        }
    }
}
