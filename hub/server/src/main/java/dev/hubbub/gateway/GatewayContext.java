package dev.hubbub.gateway;

import dev.hubbub.auth.TokenVerifier;
import dev.hubbub.config.HubConfig;
import dev.hubbub.messaging.Connections;
import dev.hubbub.messaging.Publisher;
import dev.hubbub.messaging.Requests;
import dev.hubbub.messaging.Subscriber;
import dev.hubbub.protocol.ConnectionId;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * Everything the sockets of one event loop need from the hub.
 *
 * @param vertx runs the loop
 * @param config the running config; asked again for every connection, so that a reload reaches new ones
 * @param tokens verifies tokens
 * @param publisher publishes
 * @param subscriber subscribes the connections of this loop
 * @param requests answers {@code send} frames
 * @param connections admits connections
 * @param clock the time
 * @param ids makes names for connections
 */
public record GatewayContext(
        Vertx vertx,
        Supplier<HubConfig> config,
        TokenVerifier tokens,
        Publisher publisher,
        Subscriber subscriber,
        Requests requests,
        Connections connections,
        Clock clock,
        Supplier<ConnectionId> ids) {}
