package dev.hubbub.demo;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the demos' back ends answer: JSON, and one shape for every refusal. */
public final class Answers {
    private static final Logger log = LoggerFactory.getLogger(Answers.class);

    private Answers() {}

    /** Makes a handler of a function: its JSON is the answer, its failure is told as a refusal. */
    public static io.vertx.core.Handler<RoutingContext> json(Function<RoutingContext, Future<JsonObject>> call) {
        return ctx -> call.apply(ctx)
                .compose(json -> ctx.response()
                        .putHeader("Content-Type", "application/json")
                        .putHeader("Cache-Control", "no-store")
                        .end(json.toBuffer()))
                .onFailure(ctx::fail);
    }

    /** Returns the body of a request, which has to be a JSON object; an empty one for no body. */
    public static JsonObject body(RoutingContext ctx) {
        if (ctx.body().length() <= 0) {
            return new JsonObject();
        }
        if (ctx.body().asJsonObject() == null) {
            throw DemoException.badRequest("the body is no JSON object");
        }
        return ctx.body().asJsonObject();
    }

    /** Returns a text of a body; refuses one that is missing, blank or longer than {@code most}. */
    public static String text(JsonObject body, String name, int most) {
        if (body.getValue(name) instanceof String text && !text.isBlank() && text.length() <= most) {
            return text.strip();
        }
        throw DemoException.badRequest(name + ": a text of 1 to " + most + " characters");
    }

    /** Returns a whole number of a body; refuses one that is missing. */
    public static int whole(JsonObject body, String name) {
        if (body.getValue(name) instanceof Integer number) {
            return number;
        }
        throw DemoException.badRequest(name + ": a whole number");
    }

    /** Tells a failure: what was expected in its own words, anything else as 500 and in the log. */
    static void refuse(RoutingContext ctx) {
        Throwable failure = ctx.failure();
        DemoException refusal;
        if (failure instanceof DemoException expected) {
            refusal = expected;
        } else if (ctx.statusCode() >= 400 && ctx.statusCode() < 500) {
            refusal = new DemoException(ctx.statusCode(), "bad_request", "the request was refused");
        } else {
            log.error("demo request failed path={}", ctx.request().path(), failure);
            refusal = new DemoException(500, "internal_error", "the demo's back end failed; its log says more");
        }
        ctx.response()
                .setStatusCode(refusal.status())
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(refusal.body().toBuffer())
                .onFailure(gone -> log.debug("caller left before the answer"));
    }
}
