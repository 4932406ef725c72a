package dev.hubbub.ops;

import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** The operators' questions to the record: what became of an event, and what was decided lately. */
final class TraceRoutes {
    private static final int LIMIT = 50;
    private static final int MOST = 500;
    private static final int LONGEST_TEXT = 255;

    private final Tracer tracer;

    TraceRoutes(Tracer tracer) {
        this.tracer = tracer;
    }

    void mount(Router router) {
        router.get("/ops/v1/trace").handler(call -> answer(call, search(call)));
        router.get("/ops/v1/trace/:event").handler(call -> answer(call, trace(call)));
    }

    private static void answer(RoutingContext call, Future<JsonObject> asked) {
        asked.onSuccess(found -> call.response()
                        .putHeader("Content-Type", "application/json")
                        .end(found.toBuffer())
                        .onFailure(call::fail))
                .onFailure(call::fail);
    }

    private Future<JsonObject> trace(RoutingContext call) {
        String event = call.pathParam("event");
        if (event.length() > LONGEST_TEXT) {
            throw new HubException(ErrorCode.BAD_REQUEST, "an event id has at most " + LONGEST_TEXT + " characters");
        }
        return tracer.event(new Tracer.Question(event, address(call), text(call, "user"), limit(call)));
    }

    private Future<JsonObject> search(RoutingContext call) {
        Optional<String> user = text(call, "user");
        Optional<String> address = address(call);
        if (user.isEmpty() && address.isEmpty()) {
            throw new HubException(ErrorCode.BAD_REQUEST, "say whom or what: ?user=U, ?address=A, or both");
        }
        return tracer.recent(user, address, limit(call));
    }

    private static Optional<String> address(RoutingContext call) {
        return text(call, "address").map(text -> new Address(text).value());
    }

    private static Optional<String> text(RoutingContext call, String name) {
        Optional<String> text =
                Optional.ofNullable(call.request().getParam(name)).filter(given -> !given.isEmpty());
        if (text.filter(given -> given.length() > LONGEST_TEXT).isPresent()) {
            throw new HubException(ErrorCode.BAD_REQUEST, name + " has at most " + LONGEST_TEXT + " characters");
        }
        return text;
    }

    private static int limit(RoutingContext call) {
        String text = call.request().getParam("limit");
        try {
            int limit = text == null ? LIMIT : Integer.parseInt(text);
            if (limit >= 1 && limit <= MOST) {
                return limit;
            }
        } catch (NumberFormatException e) {
            throw new HubException(ErrorCode.BAD_REQUEST, "limit is a whole number from 1 to " + MOST);
        }
        throw new HubException(ErrorCode.BAD_REQUEST, "limit is a whole number from 1 to " + MOST);
    }
}
