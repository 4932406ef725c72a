package dev.hubbub.ops;

import dev.hubbub.auth.Caller;
import dev.hubbub.auth.ClaimsJson;
import dev.hubbub.auth.Identity;
import dev.hubbub.auth.TokenVerifier;
import dev.hubbub.messaging.Explainer;
import dev.hubbub.messaging.Explainer.Explanation;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Says what the rules in force decide about somebody's claims, or about a token.
 *
 * <p>As with the command, the claims of a token are taken whether or not the hub would believe it; whether it would is
 * said beside the decision.
 */
final class ExplainRoute {
    private final Explainer explainer;
    private final TokenVerifier verifier;

    ExplainRoute(OpsContext hub) {
        this.explainer = hub.explainer();
        this.verifier = hub.verifier();
    }

    void mount(Router router) {
        router.post("/ops/v1/explain")
                .handler(BodyHandler.create(false).setBodyLimit(OpsCall.MAX_BODY_BYTES))
                .handler(this::explain);
    }

    private void explain(RoutingContext call) {
        JsonObject body = OpsCall.object(call);
        Optional<String> token = text(body, "token");
        Map<String, Object> claims = claims(body, token);
        Optional<String> subject = claims.get("sub") instanceof String sub ? Optional.of(sub) : Optional.empty();
        Caller caller = new Caller.User(
                new Identity(subject, claims, Optional.empty(), 0, Long.MAX_VALUE),
                new Caller.ConnectionInfo(
                        text(body, "ip").orElse(""), text(body, "agent").orElse("")));
        JsonObject answer = json(explainer.explain(
                caller, text(body, "action").orElse(""), text(body, "address").orElse("")));
        OpsCall.answer(
                call,
                token.isEmpty()
                        ? Future.succeededFuture(answer)
                        : believed(token.get()).map(said -> answer.put("token", said)));
    }

    private static Optional<String> text(JsonObject body, String name) {
        Object value = body.getValue(name);
        if (value == null || value instanceof String) {
            return Optional.ofNullable((String) value);
        }
        throw new HubException(ErrorCode.BAD_REQUEST, name + " is a text");
    }

    private static Map<String, Object> claims(JsonObject body, Optional<String> token) {
        Object claims = body.getValue("claims");
        if (token.isPresent() && claims != null) {
            throw new HubException(ErrorCode.BAD_REQUEST, "send claims or a token, not both");
        }
        if (claims != null && !(claims instanceof JsonObject)) {
            throw new HubException(ErrorCode.BAD_REQUEST, "claims is a JSON object such as {\"sub\":\"alice\"}");
        }
        try {
            return ClaimsJson.parse(
                    token.map(ExplainRoute::payloadOf).orElseGet(() -> claims == null ? "{}" : claims.toString()));
        } catch (IllegalArgumentException noClaims) {
            throw new HubException(
                    ErrorCode.BAD_REQUEST, "the token is a JWT of three parts, its claims a JSON object");
        }
    }

    private static String payloadOf(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("parts: " + parts.length + " (expected: 3)");
        }
        return new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    }

    private Future<JsonObject> believed(String token) {
        return verifier.verify(token)
                .map(identity -> new JsonObject().put("valid", true))
                .otherwise(refusal -> new JsonObject().put("valid", false).put("why", refusal.getMessage()));
    }

    private static JsonObject json(Explanation explanation) {
        JsonObject json = new JsonObject()
                .put("allowed", explanation.allowed())
                .put("decision", explanation.allowed() ? "allow" : "deny");
        explanation.rule().ifPresent(rule -> json.put("rule", rule));
        explanation.where().ifPresent(where -> json.put("where", where));
        explanation.expression().ifPresent(expression -> json.put("expression", expression));
        return json.put("values", new JsonObject(explanation.values())).put("reason", explanation.reason());
    }
}
