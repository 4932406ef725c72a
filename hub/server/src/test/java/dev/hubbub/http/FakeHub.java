package dev.hubbub.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.auth.Caller;
import dev.hubbub.auth.Identity;
import dev.hubbub.messaging.Connections;
import dev.hubbub.messaging.Explainer;
import dev.hubbub.messaging.History;
import dev.hubbub.messaging.Outcome;
import dev.hubbub.messaging.PublishCommand;
import dev.hubbub.messaging.Publisher;
import dev.hubbub.messaging.Recipient;
import dev.hubbub.messaging.Rosters;
import dev.hubbub.messaging.SubscribeOptions;
import dev.hubbub.messaging.Subscriber;
import dev.hubbub.permission.Action;
import dev.hubbub.permission.Decision;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A hub that remembers what it was asked and answers what a test tells it; safe to look at from any thread. */
final class FakeHub implements Publisher, History, Rosters, Subscriber, Connections, Explainer {
    static final Position POSITION = new Position("E1", "1-n1", 7);

    volatile boolean draining;
    volatile List<String> origins = List.of();
    volatile boolean anonymous;
    final MovableClock clock = new MovableClock();
    volatile int pendingBytes = 1 << 20;

    final List<String> asked = new CopyOnWriteArrayList<>();
    final List<PublishCommand> published = new CopyOnWriteArrayList<>();
    final List<Caller> callers = new CopyOnWriteArrayList<>();
    final BlockingQueue<Subscribed> subscribed = new LinkedBlockingQueue<>();
    final BlockingQueue<String> drained = new LinkedBlockingQueue<>();
    final BlockingQueue<String> counted = new LinkedBlockingQueue<>();

    volatile Function<PublishCommand, Outcome> outcome =
            command -> new Outcome.Published("e-1", Optional.of(POSITION), false);
    volatile BiFunction<String, String, Future<Page>> pages =
            (verb, address) -> Future.succeededFuture(new Page(List.of(), Optional.empty(), false));
    volatile Future<Void> admission = Future.succeededFuture();

    private volatile @Nullable Context loop;

    record Subscribed(Recipient recipient, String address, SubscribeOptions options) {}

    Context loop() {
        return Objects.requireNonNull(loop);
    }

    static EventFrame event(String address, long offset, String json) {
        EventContent content = new EventContent(
                "e-" + offset,
                Optional.of("t"),
                "k",
                Optional.empty(),
                EventContent.NO_VERSION,
                0,
                0,
                Buffer.buffer(json));
        return new EventFrame(
                new Address(address), Optional.of(new Position("E1", "1-n1", offset)), content, Optional.empty());
    }

    @Override
    public Future<List<Outcome>> publish(Caller caller, List<PublishCommand> commands) {
        callers.add(caller);
        published.addAll(commands);
        return Future.succeededFuture(commands.stream().map(outcome).toList());
    }

    private Future<Page> page(Caller caller, String verb, String address) {
        callers.add(caller);
        asked.add(verb);
        return pages.apply(verb, address);
    }

    @Override
    public Future<Page> after(Caller caller, String address, Optional<String> position, int limit) {
        return page(caller, "after " + address + " " + position.orElse("-") + " " + limit, address);
    }

    @Override
    public Future<Page> recent(Caller caller, String address, int limit) {
        return page(caller, "recent " + address + " " + limit, address);
    }

    @Override
    public Future<Page> search(Caller caller, String address, String text, int limit) {
        return page(caller, "search " + address + " " + text + " " + limit, address);
    }

    @Override
    public Future<AddressCounts> counts(Caller caller, String address) {
        asked.add("counts " + address);
        return Future.succeededFuture(counts(address));
    }

    private static AddressCounts counts(String address) {
        return new AddressCounts(
                new Address(address), "log", 3, 2, 5, Optional.of(POSITION), Optional.of(POSITION), Map.of("t@1", 5));
    }

    @Override
    public Future<List<AddressCounts>> list(Caller caller, String pattern, int limit) {
        asked.add("list " + pattern + " " + limit);
        return Future.succeededFuture(List.of(counts("room:1")));
    }

