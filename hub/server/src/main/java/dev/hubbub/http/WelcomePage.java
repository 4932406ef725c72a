package dev.hubbub.http;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * In development: the page at {@code /} with a playground, and {@code /dev/token}, which makes a token for anybody.
 *
 * <p>The page loads nothing from elsewhere and its policy forbids to: no inline code, no other origin. Nothing of this
 * is mounted in production, and pages of other origins can never read {@code /dev/token}.
 */
final class WelcomePage {
    private static final int MAX_NAME = 100;
    /** Stands in the page for the address of the operators' listener. */
    private static final String OPS = "{{ops}}";
    /** What the page says of the demos. */
    private static final Pattern DEMOS = Pattern.compile("\\s*<!-- demos -->.*<!-- /demos -->", Pattern.DOTALL);

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final HttpContext hub;

    WelcomePage(HttpContext hub) {
        this.hub = hub;
    }

    /** Adds the page, its files and, when the hub can make them, tokens. */
    void mount(Router router) {
        String whole = read("/http/welcome/index.html").toString();
        String page = hub.demoPort().isPresent() ? whole : DEMOS.matcher(whole).replaceAll("");
        serve(
                router,
                "/",
                "text/html; charset=utf-8",
                () -> Buffer.buffer(page.replace(OPS, hub.opsUrl().get())));
        serve(router, "/welcome/welcome.css", "welcome.css", "text/css; charset=utf-8");
        serve(router, "/welcome/welcome.js", "welcome.js", "text/javascript; charset=utf-8");
        serve(router, "/welcome/icon.svg", "icon.svg", "image/svg+xml");
        hub.developmentTokens().ifPresent(tokens -> router.get("/dev/token").handler(ctx -> token(ctx, tokens)));
    }

    private static void serve(Router router, String path, String resource, String type) {
        Buffer content = read("/http/welcome/" + resource);
        serve(router, path, type, () -> content);
    }

    private static void serve(Router router, String path, String type, Supplier<Buffer> content) {
        router.get(path).handler(ctx -> {
            ResponseHeaders.secure(ctx.response());
            ctx.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, type)
                    .putHeader("Content-Security-Policy", POLICY)
                    .putHeader("Referrer-Policy", "no-referrer")
                    .end(content.get())
                    .onFailure(ctx::fail);
        });
    }

    private static void token(RoutingContext ctx, Function<String, String> tokens) {
        String sub = RequestValues.query(ctx.request(), "sub").orElse("");
        if (sub.isBlank() || sub.length() > MAX_NAME) {
            throw new HubException(ErrorCode.BAD_REQUEST, "sub: a user's name of 1 to " + MAX_NAME + " characters");
        }
        ResponseHeaders.secure(ctx.response());
        ctx.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                .end(tokens.apply(sub))
                .onFailure(ctx::fail);
    }

    private static Buffer read(String resource) {
        try (InputStream in = WelcomePage.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("resource is missing: " + resource);
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
