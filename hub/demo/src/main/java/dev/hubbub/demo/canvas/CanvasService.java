package dev.hubbub.demo.canvas;

import dev.hubbub.demo.Answers;
import dev.hubbub.demo.DemoContext;
import dev.hubbub.demo.DemoException;
import dev.hubbub.demo.DemoLogin;
import dev.hubbub.demo.DemoService;
import dev.hubbub.demo.Recent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The back end of the canvas: it keeps a copy of every board and serves it as a snapshot.
 *
 * <p>Editors publish their changes themselves. The hub's rule has all the checks that there are: who is an editor, the
 * contracts of the events, and versions that rise. So the log is the truth about a board, and this is a reader of it.
 * It reads one board every {@value #READ_MILLIS} ms, the one that waits longest, long before a log forgets.
 */
public final class CanvasService implements DemoService {
    private static final Logger log = LoggerFactory.getLogger(CanvasService.class);
    private static final int BOARDS = 200;
    private static final long READ_MILLIS = 2_000;
    private static final Map<String, String> ROLES = Map.of("sarah", "editor", "omar", "editor", "vera", "viewer");

    private final Vertx vertx;
    private final DemoContext context;
    private final DemoLogin login;
    private final Map<String, BoardCopy> boards = Recent.map(BOARDS);
    private final Deque<String> turn = new ArrayDeque<>();

    /** Creates it. */
    public CanvasService(DemoContext context) {
        this.vertx = context.vertx();
        this.context = context;
        this.login = context.login();
    }

    @Override
    public String name() {
        return "canvas";
    }

    @Override
    public Optional<JsonObject> claims(String user, String space) {
        return Optional.ofNullable(ROLES.get(user))
                .map(role -> new JsonObject()
                        .put("sub", user + "@" + space)
                        .put("name", Character.toUpperCase(user.charAt(0)) + user.substring(1))
                        .put("board", space)
                        .put("role", role));
    }

    @Override
    public void mount(Router router) {
        router.get("/:space/board").handler(Answers.json(this::board));
    }

    @Override
    public Future<Void> start() {
        vertx.setPeriodic(READ_MILLIS, timer -> readNext());
        return Future.succeededFuture();
    }

    private Future<JsonObject> board(RoutingContext ctx) {
        String name = ctx.pathParam("space");
        if (!name.equals(login.claims(ctx).getString("board"))) {
            throw DemoException.denied("this token is not one of this board");
        }
        BoardCopy copy = boards.get(name);
        if (copy == null) {
            copy = new BoardCopy(name, context.hub());
            boards.put(name, copy);
        }
        return copy.snapshot();
    }

    private void readNext() {
        if (turn.isEmpty()) {
            turn.addAll(boards.keySet());
        }
        String name = turn.poll();
        BoardCopy copy = name == null ? null : boards.get(name);
        if (copy != null) {
            copy.catchUp().onFailure(away -> log.info("board was not read name={} reason={}", name, away.getMessage()));
        }
    }
}
