package dev.hubbub.redis;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.RedisURI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to Redis: one connection, made again when it breaks, and used only when it is known whom it leads to.
 *
 * <p>Redis is another one after every restart and fail-over, even if it has its old data or most of it. Who it is, is
 * asked on every connection before anything else. Each run of the script is made for that Redis, under a name that
 * stands for it; and the script looks who runs it, since a Redis may be demoted and promoted again while connections to
 * it stay open. A replica, another one, and one that takes no writes do nothing.
 *
 * <p>A connection is given up, and never used again, if it has not answered within {@value #ANSWER_MILLIS} ms or if
 * Redis says anything against an operation, except about one address: the name may lead elsewhere by now. Opening
 * another takes {@value #ANSWER_MILLIS} ms at most, greeting and all. A circuit breaker lets a Redis that fails alone
 * for {@value #REST_MILLIS} ms at a time; meanwhile operations fail at once, and surely did nothing. An operation that
 * was answered before it could be sent never is.
 *
 * <p>Confined to one event loop. At most {@value #MOST_WAITING} operations are under way.
 */
final class RedisLink {
    static final int ANSWER_MILLIS = 1_500;
    static final int REST_MILLIS = 1_000;
    static final int MOST_WAITING = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final String MASTER = "master ";

    private final Vertx vertx;
    private final NetClient client;
    private final RedisURI uri;
    private final CircuitBreaker breaker;
    private final Buffer script;
    private final List<Runnable> listeners = new ArrayList<>();
    private @Nullable Connected connected;
    private @Nullable Future<Connected> connecting;
    private String lastIdentity = "";
    private int waiting;
    private long scriptFailures;
    private boolean up;
    /** Before the first operation nobody knows, so that its failure is news, too. */
    private boolean tried;

    /** Prepares the way; nothing is connected before the first operation. */
    RedisLink(Vertx vertx, String url, Buffer script) {
        this.vertx = vertx;
        this.script = script;
        this.uri = new RedisURI(url);
        this.client = RedisSocket.client(vertx, ANSWER_MILLIS);
        this.breaker = CircuitBreaker.create(
                        "redis",
                        vertx,
                        new CircuitBreakerOptions()
                                .setMaxFailures(3)
                                .setTimeout(2L * ANSWER_MILLIS)
                                .setResetTimeout(REST_MILLIS))
                .failurePolicy(done -> done.failed() && !isOfOneAddress(done.cause()));
    }

    /**
     * Runs the script.
     *
     * @return the answer; fails with {@link NotSent} if it surely did nothing, and with {@code UNAVAILABLE} if nobody
     *     knows
     */
    Future<Response> run(RedisScript operation) {
        if (waiting >= MOST_WAITING) {
            return Future.failedFuture(new NotSent("there are more operations under way than Redis is given"));
        }
        waiting++;
        Progress progress = new Progress();
        return breaker.<Response>execute(() -> connection().compose(to -> {
                    if (progress.answered) {
                        return Future.failedFuture(new NotSent("it was answered before it could be sent"));
                    }
                    progress.sent = true;
                    return answer(to, operation);
                }))
                .onComplete(done -> {
                    waiting--;
                    progress.answered = true;
                })
                .onSuccess(done -> isUp(true, "it answers"))
                .recover(failure -> Future.failedFuture(judge(failure, progress.sent)));
    }

    private Throwable judge(Throwable failure, boolean sent) {
        if (isOfOneAddress(failure)) {
            scriptFailures++;
            if (Long.bitCount(scriptFailures) == 1) {
                LOG.warn("redis_script_failed failures={} reason={}", scriptFailures, because(failure));
            }
            return unknown(failure);
        }
        isUp(false, because(failure));
        return sent && !(failure instanceof NotSent) ? unknown(failure) : new NotSent(because(failure));
    }

    /** After an answer that does not come in time, or is no answer, the connection is not to be trusted. */
    private Future<Response> answer(Connected to, RedisScript operation) {
        Promise<Response> answer = Promise.promise();
        long timer = vertx.setTimer(
                ANSWER_MILLIS, late -> answer.tryFail("Redis did not answer within " + ANSWER_MILLIS + " ms"));
        send(to, operation)
                .compose(RedisLink::verdict)
                .onSuccess(answer::tryComplete)
                .onFailure(answer::tryFail);
        return answer.future().onComplete(done -> vertx.cancelTimer(timer)).onFailure(failure -> {
            if (!isOfOneAddress(failure)) {
                giveUp(to, failure);
            }
        });
    }

    private Future<Response> send(Connected to, RedisScript operation) {
        Request request = operation.request(to.sha(), to.identity());
        return to.socket()
                .send(request)
                .recover(failure -> isUnknownScript(failure)
                        ? to.socket()
                                .send(RedisSocket.load(script))
                                .compose(loaded -> to.socket().send(request))
                        : Future.failedFuture(failure));
    }

    private static Future<Response> verdict(Response answer) {
        return switch (answer.get(0).toString()) {
            case "done" -> Future.succeededFuture(answer);
            case "another" -> Future.failedFuture(new NotSent("Redis is another one than before"));
            default -> Future.failedFuture(new NotSent("Redis takes no writes: " + answer.get(1)));
        };
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
        Promise<Connected> ready = Promise.promise();
        long timer = vertx.setTimer(
                ANSWER_MILLIS, late -> ready.tryFail("Redis did not let the hub in within " + ANSWER_MILLIS + " ms"));
        RedisSocket.open(vertx, client, uri, 2 * MOST_WAITING)
                .onSuccess(socket -> {
                    // At once, if it comes too late.
                    ready.future().onFailure(failure -> socket.giveUp());
                    socket.onEnd(reason -> ended(socket, reason));
                    introduce(socket).onSuccess(ready::tryComplete).onFailure(ready::tryFail);
                })
                .onFailure(ready::tryFail);
        return ready.future().onComplete(done -> vertx.cancelTimer(timer)).onSuccess(this::opened);
    }

    private Future<Connected> introduce(RedisSocket socket) {
        return socket.greet(script)
                .compose(sha -> socket.send(RedisScript.who().request(sha, ""))
                        .map(who -> new Connected(socket, who.toString(), sha)))
                .compose(met -> met.identity().startsWith(MASTER)
                        ? Future.succeededFuture(met)
                        : Future.failedFuture("Redis follows another one"));
    }

    private static boolean isUnknownScript(Throwable failure) {
        return String.valueOf(failure.getMessage()).startsWith("NOSCRIPT");
    }

    /** A command within the script failed, as when a key is of another kind; other addresses need not care. */
    private static boolean isOfOneAddress(Throwable failure) {
        return !(failure instanceof NotSent)
                && String.valueOf(failure.getMessage()).contains("user_script");
    }

    private void opened(Connected to) {
        connected = to;
        boolean another = !to.identity().equals(lastIdentity);
        LOG.info("redis_connected another={}", another);
        lastIdentity = to.identity();
    }

    private void ended(RedisSocket socket, Throwable reason) {
        Connected open = connected;
        if (open != null && open.socket() == socket) {
            giveUp(open, reason);
        }
    }

    private void giveUp(Connected to, Throwable reason) {
        if (to.equals(connected)) {
            connected = null;
            LOG.warn("redis_connection_given_up reason={}", because(reason));
            isUp(false, because(reason));
            to.socket().giveUp();
        }
    }

    private static String because(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message.strip();
    }

    private static HubException unknown(Throwable failure) {
        LOG.debug("redis_operation_failed", failure);
        return new HubException(
                ErrorCode.UNAVAILABLE, "the log store did not answer in time; what became of the event is unknown");
    }

    private void isUp(boolean now, String reason) {
        if (now != up || !tried) {
            tried = true;
            up = now;
            LOG.info("redis_state up={} reason={}", now, reason);
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

    private record Connected(RedisSocket socket, String identity, String sha) {}

    /** How far an operation has come. */
    private static final class Progress {
        private boolean sent;
        private boolean answered;
    }

    /** The operation surely did nothing. */
    static final class NotSent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotSent(String message) {
            super(message, null, false, false);
        }
    }
}