    @Override
    public void subscribe(Recipient recipient, String address, SubscribeOptions options) {
        loop = Vertx.currentContext();
        subscribed.add(new Subscribed(recipient, address, options));
    }

    @Override
    public void unsubscribe(Recipient recipient, Address address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<RosterPage> roster(Caller caller, String address, int limit, Optional<String> after) {
        asked.add("roster " + address + " " + limit + " " + after.orElse("-"));
        JsonArray roster = new JsonArray()
                .add(new JsonObject()
                        .put("user", "bob")
                        .put("claims", new JsonObject().put("sub", "bob"))
                        .put(
                                "devices",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("id", "c1")
                                                .put("since", "2026-01-01T00:00:00Z")
                                                .putNull("state")))
                        .putNull("state"));
        return address.equals("plain:1")
                ? Future.failedFuture(new HubException(ErrorCode.NOT_FOUND, "no roster is kept of plain:1"))
                : Future.succeededFuture(new RosterPage(new Address(address), 7, 9, roster, true));
    }

    @Override
    public Future<Void> setState(Recipient recipient, @Nullable Object body) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void drained(Recipient recipient) {
        drained.add(recipient.connection().value());
    }

    @Override
    public void judgeAgain(Recipient recipient) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close(Recipient recipient) {
        counted.add("unsubscribed " + recipient.connection());
    }

    @Override
    public boolean isDraining() {
        return draining;
    }

    @Override
    public Future<Void> open(Connection connection) {
        counted.add("open " + connection.connection() + " " + connection.transport());
        return admission;
    }

    @Override
    public Future<Void> identified(Connection connection, Identity identity) {
        counted.add("identified " + connection.connection() + " "
                + identity.subject().orElse("-"));
        return Future.succeededFuture();
    }

    @Override
    public void closed(Connection connection) {
        counted.add("closed " + connection.connection());
    }

    @Override
    public Future<List<Entry>> of(Caller caller, String user) {
        asked.add("of " + user);
        return Future.succeededFuture(List.of(new Entry(
                new ConnectionId("c-9"), user, "10.0.0.1", "websocket", HttpFixture.NOW.toEpochMilli(), "n1")));
    }

    @Override
    public Future<Integer> disconnect(Caller caller, String user) {
        asked.add("disconnect " + user);
        return admin(caller, 2);
    }

    @Override
    public Future<Integer> revoke(Caller caller, Revocation revocation) {
        asked.add("revoke " + revocation);
        return admin(caller, 1);
    }

    private static <T> Future<T> admin(Caller caller, T answer) {
        boolean admin =
                caller instanceof Caller.Service service && service.key().admin();
        return admin
                ? Future.succeededFuture(answer)
                : Future.failedFuture(new HubException(ErrorCode.ACCESS_DENIED, "this takes a key with admin rights"));
    }

    @Override
    public void requireNotRevoked(Identity identity) {
        if (identity.tokenId().isPresent()) {
            throw new HubException(ErrorCode.NOT_LOGGED_IN, "the token was revoked");
        }
    }

    @Override
    public Decision explain(Caller caller, Action action, String address) {
        callers.add(caller);
        asked.add("explain " + action.wireName() + " " + address);
        return new Decision(
                true,
                Optional.of("room:{id}"),
                Optional.of("hub.yaml:3:5"),
                Optional.of("claims.sub == id"),
                Map.of("id", "1"),
                "because");
    }

    /** Waits for the next thing of a queue. */
    static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing happened within 10 s");
        }
        return next;
    }

    /** Waits for the next thing of a queue, whatever it is. */
    static void skip(BlockingQueue<?> queue) throws InterruptedException {
        assertThat(next(queue)).isNotNull();
    }

    static HubException lost() {
        return new HubException(
                ErrorCode.POSITION_LOST,
                "what came after it is not retained",
                new JsonObject().put("position", POSITION.toString()).put("reason", "retention"));
    }

    /** Time that stands still until a test moves it. */
    static final class MovableClock extends Clock {
        private volatile Instant now = HttpFixture.NOW;

        void forward(Duration time) {
            now = now.plus(time);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return now;
        }
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
