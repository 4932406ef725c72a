package dev.hubbub.ops;

import dev.hubbub.auth.Caller;
import dev.hubbub.messaging.Connections;
import dev.hubbub.messaging.Inspection;
import dev.hubbub.messaging.Inspection.Filter;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who is connected, on all nodes: pages, one connection, and cutting. */
final class ConnectionRoutes {
    private static final int PAGE = 50;
    private static final int MOST = 500;
    private static final Comparator<JsonObject> NEWEST_FIRST =
            Comparator.comparing((JsonObject one) -> one.getString("id")).reversed();

    private final NodeQuestions nodes;
    private final Inspection inspection;
    private final Connections connections;
    private final Operators operators;

    ConnectionRoutes(OpsContext hub, Operators operators) {
        this.nodes = hub.questions();
        this.inspection = hub.inspection();
        this.connections = hub.connections();
        this.operators = operators;
        nodes.on("connections", this::pageHere);
        nodes.on(
                "connection",
                with -> inspection
                        .connection(with.getString("id"))
                        .map(found -> found.map(ConnectionJson::of).orElseGet(JsonObject::new)));
        nodes.on(
                "disconnect",
                with -> inspection
                        .disconnect(with.getString("id"), "disconnected by an operator")
                        .map(had -> new JsonObject().put("had", had)));
    }

    void mount(Router router) {
        router.get("/ops/v1/connections").handler(this::list);
        router.get("/ops/v1/connections/:id").handler(call -> OpsCall.answer(call, one(OpsCall.required(call, "id"))));
        router.post("/ops/v1/connections/:id/disconnect")
                .handler(operators.changing("disconnect", call -> call.pathParam("id")))
                .handler(this::disconnect);
        router.post("/ops/v1/users/:user/disconnect")
                .handler(operators.changing("disconnect_user", call -> call.pathParam("user")))
                .handler(call -> OpsCall.answer(
                        call,
                        connections
                                .disconnect(new Caller.Operator(), OpsCall.required(call, "user"))
                                .map(closed -> new JsonObject().put("disconnected", closed))));
    }

    private Future<JsonObject> pageHere(JsonObject with) {
        Filter filter = new Filter(
                Optional.ofNullable(with.getString("user")),
                Optional.ofNullable(with.getString("ip")),
                Optional.ofNullable(with.getString("address")),
                with.getBoolean("slow", false));
        return inspection
                .connections(filter, Optional.ofNullable(with.getString("after")), with.getInteger("limit"))
                .map(page -> new JsonObject()
                        .put(
                                "connections",
                                new JsonArray(
                                        page.stream().map(ConnectionJson::of).toList())));
    }

    /** Every node gives one more than a page, so that the answer knows whether there is another one. */
    private void list(RoutingContext call) {
        int limit = OpsCall.limit(call, PAGE, MOST);
        JsonObject with = new JsonObject()
                .put("limit", limit + 1)
                .put(
                        "slow",
                        OpsCall.parameter(call, "slow").filter("true"::equals).isPresent());
        for (String name : List.of("user", "ip", "address", "after")) {
            OpsCall.parameter(call, name).ifPresent(value -> with.put(name, value));
        }
        Future<NodeQuestions.Answers> asked = OpsCall.parameter(call, "node")
                .map(node -> nodes.ask(Set.of(node), "connections", with))
                .orElseGet(() -> nodes.ask("connections", with));
        OpsCall.answer(call, asked.map(answers -> page(answers, limit)));
    }

    private static JsonObject page(NodeQuestions.Answers answers, int limit) {
        List<JsonObject> all =
                answers.all("connections").stream().sorted(NEWEST_FIRST).toList();
        List<JsonObject> page = all.subList(0, Math.min(limit, all.size()));
        JsonObject body = new JsonObject()
                .put("connections", new JsonArray(page))
                .put("more", all.size() > limit)
                .put("nodes", answers.nodes());
        if (all.size() > limit) {
            body.put("after", page.get(page.size() - 1).getString("id"));
        }
        return body;
    }

    private Future<JsonObject> one(String id) {
        return nodes.ask("connection", new JsonObject().put("id", id))
                .map(answers -> answers.of().values().stream()
                        .filter(answer -> answer.containsKey("id"))
                        .findFirst()
                        .orElseThrow(() -> unknown(answers)));
    }

    private void disconnect(RoutingContext call) {
        JsonObject with = new JsonObject().put("id", OpsCall.required(call, "id"));
        OpsCall.answer(call, nodes.ask("disconnect", with).map(answers -> {
            if (answers.of().values().stream().noneMatch(answer -> answer.getBoolean("had"))) {
                throw unknown(answers);
            }
            return new JsonObject().put("disconnected", 1);
        }));
    }

    private static HubException unknown(NodeQuestions.Answers answers) {
        return new HubException(
                answers.unanswered().isEmpty() ? ErrorCode.NOT_FOUND : ErrorCode.UNAVAILABLE,
                answers.unanswered().isEmpty()
                        ? "no node has this connection (any more)"
                        : "no node that answered has this connection",
                new JsonObject().put("nodes", answers.nodes()));
    }
}
