package dev.hubbub.gateway;

import dev.hubbub.auth.Caller;
import dev.hubbub.auth.Identity;
import dev.hubbub.auth.TokenVerifier;
import dev.hubbub.config.AuthConfig;
import dev.hubbub.config.AuthConfig.Jwt;
import dev.hubbub.config.AuthConfig.Secret;
import dev.hubbub.config.HttpConfig;
import dev.hubbub.config.HubConfig;
import dev.hubbub.config.LimitsConfig;
import dev.hubbub.config.LogConfig;
import dev.hubbub.config.TracingConfig;
import dev.hubbub.messaging.Connections;
import dev.hubbub.messaging.EventBatch;
import dev.hubbub.messaging.Outcome;
import dev.hubbub.messaging.PublishCommand;
import dev.hubbub.messaging.Publisher;
import dev.hubbub.messaging.Recipient;
import dev.hubbub.messaging.Requests;
import dev.hubbub.messaging.SubscribeOptions;
import dev.hubbub.messaging.Subscriber;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A hub without a hub: remembers what the gateway asks of messaging and does what a test says. */
final class FakeHub implements Publisher, Subscriber, Requests, Connections, TokenVerifier {
    volatile boolean draining;
    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<Recipient> subscribed = new CopyOnWriteArrayList<>();
    final List<PublishCommand> published = new CopyOnWriteArrayList<>();
    final List<SubscribeOptions> options = new CopyOnWriteArrayList<>();
    final AtomicInteger ids = new AtomicInteger();
    final Promise<Identity> slow = Promise.promise();
    List<String> origins = List.of();
    boolean anonymous;
    int pending = 1 << 20;
    int frameBytes = 64 * 1024;
    int subscriptions = 500;
    LimitsConfig.Rate rate = new LimitsConfig.Rate(1_000, Duration.ofSeconds(1), 2_000);
    Duration leeway = Duration.ZERO;
    long expiresAtMillis = Long.MAX_VALUE;
    Future<Void> admission = Future.succeededFuture();
    Future<Void> identification = Future.succeededFuture();

    @Nullable
    HubException refusal;

    private long offset;

    GatewayContext context(Vertx vertx, Clock clock) {
        return new GatewayContext(
                vertx,
                this::config,
                this,
                this,
                this,
                this,
                this,
                clock,
                () -> new ConnectionId("c-" + ids.incrementAndGet()));
    }

    @SuppressWarnings("NullAway") // Rooms that the gateway never asks are left out.
    HubConfig config() {
        return new HubConfig(
                new HttpConfig("127.0.0.1", 0, origins, Optional.empty()),
                null,
                null,
                new AuthConfig(
                        Optional.of(new Jwt(new Secret("x"), Optional.empty(), Optional.empty(), leeway)),
                        List.of(),
                        anonymous),
                null,
                null,
                null,
                new LimitsConfig(100, 20, 100, subscriptions, frameBytes, rate, pending, LimitsConfig.Node.standard()),
                Optional.empty(),
                List.of(),
                LogConfig.DEFAULT,
                TracingConfig.NONE);
    }

    /** Makes a batch with one event for each text, to an address that nobody checks. */
    EventBatch batch(String address, String... texts) {
        List<EventFrame> events = new ArrayList<>();
        for (String text : texts) {
            events.add(event(address, text, Optional.empty()));
        }
        return new EventBatch(new Address(address), events);
    }

    EventFrame event(String address, String text, Optional<ConnectionId> notBackTo) {
        Buffer json = new JsonObject().put("text", text).toBuffer();
        EventContent content = new EventContent(
                "e" + offset, Optional.empty(), "k", Optional.empty(), EventContent.NO_VERSION, 0, 0, json);
        return new EventFrame(
                new Address(address), Optional.of(new Position("E", "1-n", ++offset)), content, notBackTo);
    }

    @Override
    public Future<Identity> verify(String token) {
        calls.add("verify " + token);
        if (token.equals("slow")) {
            return slow.future();
        }
        if (token.startsWith("bad")) {
            return Future.failedFuture(new HubException(ErrorCode.NOT_LOGGED_IN, "the token is not valid"));
        }
        if (token.equals("throw")) {
            throw new IllegalStateException("a fault in the verifier");
        }
        return Future.succeededFuture(identity(token));
    }

