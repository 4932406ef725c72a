package dev.hubbub.http;

import io.vertx.ext.web.Router;

/** x. */
final class WelcomePage {
    WelcomePage(HttpContext hub) {}

    void mount(Router router) {}
}
