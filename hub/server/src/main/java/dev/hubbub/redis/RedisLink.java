package dev.hubbub.redis;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to Redis: one connection, made again when it breaks, and used only when it is known whom it leads to.
 *
 * <p>Redis is another one after every restart and fail-over, even if it has its old data or most of it. Its run id and
 * replication id are asked on every connection before anything else, and what is appended over that connection is
 * appended under them. A connection that has not answered within {@value #ANSWER_MILLIS} ms is given up. A circuit
 * breaker lets a Redis that does not answer alone for {@value #REST_MILLIS} ms at a time; meanwhile operations fail at
 * once, and surely did nothing.
 *
 * <p>Confined to one event loop. At most {@value #MOST_WAITING} operations are under way.
 */
final class RedisLink {
    static final int ANSWER_MILLIS = 1_500;
    static final int REST_MILLIS = 1_000;
    static final int MOST_WAITING = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final Pattern RUN_ID = Pattern.compile("run_id:(\\w+)");
    private static final Pattern REPLICATION_ID = Pattern.compile("master_replid:(\\w+)");

    private final Vertx vertx;
    private final Redis redis;
    private final CircuitBreaker breaker;
    private final Buffer script;
    private final List<Runnable> listeners = new ArrayList<>();
    private @Nullable Connected connected;
    private @Nullable Future<Connected> connecting;
    private String lastIdentity = "";
    private int waiting;
    private boolean up;
    /** Before the first operation nobody knows, so that its failure is news, too. */
    private boolean tried;

    /** Prepares the way; nothing is connected before the first operation. */
    RedisLink(Vertx vertx, String url, Buffer script) {
        this.vertx = vertx;
        this.script = script;
        RedisOptions options = new RedisOptions().setConnectionString(url).setMaxWaitingHandlers(2 * MOST_WAITING);
        options.getNetClientOptions().setConnectTimeout(ANSWER_MILLIS).setTcpKeepAlive(true);
        this.redis = Redis.createClient(vertx, options);
        this.breaker = CircuitBreaker.create(
                "redis",
                vertx,
                new CircuitBreakerOptions()
                        .setMaxFailures(3)
                        .setTimeout(2L * ANSWER_MILLIS)
                        .setResetTimeout(REST_MILLIS));
    }

    /**
     * Runs the script.
     *
     * @param arguments the keys' number, the keys and the arguments, made for the identity of the Redis that will run
     *     it
     * @return the answer; fails with {@link NotSent} if it surely did nothing, and with {@code UNAVAILABLE} if nobody
     *     knows
     */
    Future<Response> run(Function<String, List<Buffer>> arguments) {
        return use(to -> {
            Request request = Request.cmd(Command.EVALSHA).arg(to.sha());
            arguments.apply(to.identity()).forEach(request::arg);
            return to.connection()
                    .send(request)
                    .recover(failure -> isUnknownScript(failure)
                            ? load(to.connection())
                                    .compose(sha -> to.connection().send(request))
                            : Future.failedFuture(failure));
        });
    }

    /** Sends one plain command. */
    Future<Response> send(Request request) {
        return use(to -> to.connection().send(request));
    }

    private Future<Response> use(Function<Connected, Future<Response>> operation) {
        if (waiting >= MOST_WAITING) {
            return Future.failedFuture(new NotSent("there are more operations under way than Redis is given"));
        }
        waiting++;
        Sent sent = new Sent();
        return breaker.<Response>execute(() -> connection().compose(to -> {
                    sent.toRedis = true;
                    return answer(to, operation);
                }))
                .onComplete(done -> waiting--)
                .onSuccess(done -> isUp(true))
                .recover(failure -> {
                    isUp(false);
                    return Future.failedFuture(
                            sent.toRedis ? unknown(failure) : new NotSent(String.valueOf(failure.getMessage())));
                });
    }

    /** An answer that does not come in time makes the whole connection suspect: what comes later is not waited for. */
    private Future<Response> answer(Connected to, Function<Connected, Future<Response>> operation) {
        Promise<Response> answer = Promise.promise();
        long timer = vertx.setTimer(ANSWER_MILLIS, late -> {
            if (answer.tryFail("Redis did not answer within " + ANSWER_MILLIS + " ms")) {
                drop(to);
            }
        });
        operation.apply(to).onComplete(done -> {
            if (vertx.cancelTimer(timer)) {
                answer.handle(done);
            }
        });
        return answer.future();
    }

    private Future<Connected> connection() {
        Connected open = connected;
        if (open != null) {
            return Future.succeededFuture(open);
        }
        Future<Connected> under = connecting;
        if (under == null) {
            under = connect().onComplete(done -> connecting = null);
            // It may have failed at once, and then nothing is under way.
            connecting = under.isComplete() ? null : under;
        }
        return under;
    }

    private Future<Connected> connect() {
        return redis.connect().compose(connection -> {
            Promise<Connected> ready = Promise.promise();
            long timer = vertx.setTimer(ANSWER_MILLIS, late -> ready.tryFail("Redis did not say who it is in time"));
            connection.exceptionHandler(failure -> lost(connection, failure));
            connection.endHandler(end -> lost(connection, new IllegalStateException("closed")));
            identity(connection)
                    .compose(identity -> load(connection).map(sha -> new Connected(connection, identity, sha)))
                    .onSuccess(ready::tryComplete)
                    .onFailure(ready::tryFail);
            return ready.future()
                    .onComplete(done -> vertx.cancelTimer(timer))
                    .onSuccess(this::opened)
                    .onFailure(failure -> close(connection));
        });
    }

    private static Future<String> identity(RedisConnection connection) {
        return connection.send(Request.cmd(Command.INFO)).compose(info -> {
            String text = info.toString(StandardCharsets.UTF_8);
            Matcher run = RUN_ID.matcher(text);
            Matcher replication = REPLICATION_ID.matcher(text);
            return run.find() && replication.find()
                    ? Future.succeededFuture(run.group(1) + replication.group(1))
                    : Future.failedFuture("Redis does not say its run_id and master_replid");
        });
    }

    private Future<String> load(RedisConnection connection) {
        return connection
                .send(Request.cmd(Command.SCRIPT).arg("LOAD").arg(script))
                .map(sha -> sha.toString(StandardCharsets.US_ASCII));
    }

    private static boolean isUnknownScript(Throwable failure) {
        return String.valueOf(failure.getMessage()).startsWith("NOSCRIPT");
    }

    private void opened(Connected to) {
        connected = to;
        boolean another = !to.identity().equals(lastIdentity);
        LOG.info("redis_connected another={}", another);
        lastIdentity = to.identity();
    }

    private void lost(RedisConnection connection, Throwable reason) {
        Connected open = connected;
        if (open != null && open.connection() == connection) {
            LOG.warn("redis_connection_lost reason={}", reason.getMessage());
            connected = null;
            isUp(false);
        }
    }

    private void drop(Connected to) {
        lost(to.connection(), new IllegalStateException("no answer"));
        close(to.connection());
    }

    private static void close(RedisConnection connection) {
        connection.close().onFailure(failure -> LOG.debug("redis_connection_closed_already", failure));
    }

    private static HubException unknown(Throwable failure) {
        LOG.debug("redis_operation_failed", failure);
        return new HubException(
                ErrorCode.UNAVAILABLE, "the log store did not answer in time; what became of the event is unknown");
    }

    private void isUp(boolean now) {
        if (now != up || !tried) {
            tried = true;
            up = now;
            LOG.info("redis_state up={}", now);
            listeners.forEach(Runnable::run);
        }
    }

    boolean isUp() {
        return up;
    }

    /** Calls {@code listener} whenever Redis comes or goes. */
    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Returns 16 characters that stand for the owner on this Redis. */
    static String ownerOn(String identity, String owner) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest((identity + owner).getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest, 0, 8).toUpperCase(Locale.ROOT);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private record Connected(RedisConnection connection, String identity, String sha) {}

    /** Whether an operation has left for Redis. */
    private static final class Sent {
        private boolean toRedis;
    }

    /** The operation surely did nothing. */
    static final class NotSent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotSent(String message) {
            super(message, null, false, false);
        }
    }
}
