package dev.hubbub.http;

import dev.hubbub.auth.Caller;
import dev.hubbub.auth.Identity;
import dev.hubbub.messaging.Explainer.Explanation;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;

/**
 * Says over HTTP what the rules decide.
 *
 * <p>About anybody for keys with admin rights, about the caller for everybody else; the place in the config is told to
 * admins only.
 */
final class ExplainCall {
    // The rule may look at the connection; over this call there is none of the one who is asked about.
    private static final Caller.ConnectionInfo NO_CONNECTION = new Caller.ConnectionInfo("", "");

    private final HttpContext hub;
    private final Authentication authentication;

    ExplainCall(HttpContext hub, Authentication authentication) {
        this.hub = hub;
        this.authentication = authentication;
    }

    /** Explains one decision. */
    Future<?> explain(ApiRequest request) {
        JsonObject body = request.object();
        boolean admin = request.caller() instanceof Caller.Service service
                && service.key().admin();
        return subject(request.caller(), admin, body)
                .map(subject -> hub.explainer().explain(subject, body.getString("action"), body.getString("address")))
                .map(explanation -> json(explanation, admin));
    }

    private Future<Caller> subject(Caller caller, boolean admin, JsonObject body) {
        Optional<JsonObject> claims = Optional.ofNullable(body.getJsonObject("claims"));
        Optional<String> token = Optional.ofNullable(body.getString("token"));
        boolean others = claims.isPresent() || token.isPresent();
        if (!admin) {
            return others
                    ? Future.failedFuture(new HubException(
                            ErrorCode.ACCESS_DENIED,
                            "asking about somebody's claims or token takes a key with admin rights"))
                    : Future.succeededFuture(caller);
        }
        if (claims.isPresent() && token.isPresent()) {
            return Future.failedFuture(new HubException(ErrorCode.BAD_REQUEST, "send claims or a token, not both"));
        }
        return token.map(authentication::verify)
                .orElseGet(() ->
                        Future.succeededFuture(claims.map(ExplainCall::identity).orElseGet(Identity::anonymous)))
                .map(identity -> new Caller.User(identity, NO_CONNECTION));
    }

    private static Identity identity(JsonObject claims) {
        Map<String, Object> plain = Claims.plain(claims);
        Optional<String> subject = Optional.ofNullable(plain.get("sub"))
                .filter(String.class::isInstance)
                .map(String.class::cast);
        return new Identity(subject, plain, Optional.empty(), 0, Long.MAX_VALUE);
    }

    private static JsonObject json(Explanation explanation, boolean admin) {
        JsonObject json = new JsonObject()
                .put("allowed", explanation.allowed())
                .put("decision", explanation.allowed() ? "allow" : "deny");
        explanation.rule().ifPresent(rule -> json.put("rule", rule));
        explanation.where().filter(where -> admin).ifPresent(where -> json.put("where", where));
        explanation.expression().ifPresent(expression -> json.put("expression", expression));
        return json.put("values", new JsonObject(explanation.values())).put("reason", explanation.reason());
    }
}
