package dev.hubbub.ops;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * Reads the config again: {@code POST /ops/v1/reload}; with {@code ?dryRun=true} it says what that would cut, and
 * changes nothing.
 */
final class ReloadRoute {
    private final NodeHealth health;

    ReloadRoute(NodeHealth health) {
        this.health = health;
    }

    void mount(Router router) {
        router.post("/ops/v1/reload").handler(this::reload);
    }

    private void reload(RoutingContext call) {
        Future<JsonObject> answer =
                isDryRun(call.request().getParam("dryRun", "false")) ? health.previewReload() : health.reload();
        answer.onSuccess(told -> OpsRoutes.json(call, 200, told)).onFailure(call::fail);
    }

    /** A parameter that is not understood must not cut anybody. */
    private static boolean isDryRun(String text) {
        return switch (text) {
            case "true", "" -> true;
            case "false" -> false;
            default -> throw new HubException(ErrorCode.BAD_REQUEST, "dryRun is true or false");
        };
    }
}
