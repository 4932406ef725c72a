package dev.hubbub;

import dev.hubbub.auth.HashedApiKeys;
import dev.hubbub.auth.TokenVerifier;
import dev.hubbub.auth.TokenVerifiers;
import dev.hubbub.config.AuthConfig;
import dev.hubbub.config.HubConfig;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.telemetry.LogControl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * Makes of a config what is in force: reads files on a worker, compiles, fetches keys.
 *
 * <p>Nothing is in force before all of it succeeded.
 */
final class ConfigReload {
    private final Vertx vertx;
    private final ConfigSource source;
    private final Clock clock;
    private final LogControl log;

    ConfigReload(Vertx vertx, ConfigSource source, Clock clock, LogControl log) {
        this.log = log;
        this.vertx = vertx;
        this.source = source;
        this.clock = clock;
    }

    Vertx vertx() {
        return vertx;
    }

    /** Puts in force what a config says of the log. */
    void applyLog(HubConfig config) {
        log.apply(config.log());
    }

    /** Returns the file that is read. */
    Path file() {
        return source.file();
    }

    /** Tells whether the operator wants to start with an unsafe config. */
    boolean insecure() {
        return source.insecure();
    }

    /** Reads the source for the first time; says whether it means development mode. */
    Future<HubConfig> read() {
        return vertx.executeBlocking(source::load, false);
    }

    /** Compiles a config; fails with {@code ConfigException} or in plain words. */
    Future<LiveConfig> compile(HubConfig config) {
        return vertx.executeBlocking(() -> ConfigSource.compile(config), false)
                .compose(compiled -> verifier(config.auth())
                        .map(verifier -> new LiveConfig(
                                config,
                                compiled.rules(),
                                compiled.contracts(),
                                verifier,
                                new HashedApiKeys(config.auth().apiKeys()))));
    }

    private Future<TokenVerifier> verifier(AuthConfig auth) {
        Optional<AuthConfig.Jwt> jwt = auth.jwt();
        return jwt.isPresent()
                ? TokenVerifiers.create(vertx, jwt.get(), clock)
                : Future.succeededFuture(token -> Future.failedFuture(new HubException(
                        ErrorCode.NOT_LOGGED_IN, "this hub takes no tokens: auth.jwt is not configured")));
    }
}
