package dev.hubbub.auth;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys from a JWKS URL, fetched again as they rotate.
 *
 * <p>A fetch happens when the keys are older than {@link #MAX_AGE} and somebody asks, or when a token names an unknown
 * key; askers share it, and there is at most one each {@link #MIN_PAUSE} whatever tokens arrive. When it fails the last
 * good keys stay; a document without a usable key counts as a failure. There is no timer: nothing to stop.
 *
 * <p>The event loop that created it owns the state of fetching; {@code keys} alone is read by all.
 */
final class JwksKeys implements KeyProvider {
    static final Duration MAX_AGE = Duration.ofMinutes(5);
    static final Duration MIN_PAUSE = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(JwksKeys.class);

    private final Vertx vertx;
    private final Context owner;
    private final JwksFetcher fetcher;
    private final Clock clock;
    private volatile KeySet keys;
    private volatile long triedAtMillis;
    private @Nullable Future<KeySet> fetching;

    private JwksKeys(Vertx vertx, JwksFetcher fetcher, Clock clock, KeySet first) {
        this.vertx = vertx;
        this.owner = vertx.getOrCreateContext();
        this.fetcher = fetcher;
        this.clock = clock;
        this.keys = first;
        this.triedAtMillis = clock.millis();
    }

    /** Fetches the first keys; fails with an {@link IllegalArgumentException} when there are none to be had. */
    static Future<JwksKeys> start(Vertx vertx, URI url, Clock clock) {
        try {
            JwksFetcher fetcher = new JwksFetcher(vertx, url);
            return fetcher.fetch().map(first -> new JwksKeys(vertx, fetcher, clock, first));
        } catch (IllegalArgumentException bad) {
            return Future.failedFuture(bad);
        }
    }

    @Override
    public Future<KeySet> current() {
        return isOlderThan(MAX_AGE) ? fetchOnce(() -> isOlderThan(MAX_AGE)) : Future.succeededFuture(keys);
    }

    @Override
    public Future<KeySet> refreshed() {
        return fetchOnce(() -> isOlderThan(MIN_PAUSE));
    }

    private boolean isOlderThan(Duration age) {
        return clock.millis() - triedAtMillis >= age.toMillis();
    }

    /** Runs on the owner and answers on the asker's own event loop. */
    private Future<KeySet> fetchOnce(BooleanSupplier due) {
        Context asker = vertx.getOrCreateContext();
        Promise<KeySet> answer = Promise.promise();
        owner.runOnContext(turn ->
                fetchOnOwner(due).onComplete(done -> asker.runOnContext(back -> answer.complete(done.result()))));
        return answer.future();
    }

    private Future<KeySet> fetchOnOwner(BooleanSupplier due) {
        Future<KeySet> running = fetching;
        if (running != null) {
            return running;
        }
        if (!due.getAsBoolean()) {
            return Future.succeededFuture(keys);
        }
        triedAtMillis = clock.millis();
        Future<KeySet> started = fetcher.fetch().transform(this::settle);
        fetching = started;
        // A fetch that ended at once has been settled before the line above.
        if (started.isComplete()) {
            fetching = null;
        }
        return started;
    }

    private Future<KeySet> settle(AsyncResult<KeySet> fetched) {
        fetching = null;
        if (fetched.succeeded()) {
            keys = fetched.result();
            LOG.info("fetched JWKS keys={}", keys.keys().size());
        } else {
            LOG.warn(
                    "JWKS fetch failed, the last good keys stay reason=\"{}\"",
                    fetched.cause().getMessage());
        }
        return Future.succeededFuture(keys);
    }
}
