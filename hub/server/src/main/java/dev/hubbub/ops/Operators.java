package dev.hubbub.ops;

import dev.hubbub.auth.ApiKeys;
import dev.hubbub.auth.Caller;
import dev.hubbub.config.AuthConfig;
import dev.hubbub.config.HubConfig;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Who may change something, and the note that is taken of it.
 *
 * <p>Reading is for everybody whom the listener lets in. What changes something takes an admin key if the config has
 * one; without any, being on loopback is enough. The three calls of the command line (drain, reload, publish) are open
 * to everybody on the machine, as they always were; a web page needs the key for them, too, and has to send
 * {@value #PAGE_HEADER}, which no page of another origin can.
 */
final class Operators {
    static final String KEY_HEADER = "X-API-Key";
    static final String PAGE_HEADER = "X-Hubbub-Console";
    static final String REASON_HEADER = "X-Audit-Reason";
    private static final String LOOPBACK = "loopback";

    private final Supplier<HubConfig> config;
    private final ApiKeys apiKeys;
    private final AuditTrail trail;

    Operators(OpsContext hub, AuditTrail trail) {
        this.config = hub.config();
        this.apiKeys = hub.apiKeys();
        this.trail = trail;
    }

    /** Puts itself before the calls that change something and are elsewhere. */
    void mount(Router router) {
        router.post("/ops/v1/drain").handler(this::passPages).handler(noted("drain", call -> "this node"));
        router.post("/ops/v1/reload")
                .handler(this::passPages)
                .handler(noted(
                        call -> "true".equals(call.request().getParam("dryRun")) ? "reload_dry_run" : "reload",
                        call -> "config"));
        router.post("/ops/v1/publish").handler(this::passPages).handler(noted("publish", Operators::published));
        router.get("/ops/v1/tail").handler(this::watch);
    }

    /** Returns what stands before a call that changes something: it asks for the key, and takes note at the end. */
    Handler<RoutingContext> changing(String action, Function<RoutingContext, String> target) {
        Handler<RoutingContext> noted = noted(action, target);
        return call -> {
            requirePageHeader(call);
            requireKey(call);
            noted.handle(call);
        };
    }

    private Handler<RoutingContext> noted(String action, Function<RoutingContext, String> target) {
        return noted(call -> action, target);
    }

    private Handler<RoutingContext> noted(
            Function<RoutingContext, String> action, Function<RoutingContext, String> target) {
        return call -> {
            call.addEndHandler(end -> trail.record(
                    act(call, action.apply(call), target.apply(call)),
                    call.response().getStatusCode()));
            call.next();
        };
    }

    private AuditTrail.Act act(RoutingContext call, String action, String target) {
        return new AuditTrail.Act(action, target, who(call), reason(call));
    }

    /** Payloads are what users wrote: whoever looks at them leaves a note, at once, since a tail has no end. */
    private void watch(RoutingContext call) {
        if (!TailView.isMasked(call)) {
            requireKeyOfPages(call);
            trail.record(act(call, "reveal_payloads", call.request().getParam("address", "")), 200);
        }
        call.next();
    }

    private static String published(RoutingContext call) {
        try {
            JsonObject body = call.body().asJsonObject();
            return body == null ? "" : body.getString("address", "");
        } catch (RuntimeException noObject) {
            return ""; // the call was refused for it
        }
    }

    private void passPages(RoutingContext call) {
        requireKeyOfPages(call);
        call.next();
    }

    private void requireKeyOfPages(RoutingContext call) {
        if (isPage(call)) {
            requirePageHeader(call);
            requireKey(call);
        }
    }

    private static boolean isPage(RoutingContext call) {
        return call.request().getHeader("Origin") != null || call.request().getHeader(PAGE_HEADER) != null;
    }

    /** A page of another origin can send a form, but no header of its own. */
    private static void requirePageHeader(RoutingContext call) {
        if (isPage(call) && call.request().getHeader(PAGE_HEADER) == null) {
            throw new HubException(
                    ErrorCode.ACCESS_DENIED, "a web page that changes something has to send " + PAGE_HEADER);
        }
    }

    private void requireKey(RoutingContext call) {
        if (needsKey() && admin(call).isEmpty()) {
            throw new HubException(
                    ErrorCode.NOT_LOGGED_IN, "this changes something: send an admin key as " + KEY_HEADER);
        }
    }

    /** Tells whether changing something takes a key. */
    boolean needsKey() {
        return config.get().auth().apiKeys().stream()
                .anyMatch(key -> key.admin() && !key.name().equals(AuthConfig.DEVELOPMENT_OPERATOR));
    }

    /** Tells whether the caller may change something. */
    boolean mayChange(RoutingContext call) {
        return !needsKey() || admin(call).isPresent();
    }

    /** Returns the name of the caller's key; {@code loopback} when it sent none. */
    String who(RoutingContext call) {
        return admin(call).orElse(LOOPBACK);
    }

    private Optional<String> admin(RoutingContext call) {
        return Optional.ofNullable(call.request().getHeader(KEY_HEADER))
                .flatMap(apiKeys::find)
                .filter(service -> service.key().admin())
                .map(Caller.Service::name);
    }

    private static String reason(RoutingContext call) {
        String written =
                Optional.ofNullable(call.request().getHeader(REASON_HEADER)).orElse("");
        try {
            return URLDecoder.decode(written, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException asItIs) {
            return written;
        }
    }
}
