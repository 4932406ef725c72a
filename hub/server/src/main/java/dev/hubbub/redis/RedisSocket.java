package dev.hubbub.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.PoolOptions;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.RESPParser;
import io.vertx.redis.client.impl.RedisStandaloneConnection;
import io.vertx.redis.client.impl.RedisURI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One connection to Redis that can be got rid of.
 *
 * <p>The client library's own connections cannot: closed, they go back into its pool, whatever has become of them, and
 * one that is never greeted is not given to anybody. So this takes the library's protocol, and keeps the TCP connection
 * in its own hands.
 *
 * <p>Confined to one event loop.
 */
final class RedisSocket {
    private static final int MOST_NESTED = 16;

    private final NetSocket socket;
    private final RedisConnection connection;
    private final RedisURI uri;

    private RedisSocket(RedisStandaloneConnection connection, NetSocket socket, RedisURI uri) {
        this.connection = connection;
        this.socket = socket;
        this.uri = uri;
    }

    /** Makes what opens connections; there need be only one. */
    static NetClient client(Vertx vertx, int patienceMillis) {
        return vertx.createNetClient(new NetClientOptions()
                .setConnectTimeout(patienceMillis)
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true)
                // A connection that is closed is reset: what has not left for Redis by then never does.
                .setSoLinger(0));
    }

    /**
     * Opens a connection, on the event loop that will use it.
     *
     * @param mostWaiting how many commands may be unanswered
     */
    static Future<RedisSocket> open(Vertx vertx, NetClient client, RedisURI uri, int mostWaiting) {
        ConnectOptions to = new ConnectOptions()
                .setRemoteAddress(uri.socketAddress())
                .setSslOptions(new ClientSSLOptions()
                        .setSslHandshakeTimeout(RedisLink.ANSWER_MILLIS)
                        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS));
        return client.connect(to)
                .compose(socket -> uri.ssl() ? socket.upgradeToSsl().map(socket) : Future.succeededFuture(socket))
                .map(socket -> speaking((VertxInternal) vertx, socket, uri, mostWaiting));
    }

    private static RedisSocket speaking(VertxInternal vertx, NetSocket socket, RedisURI uri, int mostWaiting) {
        ContextInternal loop = vertx.getOrCreateContext();
        RedisStandaloneConnection connection = new RedisStandaloneConnection(
                vertx, loop, null, socket, new PoolOptions(), mostWaiting, uri, null, TracingPolicy.IGNORE);
        socket.handler(new RESPParser(connection, MOST_NESTED))
                .closeHandler(connection::end)
                .exceptionHandler(connection::fail);
        return new RedisSocket(connection, socket, uri);
    }

    /** Calls {@code listener} when the connection ends, by whomever. */
    void onEnd(Consumer<Throwable> listener) {
        connection.exceptionHandler(listener::accept);
        connection.endHandler(end -> listener.accept(new IllegalStateException("the connection was closed")));
    }

    /** Says who is there, as the URL has it, and brings the script; returns the script's digest. */
    Future<String> greet(Buffer script) {
        List<Request> greeting = new ArrayList<>();
        if (uri.password() != null) {
            Request auth = Request.cmd(Command.AUTH);
            greeting.add((uri.user() == null ? auth : auth.arg(uri.user())).arg(uri.password()));
        }
        if (uri.select() != null) {
            greeting.add(Request.cmd(Command.SELECT).arg(uri.select()));
        }
        greeting.add(load(script));
        return connection
                .batch(greeting)
                .map(answers -> answers.get(answers.size() - 1).toString(StandardCharsets.US_ASCII));
    }

    /** Brings a script. */
    static Request load(Buffer script) {
        return Request.cmd(Command.SCRIPT).arg("LOAD").arg(script);
    }

    /** Sends a command; fails with what Redis says against it, or if the connection ends before the answer. */
    Future<Response> send(Request request) {
        return connection.send(request);
    }

    /** Ends the connection at once, whatever is on its way; may be called again. */
    void giveUp() {
        // Not through the socket, which first waits until all is written.
        var unused = ((NetSocketInternal) socket).channelHandlerContext().close();
    }
}
