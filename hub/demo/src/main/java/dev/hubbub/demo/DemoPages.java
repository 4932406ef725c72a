package dev.hubbub.demo;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The demos' pages and sources, as the build wrote them; nothing inline, nothing from elsewhere, by their policy.
 *
 * <p>They are read from the folder at each request and never cached by browsers, as sources are while one works on
 * them.
 */
final class DemoPages {
    private final Path web;
    private final String policy;

    DemoPages(DemoSettings settings) {
        this.web = settings.web();
        this.policy = policy(settings.isBehindTheHub() ? List.of() : settings.hubUrls());
    }

    private static String policy(List<String> hubs) {
        String connect = hubs.stream()
                .map(hub -> " " + hub + " " + hub.replaceFirst("http", "ws"))
                .collect(Collectors.joining());
        return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'" + connect
                + "; frame-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
    }

    void mount(Router router) {
        router.route("/demo/*").handler(this::secure);
        if (!Files.isDirectory(web)) {
            router.get("/demo/*").handler(DemoPages::notBuilt);
            return;
        }
        router.get("/demo/source/*").handler(ctx -> {
            ctx.response().putHeader("Content-Type", "text/plain; charset=utf-8");
            ctx.next();
        });
        router.get("/demo/*").handler(ctx -> {
            String path = ctx.normalizedPath();
            if (!path.startsWith("/demo/")) {
                redirect(ctx.response(), "/demo/");
            } else if (path.length() > 6 && path.indexOf('.') < 0 && !path.startsWith("/demo/source/")) {
                ctx.reroute(path.replaceFirst("/$", "") + ".html");
            } else {
                ctx.next();
            }
        });
        router.get("/demo/*")
                .handler(StaticHandler.create(
                                FileSystemAccess.ROOT, web.toAbsolutePath().toString())
                        .setCachingEnabled(false)
                        .setDefaultContentEncoding("UTF-8"));
    }

    private void secure(RoutingContext ctx) {
        ctx.response()
                .putHeader("Content-Security-Policy", policy)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cache-Control", "no-store");
        ctx.next();
    }

    private static void redirect(HttpServerResponse response, String to) {
        response.setStatusCode(302).putHeader("Location", to).end().onFailure(gone -> {});
    }

    private static void notBuilt(RoutingContext ctx) {
        ctx.response()
                .setStatusCode(503)
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .end(
                        "The demos' pages are not built: that needs Node 20 or newer. Install it and start scripts/hub again.\n")
                .onFailure(ctx::fail);
    }
}
