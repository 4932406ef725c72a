package dev.hubbub.demo.inbox;

import dev.hubbub.demo.Answers;
import dev.hubbub.demo.DemoContext;
import dev.hubbub.demo.DemoException;
import dev.hubbub.demo.DemoLogin;
import dev.hubbub.demo.DemoService;
import dev.hubbub.demo.Spaces;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The back end of the inbox. It owns who has a conversation and how a booking stands; messages it leaves to the hub.
 *
 * <p>Agents publish their replies themselves, since a rule and a contract say all there is to check. Assigning and
 * confirming come here, because they depend on what the state is: a change names the version that it makes, and one
 * that is not the next is refused.
 */
public final class InboxService implements DemoService {
    private static final Map<String, JsonArray> SCOPES =
            Map.of("sarah", JsonArray.of("billing:read", "note:read"), "omar", new JsonArray());
    private static final List<String> STATUSES = List.of("requested", "confirmed", "cancelled");

    private final DemoLogin login;
    private final Spaces<InboxSpace> spaces;

    /** Creates it. */
    public InboxService(DemoContext context) {
        this.login = context.login();
        this.spaces = new Spaces<>(space -> new InboxSpace(space, context.hub()));
    }

    @Override
    public String name() {
        return "inbox";
    }

    @Override
    public Optional<JsonObject> claims(String user, String space) {
        return Optional.ofNullable(SCOPES.get(user))
                .map(scopes -> new JsonObject()
                        .put("sub", user + "@" + space)
                        .put("name", user.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + user.substring(1))
                        .put("org", space)
                        .put("role", "agent")
                        .put("scopes", scopes));
    }

    @Override
    public void mount(Router router) {
        router.get("/:space").handler(Answers.json(ctx -> space(ctx).snapshot()));
        router.post("/:space/assign").handler(Answers.json(this::assign));
        router.post("/:space/booking").handler(Answers.json(this::book));
        router.post("/:space/customer").handler(Answers.json(this::customerWrites));
    }

    private InboxSpace space(RoutingContext ctx) {
        return spaces.get(ctx.pathParam("space"));
    }

    private Future<JsonObject> assign(RoutingContext ctx) {
        JsonObject body = Answers.body(ctx);
        JsonObject change = new JsonObject().put("assignee", Answers.text(body, "assignee", 60));
        return space(ctx).change(login.user(ctx), "conversation.assigned", body, change);
    }

    private Future<JsonObject> book(RoutingContext ctx) {
        JsonObject body = Answers.body(ctx);
        String status = Answers.text(body, "status", 20);
        if (!STATUSES.contains(status)) {
            throw DemoException.badRequest("status: one of " + STATUSES);
        }
        return space(ctx).change(login.user(ctx), "booking.updated", body, new JsonObject().put("status", status));
    }

    private Future<JsonObject> customerWrites(RoutingContext ctx) {
        return space(ctx).customerWrites(Answers.text(Answers.body(ctx), "conversation", 20));
    }
}
