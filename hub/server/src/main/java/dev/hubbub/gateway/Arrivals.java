package dev.hubbub.gateway;

import dev.hubbub.auth.Caller;
import dev.hubbub.auth.Caller.ConnectionInfo;
import dev.hubbub.auth.ClientAddress;
import dev.hubbub.auth.Identity;
import dev.hubbub.config.HubConfig;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds TCP connections to time while they are no sockets: a request that does not arrive keeps no place.
 *
 * <p>The first request line and its headers have {@value #HEAD_MILLIS} ms, a body {@value #BODY_MILLIS} ms from there
 * on, and a connection that is kept {@value #IDLE_MILLIS} ms until the next request is there, however many bytes of it
 * dribble in. An answer may take as long as it likes. One address has on each loop at most four times
 * {@code limits.connectionsPerIp} connections, {@value #LEAST_PER_ADDRESS} at least; proxies of {@code http.proxies}
 * have all that come. Looked at once a second; confined to its loop.
 */
final class Arrivals {
    static final long HEAD_MILLIS = 10_000;
    static final long BODY_MILLIS = 30_000;
    static final long IDLE_MILLIS = 75_000;

    private static final int LEAST_PER_ADDRESS = 1_000;
    private static final int FOLD = 4;
    private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);

    private final GatewayLoop loop;
    private final Map<Channel, Arrival> open = new HashMap<>();
    private final Map<String, Integer> ofAddress = new HashMap<>();

    /** How far one connection is. */
    private static final class Arrival {
        private final String address;
        private long untilMillis;
        private @Nullable HttpServerRequest request;
        private boolean over;

        private Arrival(String address, long untilMillis) {
            this.address = address;
            this.untilMillis = untilMillis;
        }
    }

    Arrivals(GatewayLoop loop) {
        this.loop = loop;
    }

    /** Takes a new connection, or closes it when there are too many. */
    void opened(HttpConnection connection) {
        Channel channel = ((ConnectionBase) connection).channel();
        String address = connection.remoteAddress().hostAddress();
        HubConfig config = loop.hub().config().get();
        long most = Math.max(LEAST_PER_ADDRESS, (long) FOLD * config.limits().connectionsPerIp());
        boolean full = open.size() >= (long) FOLD * config.limits().connections()
                || (ofAddress.getOrDefault(address, 0) >= most && !ClientAddress.isProxy(address, config.http()));
        if (full) {
            loop.hub()
                    .connections()
                    .refused(
                            new Caller.User(Identity.anonymous(), new ConnectionInfo(address, "")),
                            new HubException(ErrorCode.LIMIT_REACHED, "too many TCP connections"));
            close(channel);
            return;
        }
        open.put(channel, new Arrival(address, loop.hub().clock().millis() + HEAD_MILLIS));
        ofAddress.merge(address, 1, Integer::sum);
        // Not the connection's own handler: that is not called any more once it is a socket.
        channel.closeFuture().addListener(closed -> loop.onLoop(() -> forget(channel)));
    }

    /** A request's head is there; returns whether it may be looked at: not behind one that was refused. */
    boolean arrived(HttpServerRequest request) {
        Arrival arrival = open.get(((ConnectionBase) request.connection()).channel());
        if (arrival == null || arrival.over) {
            return false;
        }
        arrival.request = request;
        arrival.untilMillis = loop.hub().clock().millis() + BODY_MILLIS;
        return true;
    }

    /** Nothing that comes on this connection from now on is looked at: it is about to be closed. */
    void end(HttpServerRequest request) {
        Arrival arrival = open.get(((ConnectionBase) request.connection()).channel());
        if (arrival != null) {
            arrival.over = true;
        }
    }

    /** A connection is closed, or a socket from now on. */
    void forget(Channel channel) {
        Arrival gone = open.remove(channel);
        if (gone != null) {
            ofAddress.computeIfPresent(gone.address, (address, count) -> count > 1 ? count - 1 : null);
        }
    }

    int count() {
        return open.size();
    }

    /** Ends what takes too long. */
    void look(long nowMillis) {
        new ArrayList<>(open.entrySet()).forEach(entry -> look(entry.getKey(), entry.getValue(), nowMillis));
    }

    private void look(Channel channel, Arrival arrival, long nowMillis) {
        HttpServerRequest request = arrival.request;
        if (request == null) {
            if (nowMillis >= arrival.untilMillis) {
                close(channel);
            }
        } else if (!request.isEnded()) {
            if (nowMillis >= arrival.untilMillis) {
                tooSlow(channel, request.response());
            }
        } else if (request.response().ended()) {
            arrival.request = null;
            arrival.untilMillis = nowMillis + IDLE_MILLIS;
        }
    }

    private static void tooSlow(Channel channel, HttpServerResponse response) {
        if (response.headWritten() || response.ended()) {
            close(channel);
            return;
        }
        response.setStatusCode(408)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CONNECTION, "close")
                .end(RequestGuard.body("timeout", "the request took too long to arrive"))
                .onComplete(said -> close(channel));
    }

    static void close(Channel channel) {
        ChannelFuture closed = channel.close();
        closed.addListener(done -> LOG.trace("connection closed channel={}", channel));
    }
}
