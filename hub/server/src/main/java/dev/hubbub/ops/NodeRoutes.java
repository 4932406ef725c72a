package dev.hubbub.ops;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drains another node from here, and tells a console whom it talks to and what it may do. */
final class NodeRoutes {
    private static final Logger log = LoggerFactory.getLogger(NodeRoutes.class);

    private final OpsContext hub;
    private final NodeQuestions nodes;
    private final Operators operators;

    NodeRoutes(OpsContext hub, Operators operators) {
        this.hub = hub;
        this.nodes = hub.questions();
        this.operators = operators;
        nodes.on("drain", with -> {
            log.info("drain asked for who={} from={}", with.getString("who"), with.getString("from"));
            return hub.drain().begin();
        });
    }

    void mount(Router router) {
        router.get("/ops/v1/session").handler(this::session);
        router.post("/ops/v1/nodes/:node/drain")
                .handler(operators.changing("drain", call -> call.pathParam("node")))
                .handler(this::drain);
    }

    private void session(RoutingContext call) {
        JsonObject details = hub.health().details();
        OpsCall.json(
                call,
                200,
                new JsonObject()
                        .put("node", nodes.node())
                        .put("version", details.getString("version"))
                        .put("who", operators.who(call))
                        .put("mayChange", operators.mayChange(call))
                        .put("needsKey", operators.needsKey()));
    }

    private void drain(RoutingContext call) {
        String node = OpsCall.required(call, "node");
        if (!nodes.knows(node)) {
            throw new HubException(ErrorCode.NOT_FOUND, "the cluster has no node of this name");
        }
        JsonObject with = new JsonObject().put("who", operators.who(call)).put("from", nodes.node());
        nodes.askOne(node, "drain", with)
                .onSuccess(begun -> OpsCall.json(call, 202, begun))
                .onFailure(call::fail);
    }
}
