package dev.hubbub.ops;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the operators' calls have in common: parameters in, JSON out. */
final class OpsCall {
    static final long MAX_BODY_BYTES = 64 * 1024;
    private static final Logger log = LoggerFactory.getLogger(OpsCall.class);
    private static final int MAX_PARAMETER = 512;

    private OpsCall() {}

    /** Returns a query or path parameter; an empty one counts as none. */
    static Optional<String> parameter(RoutingContext call, String name) {
        String value = Optional.ofNullable(call.pathParam(name))
                .orElseGet(() -> call.request().getParam(name, ""));
        if (value.length() > MAX_PARAMETER) {
            throw new HubException(ErrorCode.BAD_REQUEST, name + ": at most " + MAX_PARAMETER + " characters");
        }
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    /** Returns a parameter that the path or the caller has to have. */
    static String required(RoutingContext call, String name) {
        return parameter(call, name).orElseThrow(() -> new HubException(ErrorCode.BAD_REQUEST, name + " is missing"));
    }

    /** Returns {@code limit}, between 1 and {@code most}. */
    static int limit(RoutingContext call, int standard, int most) {
        return number(call, "limit")
                .map(wanted -> (int) Math.max(1, Math.min(wanted, most)))
                .orElse(standard);
    }

    /** Returns a whole number. */
    static Optional<Long> number(RoutingContext call, String name) {
        try {
            return parameter(call, name).map(Long::valueOf);
        } catch (NumberFormatException noNumber) {
            throw new HubException(ErrorCode.BAD_REQUEST, name + " is a whole number");
        }
    }

    /** Returns the body. */
    static JsonObject object(RoutingContext call) {
        try {
            JsonObject object = call.body().asJsonObject();
            if (object != null) {
                return object;
            }
        } catch (DecodeException | ClassCastException noObject) {
            log.debug("body is no JSON object reason={}", noObject.getMessage());
        }
        throw new HubException(ErrorCode.BAD_REQUEST, "the body is a JSON object");
    }

    /** Answers with JSON once it is there, or with the failure. */
    static void answer(RoutingContext call, Future<JsonObject> answer) {
        answer.onSuccess(body -> json(call, 200, body)).onFailure(call::fail);
    }

    static void json(RoutingContext call, int status, JsonObject body) {
        call.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body.encode())
                .onFailure(gone -> log.debug("caller left early reason={}", gone.getMessage()));
    }
}
