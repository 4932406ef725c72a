package dev.hubbub.http;

import dev.hubbub.auth.Caller;
import dev.hubbub.messaging.SubscribeOptions;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Opens a stream of Server-Sent Events: {@code /sse?address=A&address=B}.
 *
 * <p>For users' tokens, and for nobody where the config says {@code anonymous}. What is wrong with the request, the
 * token or the number of connections is answered as everywhere, before the stream begins; what is wrong with one
 * address is told in the stream, so that the others go on.
 */
final class SseRoute implements Handler<RoutingContext> {
    private static final int MAX_ADDRESSES = 20;

    private final HttpContext hub;
    private final Authentication authentication;
    private final SseTiming timing;

    SseRoute(HttpContext hub, Authentication authentication, SseTiming timing) {
        this.timing = timing;
        this.hub = hub;
        this.authentication = authentication;
    }

    @Override
    public void handle(RoutingContext ctx) {
        if (ctx.request().headers().contains("X-API-Key")) {
            throw new HubException(
                    ErrorCode.ACCESS_DENIED, "streams are for users' tokens; a key reads /api/v1/addresses/{a}/events");
        }
        if (hub.connections().isDraining()) {
            throw new HubException(ErrorCode.UNAVAILABLE, "this node is going away; connect again, to another one");
        }
        Map<Address, SubscribeOptions> wanted = wanted(ctx.request());
        authentication.user(ctx.request()).onComplete(caller -> open(ctx, caller, wanted), ctx::fail);
    }

    private void open(RoutingContext ctx, Caller.User caller, Map<Address, SubscribeOptions> wanted) {
        SseStream stream = new SseStream(hub, timing, ctx.response(), caller, wanted, tellsStart(ctx.request()));
        // A client that leaves while it is being counted in must be counted out again.
        ctx.response().closeHandler(gone -> stream.closed());
        hub.connections()
                .open(stream)
                .compose(counted -> hub.connections().identified(stream, caller.identity()))
                .onComplete(admitted -> stream.start(), refused -> {
                    if (refused instanceof HubException why) {
                        hub.connections().refused(caller, why);
                    }
                    refuse(ctx, stream, refused);
                });
    }

    /**
     * A browser's {@code EventSource} takes any status but 200 for the end of all tries; where there is a wait to tell,
     * it is told in a stream, which it comes back to.
     */
    private static void refuse(RoutingContext ctx, SseStream stream, Throwable refused) {
        boolean isEventSource =
                String.valueOf(ctx.request().getHeader(HttpHeaders.ACCEPT)).contains("text/event-stream");
        if (isEventSource
                && refused instanceof HubException why
                && why.details().getValue("retryAfterMillis") instanceof Number wait) {
            stream.close(CloseCode.GOING_AWAY, "reconnect in " + wait + " ms");
        } else {
            stream.closed();
            ctx.fail(refused);
        }
    }

    private static Map<Address, SubscribeOptions> wanted(HttpServerRequest request) {
        Set<Address> addresses = new LinkedHashSet<>();
        RequestValues.queryAll(request, "address").forEach(text -> addresses.add(new Address(text)));
        if (addresses.isEmpty() || addresses.size() > MAX_ADDRESSES) {
            throw new HubException(
                    ErrorCode.BAD_REQUEST, "name 1 to " + MAX_ADDRESSES + " addresses, each as address=A in the query");
        }
        Optional<SseCursor.Resume> resume = RequestValues.header(request, "Last-Event-ID")
                .or(() -> RequestValues.query(request, "lastEventId"))
                .filter(text -> !text.isEmpty())
                .map(SseCursor::read);
        OptionalInt recent = recent(request);
        Optional<String> given = position(request, addresses.size());
        Map<Address, SubscribeOptions> wanted = new LinkedHashMap<>();
        for (Address address : addresses) {
            Optional<String> position =
                    resume.flatMap(known -> known.position(address.value())).or(() -> given);
            wanted.put(address, new SubscribeOptions(position, recent, false, true));
        }
        return wanted;
    }

    /** A client that keeps positions itself, as one that changes over from a socket does, has no cursor. */
    private static Optional<String> position(HttpServerRequest request, int addresses) {
        Optional<String> position = RequestValues.query(request, "position");
        if (position.isPresent() && addresses > 1) {
            throw new HubException(
                    ErrorCode.BAD_REQUEST, "position is for a stream of one address; others resume by id");
        }
        return position;
    }

    private static boolean tellsStart(HttpServerRequest request) {
        return RequestValues.query(request, "notices").filter("true"::equals).isPresent();
    }

    private static OptionalInt recent(HttpServerRequest request) {
        Optional<String> text = RequestValues.query(request, "recent");
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        if (!text.get().matches("[1-9]\\d{0,3}") || Integer.parseInt(text.get()) > SubscribeOptions.MAX_RECENT) {
            throw new HubException(
                    ErrorCode.BAD_REQUEST, "recent is a whole number from 1 to " + SubscribeOptions.MAX_RECENT);
        }
        return OptionalInt.of(Integer.parseInt(text.get()));
    }
}
