package dev.hubbub.http;

import dev.hubbub.auth.ApiKeys;
import dev.hubbub.auth.TokenVerifier;
import dev.hubbub.config.HubConfig;
import dev.hubbub.messaging.Connections;
import dev.hubbub.messaging.Explainer;
import dev.hubbub.messaging.History;
import dev.hubbub.messaging.Publisher;
import dev.hubbub.messaging.Rosters;
import dev.hubbub.messaging.Subscriber;
import dev.hubbub.protocol.ConnectionId;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What the HTTP room is given to work with.
 *
 * @param vertx runs its timers
 * @param config the config in force, read anew for each request
 * @param tokens verifies users' tokens
 * @param keys knows the services' keys
 * @param publisher publishes
 * @param history reads what is retained
 * @param rosters reads who is where
 * @param subscriber subscribes the streams of this event loop
 * @param connections counts the streams in and out
 * @param explainer says what the rules decide
 * @param clock the time
 * @param connectionIds names new connections
 * @param development whether the welcome page and {@code /dev/token} are served
 * @param developmentTokens makes a token for a user name; looked at in development mode only
 * @param opsUrl where operators' calls go, for the welcome page; development mode is on this machine only
 * @param demoPort on which port of loopback the demos' back end listens, 0 while it does not; empty without one
 */
public record HttpContext(
        Vertx vertx,
        Supplier<HubConfig> config,
        TokenVerifier tokens,
        ApiKeys keys,
        Publisher publisher,
        History history,
        Rosters rosters,
        Subscriber subscriber,
        Connections connections,
        Explainer explainer,
        Clock clock,
        Supplier<ConnectionId> connectionIds,
        boolean development,
        Optional<Function<String, String>> developmentTokens,
        Supplier<String> opsUrl,
        Optional<IntSupplier> demoPort) {}