    Identity identity(String user) {
        return new Identity(Optional.of(user), Map.of("sub", user), Optional.empty(), 0, expiresAtMillis);
    }

    @Override
    public Future<List<Outcome>> publish(Caller caller, List<PublishCommand> commands) {
        published.addAll(commands);
        calls.add("publish " + caller.name() + " " + commands.get(0).address());
        HubException no = refusal;
        Outcome outcome = no != null ? new Outcome.Refused(no) : new Outcome.Published("e1", Optional.empty(), false);
        return Future.succeededFuture(List.of(outcome));
    }

    @Override
    public void subscribe(Recipient recipient, String address, SubscribeOptions asked) {
        calls.add("subscribe " + address);
        options.add(asked);
        if (address.startsWith("denied")) {
            recipient.refuse(new Address(address), new HubException(ErrorCode.ACCESS_DENIED, "no rule allows it"));
            return;
        }
        subscribed.add(recipient);
        if (asked.notices()) {
            recipient.notice(new Recipient.Notice.Subscribed(new Address(address), new Position("E", "1-n", 0)));
        }
    }

    @Override
    public void unsubscribe(Recipient recipient, Address address) {
        calls.add("unsubscribe " + address);
    }

    @Override
    public Future<Void> setState(Recipient recipient, @Nullable Object body) {
        calls.add("state " + body);
        return body instanceof JsonObject
                ? Future.succeededFuture()
                : Future.failedFuture(new HubException(ErrorCode.BAD_EVENT, "no state"));
    }

    @Override
    public void drained(Recipient recipient) {
        calls.add("drained");
    }

    @Override
    public void judgeAgain(Recipient recipient) {
        calls.add("judgeAgain " + recipient.caller().name());
    }

    @Override
    public void close(Recipient recipient) {
        calls.add("close");
        subscribed.remove(recipient);
    }

    @Override
    public Future<@Nullable Object> send(
            Caller.User caller,
            ConnectionId connection,
            String address,
            @Nullable Object body,
            Map<String, String> headers) {
        calls.add("send " + caller.name() + " " + address);
        HubException no = refusal;
        if (no != null) {
            return Future.failedFuture(no);
        }
        return address.equals("broken")
                ? Future.failedFuture(new IllegalStateException("a fault in a service"))
                : Future.succeededFuture(new JsonObject().put("echo", body));
    }

    @Override
    public boolean isDraining() {
        return draining;
    }

    @Override
    public Future<Void> open(Connection connection) {
        calls.add("open " + connection.transport());
        return admission;
    }

    @Override
    public Future<Void> identified(Connection connection, Identity identity) {
        calls.add("identified " + identity.subject().orElse("-"));
        return identification;
    }

    @Override
    public void closed(Connection connection) {
        calls.add("closed");
    }

    @Override
    public Future<List<Entry>> of(Caller caller, String user) {
        throw new UnsupportedOperationException("not asked by sockets");
    }

    @Override
    public Future<Integer> disconnect(Caller caller, String user) {
        throw new UnsupportedOperationException("not asked by sockets");
    }

    @Override
    public Future<Integer> revoke(Caller caller, Revocation revocation) {
        throw new UnsupportedOperationException("not asked by sockets");
    }

    @Override
    public void requireNotRevoked(Identity identity) {
        throw new UnsupportedOperationException("not asked by sockets");
    }

    @Override
    public void requirePatience(dev.hubbub.auth.Caller.ConnectionInfo from) {
        // Nobody has to wait here.
    }

    @Override
    public void countRequest(dev.hubbub.auth.Caller.User user) {
        // Everybody may ask as often as they like.
    }

    @Override
    public void refused(dev.hubbub.auth.Caller.User user, HubException why) {
        refusals.add(why.code());
    }

    @Override
    public void cut(Connection connection, CloseCode code) {
        cuts.add(code);
    }

    final java.util.List<dev.hubbub.protocol.ErrorCode> refusals = new java.util.concurrent.CopyOnWriteArrayList<>();
    final java.util.List<CloseCode> cuts = new java.util.concurrent.CopyOnWriteArrayList<>();
}
