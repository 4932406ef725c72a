package dev.hubbub.ops;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators did on this node: one line in the log each, and the last {@value #MOST} for who asks.
 *
 * <p>Confined to the listener's event loop. The list goes with the node; the log stays.
 */
final class AuditTrail {
    static final int MOST = 500;
    private static final int PAGE = 50;
    private static final Logger log = LoggerFactory.getLogger(AuditTrail.class);

    private final NodeQuestions nodes;
    private final Clock clock;
    private final Deque<JsonObject> entries = new ArrayDeque<>();

    AuditTrail(NodeQuestions nodes, Clock clock) {
        this.nodes = nodes;
        this.clock = clock;
        nodes.on("audit", with -> Future.succeededFuture(newest(with.getInteger("limit"))));
    }

    void mount(Router router) {
        router.get("/ops/v1/audit").handler(this::list);
    }

    /**
     * Takes note of an action.
     *
     * @param status what the call answered with
     */
    void record(Act act, int status) {
        log.info(
                "operator acted action={} target={} who={} status={} why={}",
                act.action(),
                act.target(),
                act.who(),
                status,
                act.why());
        if (entries.size() >= MOST) {
            entries.removeLast();
        }
        entries.addFirst(new JsonObject()
                .put("at", clock.instant().toString())
                .put("node", nodes.node())
                .put("action", act.action())
                .put("target", act.target())
                .put("who", act.who())
                .put("why", act.why())
                .put("status", status));
    }

    private JsonObject newest(int limit) {
        return new JsonObject()
                .put("entries", new JsonArray(entries.stream().limit(limit).toList()));
    }

    private void list(RoutingContext call) {
        int limit = OpsCall.limit(call, PAGE, MOST);
        OpsCall.answer(
                call, nodes.ask("audit", new JsonObject().put("limit", limit)).map(answers -> {
                    List<JsonObject> all = new ArrayList<>(answers.all("entries"));
                    all.sort(Comparator.comparing((JsonObject entry) -> entry.getString("at"))
                            .reversed());
                    return new JsonObject()
                            .put("entries", new JsonArray(all.subList(0, Math.min(limit, all.size()))))
                            .put("nodes", answers.nodes());
                }));
    }

    /**
     * An action of an operator; texts without control characters.
     *
     * @param action what, such as {@code disconnect}
     * @param target whom or what
     * @param who the name of the key, or {@code loopback} for who is on the machine
     * @param why what the operator gave as reason; may be empty
     */
    record Act(String action, String target, String who, String why) {
        private static final int MAX_LENGTH = 300;

        Act {
            target = plain(target);
            why = plain(why);
        }

        private static String plain(String text) {
            String line = text.replaceAll("\\p{Cntrl}", " ");
            return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "…";
        }
    }
}
