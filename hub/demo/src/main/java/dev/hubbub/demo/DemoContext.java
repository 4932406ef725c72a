package dev.hubbub.demo;

import io.vertx.core.Vertx;

/**
 * What a demo's back end is given.
 *
 * @param vertx its timers
 * @param hub the hub, over its HTTP API
 * @param login the login service, for tokens that end
 */
public record DemoContext(Vertx vertx, DemoHub hub, DemoLogin login) {}
