package dev.hubbub.demo.chat;

import dev.hubbub.demo.Answers;
import dev.hubbub.demo.DemoContext;
import dev.hubbub.demo.DemoException;
import dev.hubbub.demo.DemoLogin;
import dev.hubbub.demo.DemoService;
import dev.hubbub.demo.Spaces;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The back end of the chat: a REST API over rooms, private talks and their messages.
 *
 * <p>It owns them, decides who may change what, and publishes what happened. Who asks is in the token. The calls are
 * described, with lines for curl, in {@code hub/demo/README.md}.
 */
public final class ChatService implements DemoService {
    private static final int PAGE = 50;
    private static final int MOST = 200;
    /** The people of the chat, and whether each may delete what others made. */
    private static final Map<String, Boolean> PEOPLE = Map.of("sarah", false, "omar", true, "lina", false);

    private final DemoLogin login;
    private final Spaces<ChatSpace> spaces;

    /** Creates it. */
    public ChatService(DemoContext context) {
        this.login = context.login();
        this.spaces = new Spaces<>(space -> new ChatSpace(space, context, Clock.systemUTC()));
    }

    @Override
    public String name() {
        return "chat";
    }

    @Override
    public Optional<JsonObject> claims(String user, String space) {
        return Optional.ofNullable(PEOPLE.get(user))
                .map(moderator -> new JsonObject()
                        .put("sub", user + "@" + space)
                        .put("user", user)
                        .put("name", Character.toUpperCase(user.charAt(0)) + user.substring(1))
                        .put("chat", space)
                        .put("role", moderator ? "moderator" : "member"));
    }

    @Override
    public void mount(Router router) {
        router.get("/:space/rooms").handler(now(caller -> caller.space().rooms()));
        router.post("/:space/rooms").handler(call(this::open));
        router.delete("/:space/rooms/:room")
                .handler(call(caller -> caller.space().delete(caller.person(), caller.path("room"))));
        mount(router, "/:space/rooms/:room", caller -> caller.space().room(caller.path("room")));
        mount(
                router,
                "/:space/direct/:user",
                caller -> Talk.Direct.of(caller.person().id(), caller.path("user")));
        router.get("/:space/search").handler(now(ChatService::search));
        router.get("/:space/stats").handler(now(caller -> caller.space().stats()));
    }

    /** Adds what rooms and private talks have in common. */
    private void mount(Router router, String path, Function<Caller, Talk> talk) {
        router.get(path + "/messages")
                .handler(now(caller -> caller.space()
                        .messages(caller.person(), talk.apply(caller), caller.query("before", ""), caller.limit())));
        router.post(path + "/messages").handler(call(caller -> {
            caller.ctx().response().setStatusCode(201);
            String id = Answers.text(caller.body(), "id", 64);
            String text = caller.body().getString("text", "");
            return caller.space()
                    .change(book -> book.send(
                            caller.person(),
                            talk.apply(caller),
                            id,
                            text,
                            caller.space().now()));
        }));
        router.patch(path + "/messages/:id")
                .handler(call(caller -> caller.space()
                        .change(book -> book.edit(
                                caller.person(),
                                talk.apply(caller),
                                caller.path("id"),
                                caller.body().getString("text", ""),
                                Answers.whole(caller.body(), "version")))));
        router.delete(path + "/messages/:id")
                .handler(call(caller -> caller.space()
                        .change(book -> book.withdraw(
                                caller.person(), talk.apply(caller), caller.path("id"), caller.number("version", 1)))));
        router.put(path + "/read")
                .handler(call(caller -> caller.space()
                        .seen(caller.person(), talk.apply(caller), Answers.text(caller.body(), "message", 64))));
        router.get(path + "/people")
                .handler(call(caller -> caller.space().people(caller.person(), talk.apply(caller))));
    }

    private Future<JsonObject> open(Caller caller) {
        caller.ctx().response().setStatusCode(201);
        return caller.space().open(caller.person(), Answers.text(caller.body(), "name", 40));
    }

    private static JsonObject search(Caller caller) {
        String text = caller.query("q", "").strip();
        if (text.isEmpty() || text.length() > 100) {
            throw DemoException.badRequest("q: a text of 1 to 100 characters");
        }
        return caller.space().search(caller.person(), text, caller.limit());
    }

    private io.vertx.core.Handler<RoutingContext> now(Function<Caller, JsonObject> answer) {
        return call(caller -> Future.succeededFuture(answer.apply(caller)));
    }

    private io.vertx.core.Handler<RoutingContext> call(Function<Caller, Future<JsonObject>> answer) {
        return Answers.json(ctx -> answer.apply(caller(ctx)));
    }

    private Caller caller(RoutingContext ctx) {
        JsonObject claims = login.claims(ctx);
        String space = ctx.pathParam("space");
        if (!space.equals(claims.getString("chat"))) {
            throw DemoException.denied("this token is not one of the chat of " + space);
        }
        Person person = new Person(claims.getString("user"), "moderator".equals(claims.getString("role")));
        return new Caller(ctx, person, spaces.get(space));
    }

    /** Who calls, where, and what with. */
    private record Caller(RoutingContext ctx, Person person, ChatSpace space) {
        String path(String name) {
            return ctx.pathParam(name);
        }

        String query(String name, String otherwise) {
            return ctx.request().getParam(name, otherwise);
        }

        int number(String name, int otherwise) {
            String text = query(name, String.valueOf(otherwise));
            if (!text.matches("[0-9]{1,6}")) {
                throw DemoException.badRequest(name + ": a whole number");
            }
            return Integer.parseInt(text);
        }

        int limit() {
            return Math.max(1, Math.min(MOST, number("limit", PAGE)));
        }

        JsonObject body() {
            return Answers.body(ctx);
        }
    }
}
