package dev.hubbub.ops;

import dev.hubbub.messaging.AddressLoad;
import dev.hubbub.messaging.AddressLoad.Order;
import dev.hubbub.messaging.Inspection;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which addresses are busy, on all nodes.
 *
 * <p>Every node first names its busiest; then all of them say how busy those are, so that the sums are whole. An
 * address that is busy on all nodes together and among the first on none of them may be missing: each node names three
 * times as many as are wanted.
 */
final class AddressRoutes {
    private static final int PAGE = 50;
    private static final int MOST = 200;
    private static final int CANDIDATES = 3;

    private final NodeQuestions nodes;
    private final Inspection inspection;

    AddressRoutes(OpsContext hub) {
        this.nodes = hub.questions();
        this.inspection = hub.inspection();
        nodes.on(
                "busiest",
                with -> inspection
                        .busiest(
                                Order.valueOf(with.getString("order")),
                                with.getString("match"),
                                with.getInteger("limit"))
                        .map(AddressRoutes::list));
        nodes.on(
                "loads",
                with -> inspection
                        .loads(with.getJsonArray("of").stream()
                                .map(String::valueOf)
                                .toList())
                        .map(AddressRoutes::list));
    }

    void mount(Router router) {
        router.get("/ops/v1/addresses").handler(this::busiest);
        router.get("/ops/v1/addresses/:address").handler(this::one);
    }

    private static JsonObject list(List<AddressLoad> loads) {
        return new JsonObject()
                .put("loads", new JsonArray(loads.stream().map(AddressJson::of).toList()));
    }

    private static Order order(String name) {
        return Arrays.stream(Order.values())
                .filter(order -> order.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new HubException(ErrorCode.BAD_REQUEST, "sort is one of rate, subscribers and events"));
    }

    private void busiest(RoutingContext call) {
        int limit = OpsCall.limit(call, PAGE, MOST);
        Order order = order(OpsCall.parameter(call, "sort").orElse("rate"));
        JsonObject with = new JsonObject()
                .put("order", order.name())
                .put("match", OpsCall.parameter(call, "match").orElse(""))
                .put("limit", CANDIDATES * limit);
        OpsCall.answer(
                call,
                nodes.ask("busiest", with)
                        .compose(first -> first.of().size() == 1
                                ? Future.succeededFuture(first)
                                : nodes.ask("loads", new JsonObject().put("of", candidates(first, order, limit))))
                        .map(answers -> ranked(answers, order, limit)));
    }

    private static JsonArray candidates(NodeQuestions.Answers answers, Order order, int limit) {
        return new JsonArray(rank(sums(answers).values(), order, CANDIDATES * limit).stream()
                .map(AddressLoad::address)
                .toList());
    }

    private static Map<String, AddressLoad> sums(NodeQuestions.Answers answers) {
        Map<String, AddressLoad> sums = new HashMap<>();
        answers.all("loads").stream()
                .map(AddressJson::load)
                .forEach(load -> sums.merge(load.address(), load, AddressLoad::plus));
        return sums;
    }

    private static List<AddressLoad> rank(Collection<AddressLoad> loads, Order order, int limit) {
        return loads.stream()
                .sorted(Comparator.comparingDouble((AddressLoad load) -> order.of(load))
                        .reversed()
                        .thenComparing(AddressLoad::address))
                .limit(limit)
                .toList();
    }

    private JsonObject ranked(NodeQuestions.Answers answers, Order order, int limit) {
        JsonArray rows = new JsonArray();
        rank(sums(answers).values(), order, limit).forEach(load -> rows.add(withRule(AddressJson.of(load))));
        return new JsonObject()
                .put("sort", order.name().toLowerCase(Locale.ROOT))
                .put("addresses", rows)
                .put("nodes", answers.nodes());
    }

    private JsonObject withRule(JsonObject row) {
        inspection
                .rule(row.getString("address"))
                .ifPresent(rule -> row.put("delivery", rule.delivery())
                        .put("rule", new JsonObject().put("match", rule.match()).put("where", rule.where())));
        return row;
    }

    private void one(RoutingContext call) {
        String address = OpsCall.required(call, "address");
        JsonObject with = new JsonObject().put("of", new JsonArray().add(address));
        JsonObject unused = AddressJson.of(AddressLoad.none(address));
        JsonObject rule = withRule(new JsonObject().put("address", address));
        Future<NodeQuestions.Answers> loads = nodes.ask("loads", with);
        OpsCall.answer(
                call,
                inspection
                        .log(address)
                        .compose(log -> loads.map(answers -> {
                            AddressLoad sum = sums(answers).get(address);
                            JsonObject body = (sum == null ? unused : AddressJson.of(sum)).mergeIn(rule);
                            log.ifPresent(found -> body.mergeIn(AddressJson.of(found)));
                            return body.put("perNode", perNode(answers)).put("nodes", answers.nodes());
                        })));
    }

    private static JsonArray perNode(NodeQuestions.Answers answers) {
        List<JsonObject> rows = new ArrayList<>();
        answers.of()
                .forEach((node, answer) -> answer.getJsonArray("loads").stream()
                        .map(JsonObject.class::cast)
                        .map(JsonObject::copy)
                        .forEach(row -> {
                            row.remove("address");
                            rows.add(row.put("node", node));
                        }));
        return new JsonArray(rows);
    }
}
