package dev.hubbub.demo.cursors;

import dev.hubbub.demo.Answers;
import dev.hubbub.demo.DemoContext;
import dev.hubbub.demo.DemoException;
import dev.hubbub.demo.DemoLogin;
import dev.hubbub.demo.DemoService;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * The back end of the cursors: it has no state but the process of the bots, which it starts and kills.
 *
 * <p>Cursors and typing go from page to page through the hub, and are kept nowhere.
 */
public final class CursorsService implements DemoService {
    private static final int BOTS = 50;
    private static final long SEED = 42;
    private static final Map<String, String> PEOPLE = Map.of("sarah", "Sarah", "omar", "Omar");

    private final DemoLogin login;
    private final URI hubUrl;
    private final BotProcess bots;

    /** Creates it. */
    public CursorsService(DemoContext context) {
        this.login = context.login();
        this.hubUrl = URI.create(context.hub().url());
        this.bots = new BotProcess(context.vertx());
    }

    @Override
    public String name() {
        return "cursors";
    }

    @Override
    public Optional<JsonObject> claims(String user, String space) {
        return Optional.ofNullable(PEOPLE.get(user)).map(name -> claims(user, name, space));
    }

    private static JsonObject claims(String user, String name, String space) {
        return new JsonObject().put("sub", user + "@" + space).put("name", name).put("field", space);
    }

    @Override
    public void mount(Router router) {
        router.get("/:space/bots").handler(Answers.json(ctx -> Future.succeededFuture(describe())));
        router.post("/:space/bots").handler(Answers.json(this::start));
        router.delete("/:space/bots").handler(Answers.json(ctx -> Future.succeededFuture(kill(ctx))));
    }

    private Future<JsonObject> start(RoutingContext ctx) {
        String space = space(ctx);
        JsonArray crew = new JsonArray();
        for (int i = 1; i <= BOTS; i++) {
            String name = "bot-%02d".formatted(i);
            crew.add(new JsonObject().put("name", name).put("token", login.token(claims(name, name, space))));
        }
        JsonObject orders = new JsonObject()
                .put("host", hubUrl.getHost())
                .put("port", hubUrl.getPort())
                .put("address", "cursors:" + space + ":field")
                .put("seed", SEED)
                .put("bots", crew);
        return bots.start(orders).map(started -> describe());
    }

    private JsonObject kill(RoutingContext ctx) {
        String space = space(ctx);
        Optional<Long> killed = bots.kill();
        JsonObject answer = describe().put("space", space);
        killed.ifPresent(pid -> answer.put("killed", pid));
        return answer;
    }

    private String space(RoutingContext ctx) {
        String space = ctx.pathParam("space");
        if (!space.equals(login.claims(ctx).getString("field"))) {
            throw DemoException.denied("this token is not one of this field");
        }
        return space;
    }

    private JsonObject describe() {
        JsonObject answer = new JsonObject()
                .put("bots", BOTS)
                .put("seed", SEED)
                .put("runs", bots.running().isPresent());
        bots.running().ifPresent(pid -> answer.put("pid", pid));
        return answer;
    }
}
