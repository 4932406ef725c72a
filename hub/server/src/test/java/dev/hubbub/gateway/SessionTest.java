package dev.hubbub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.attack.Attack;
import dev.hubbub.auth.Caller.ConnectionInfo;
import dev.hubbub.config.LimitsConfig;
import dev.hubbub.messaging.EventBatch;
import dev.hubbub.messaging.Recipient.Notice;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.FrameCodec;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One session against fakes: what it says to whom, when it waits, and when it ends. */
class SessionTest {
    private static final String AUTH =
            "{\"type\":\"send\",\"address\":\"hub.auth\",\"replyAddress\":\"r1\",\"body\":{\"token\":\"%s\"}}";

    private final Vertx vertx = Vertx.vertx();
    private final FakeHub hub = new FakeHub();
    private final FakeTransport socket = new FakeTransport();
    private final TickingClock clock = new TickingClock();
    private final io.vertx.core.Context context = vertx.getOrCreateContext();

    /** A clock that a test moves. */
    private static final class TickingClock extends Clock {
        final AtomicLong millis = new AtomicLong(1_000_000);

        void move(long by) {
            millis.set(millis.get() + by);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis.get());
        }
    }

    /** A session and its loop. */
    private record Open(GatewayLoop loop, Session session) {}

    @AfterEach
    void close() {
        TestGateway.await(vertx.close());
    }

    private void run(Runnable task) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(v -> {
            try {
                task.run();
                // Whatever the task put off runs before this.
                context.runOnContext(w -> done.complete());
            } catch (RuntimeException | AssertionError e) {
                done.fail(e);
            }
        });
        TestGateway.await(done.future());
    }

    private Open open(Optional<String> token) {
        Promise<Open> opened = Promise.promise();
        run(() -> {
            GatewayLoop loop = new GatewayLoop(hub.context(vertx, clock));
            Session session = new Session(loop, socket, new ConnectionInfo("192.0.2.1", "test"));
            session.open(token);
            opened.complete(new Open(loop, session));
        });
        return TestGateway.await(opened.future());
    }

    private Open alice() {
        return open(Optional.of("alice"));
    }

    private void say(Open open, String... frames) {
        run(() -> {
            for (String frame : frames) {
                open.session().received(FrameCodec.decode(frame));
            }
        });
    }

    private void pass(Open open, long millis) {
        pass(open.loop(), millis);
    }

    private void pass(GatewayLoop loop, long millis) {
        run(() -> {
            for (long passed = 0; passed < millis; passed += 1_000) {
                clock.move(1_000);
                loop.wheel().advance(clock.millis.get());
            }
        });
    }

    private boolean deliver(Open open, EventBatch batch) {
        boolean[] took = {false};
        run(() -> took[0] = open.session().deliver(batch));
        return took[0];
    }

    private JsonObject last() {
        return new JsonObject(socket.sent.get(socket.sent.size() - 1));
    }

    private static String register(String address, String headers) {
        return "{\"type\":\"register\",\"address\":\"" + address + "\",\"headers\":" + headers + "}";
    }

    @Test
    void registerPassesItsHeadersAndAnswersNothing() {
        say(alice(), register("room:1", "{\"position\":\"E.1-n:5\",\"recent\":7,\"presence\":\"true\"}"));
        assertThat(hub.options).singleElement().satisfies(options -> {
            assertThat(options.position()).contains("E.1-n:5");
            assertThat(options.recent()).hasValue(7);
            assertThat(options.presence()).isTrue();
            assertThat(options.notices()).isFalse();
        });
        assertThat(socket.sent).isEmpty();
    }

    @Test
    void noticesAreToldToWhomAsked() {
        Open open = alice();
        say(open, register("room:1", "{\"notices\":\"true\"}"));
        assertThat(last())
                .isEqualTo(
                        new JsonObject(
                                "{\"event\":\"hub.subscribed\",\"message\":{\"address\":\"room:1\",\"position\":\"E.1-n:0\"}}"));
        run(() -> open.session().notice(new Notice.Recovered(new Address("room:1"), new Position("E", "1-n", 4), 4)));
        assertThat(last().getJsonObject("message").getInteger("events")).isEqualTo(4);
    }

    @Test
    void badRecentIsRefusedAboutItsAddress() {
        Open open = alice();
        for (String recent : List.of("0", "-1", "1001", "ten", "", "1.5", "99999999999")) {
            say(open, register("room:1", "{\"recent\":\"" + recent + "\"}"));
            assertThat(last().getString("failureType")).as(recent).isEqualTo("BAD_FRAME");
            assertThat(last().getString("address")).isEqualTo("room:1");
        }
        assertThat(hub.subscribed).isEmpty();
    }

    @Test
    void sendIsAnsweredAtItsReplyAddress() {
        Open open = alice();
        say(open, "{\"type\":\"send\",\"address\":\"service:x\",\"replyAddress\":\"r7\",\"body\":5}");
        assertThat(last()).isEqualTo(new JsonObject("{\"type\":\"rec\",\"address\":\"r7\",\"body\":{\"echo\":5}}"));
        hub.refusal = new HubException(ErrorCode.ACCESS_DENIED, "no");
        say(open, "{\"type\":\"send\",\"address\":\"service:x\",\"replyAddress\":\"r8\",\"body\":5}");
        assertThat(last().getString("address")).isEqualTo("r8");
        assertThat(last().getInteger("failureCode")).isEqualTo(1);
    }

    @Test
    void unexpectedFailureIsUnavailableAndSaysNothingOfItsInside() {
        say(alice(), "{\"type\":\"send\",\"address\":\"broken\",\"replyAddress\":\"r7\",\"body\":5}");
        assertThat(last().getString("failureType")).isEqualTo("UNAVAILABLE");
        assertThat(last().encode()).doesNotContain("fault in a service");
    }

    @Test
    void refusedPublishIsToldAboutItsAddress() {
        Open open = alice();
        say(open, "{\"type\":\"publish\",\"address\":\"room:1\",\"body\":5,\"headers\":{\"echo\":\"false\"}}");
        assertThat(hub.published.get(0).notBackTo()).contains(open.session().connection());
        assertThat(socket.sent).isEmpty();
        hub.refusal = new HubException(ErrorCode.STALE_VERSION, "stale", new JsonObject().put("currentVersion", 3));
        say(open, "{\"type\":\"publish\",\"address\":\"room:1\",\"body\":5}");
        assertThat(hub.published.get(1).notBackTo()).isEmpty();
        assertThat(last().getString("address")).isEqualTo("room:1");
        assertThat(last().getJsonObject("details").getInteger("currentVersion")).isEqualTo(3);
    }

    @Test
    void ownEventsAreLeftOutForWhomAskedAndNobodyElse() {
        Open open = alice();
        ConnectionId own = open.session().connection();
        EventBatch batch = new EventBatch(
                new Address("room:1"),
                List.of(
                        hub.event("room:1", "mine", Optional.of(own)),
                        hub.event("room:1", "other's", Optional.of(new ConnectionId("x"))),
                        hub.event("room:1", "all", Optional.empty())));
        assertThat(deliver(open, batch)).isTrue();
        assertThat(socket.events).containsExactly("other's", "all");
    }

    @Test
    @Attack("S29")
    void subscriptionLimitHoldsUnderPipelining() {
        hub.subscriptions = 2;
        Open open = alice();
        say(open, register("a", "{}"), register("b", "{}"), register("c", "{}"), register("a", "{}"));
        assertThat(hub.calls).contains("subscribe a", "subscribe b").doesNotContain("subscribe c");
        assertThat(last().getString("failureType")).isEqualTo("LIMIT_REACHED");
        assertThat(last().getString("address")).isEqualTo("c");
        say(open, "{\"type\":\"unregister\",\"address\":\"a\"}", register("denied:1", "{}"), register("d", "{}"));
        assertThat(hub.calls).contains("unsubscribe a", "subscribe denied:1", "subscribe d");
        run(() -> open.session().refuse(new Address("d"), new HubException(ErrorCode.POSITION_LOST, "gone")));
        say(open, register("e", "{}"));
        assertThat(hub.calls).doesNotContain("subscribe e");
    }

    @Test
    @Attack("S8")
    void nothingPassesBeforeLoginAndTenSecondsLaterItCloses() {
        Open open = open(Optional.empty());
        say(
                open,
                register("room:1", "{}"),
                "{\"type\":\"publish\",\"address\":\"room:2\",\"body\":1}",
                "{\"type\":\"send\",\"address\":\"room:3\",\"replyAddress\":\"r\",\"body\":1}");
        assertThat(socket.sent).hasSize(3).allMatch(text -> text.contains("NOT_LOGGED_IN"));
        assertThat(socket.sent.get(2)).contains("\"address\":\"r\"");
        assertThat(hub.calls).containsExactly("open fake");
        assertThat(deliver(open, hub.batch("room:1", "x"))).isFalse();
        pass(open, 9_000);
        assertThat(socket.closes).isEmpty();
        pass(open, 2_000);
        assertThat(socket.closes).singleElement().asString().startsWith("4401");
        assertThat(hub.calls).contains("close", "closed");
    }

    @Test
    void anonymousConnectionIsServedWhereTheConfigSaysSo() {
        hub.anonymous = true;
        Open open = open(Optional.empty());
        say(open, register("room:1", "{}"));
        assertThat(hub.calls).contains("subscribe room:1");
        pass(open, 20_000);
        assertThat(socket.closes).isEmpty();
    }

    @Test
    void framesWaitInOrderWhileTheTokenIsVerified() {
        Open open = open(Optional.of("slow"));
        say(open, register("a", "{}"), "{\"type\":\"ping\"}", register("b", "{}"));
        assertThat(hub.calls).doesNotContain("subscribe a");
        run(() -> hub.slow.complete(hub.identity("alice")));
        assertThat(hub.calls).containsSubsequence("identified alice", "subscribe a", "subscribe b");
        assertThat(socket.sent).containsExactly("{\"type\":\"pong\"}");
    }

    @Test
    void aClientRegistersAtOnceForAllThatItMayHaveWhateverTheRateOfMessages() {
        hub.rate = new LimitsConfig.Rate(10, Duration.ofSeconds(1), 20);
        hub.subscriptions = 60;
        Open open = open(Optional.of("slow"));
        for (int i = 0; i < 60; i++) {
            say(open, register("a" + i, "{}"));
        }
        run(() -> hub.slow.complete(hub.identity("alice")));
        assertThat(hub.calls.stream().filter(call -> call.startsWith("subscribe")))
                .hasSize(60);
        say(open, register("a0", "{}"));
        assertThat(socket.sent).singleElement().asString().contains("RATE_LIMITED", "\"address\":\"a0\"");
        assertThat(socket.closes).isEmpty();
    }

    @Test
    @Attack("S8")
    void waitingFramesAreBounded() {
        hub.rate = new LimitsConfig.Rate(10, Duration.ofSeconds(1), 20);
        hub.subscriptions = 20;
        Open open = open(Optional.of("slow"));
        for (int i = 0; i < 21; i++) {
            say(open, "{\"type\":\"ping\"}");
        }
        assertThat(socket.closes).singleElement().asString().startsWith("4429");
    }

    @Test
    void verificationWithoutAnswerEndsAtTheDeadline() {
        Open open = open(Optional.of("slow"));
        pass(open, 12_000);
        assertThat(socket.closes).singleElement().asString().startsWith("4401");
    }

    @Test
    @Attack("S22")
    void refreshKeepsTheUserAndJudgesSubscriptionsAgain() {
        Open open = alice();
        say(open, AUTH.formatted("alice"));
        assertThat(hub.calls).contains("judgeAgain alice");
        assertThat(last().getString("address")).isEqualTo("r1");
        say(open, AUTH.formatted("bad"));
        assertThat(last().getString("failureType")).isEqualTo("NOT_LOGGED_IN");
        assertThat(socket.closes).isEmpty();
        say(open, AUTH.formatted("bob"));
        assertThat(last().getString("failureType")).isEqualTo("ACCESS_DENIED");
        assertThat(socket.closes).singleElement().asString().startsWith("4403");
        assertThat(open.session().caller().name()).isEqualTo("alice");
    }

    @Test
    void faultInTheVerifierIsUnavailable() {
        assertThat(open(Optional.of("throw")).session().isOver()).isFalse();
        assertThat(last().getString("failureType")).isEqualTo("UNAVAILABLE");
    }

    @Test
    void connectionBeyondTheLimitIsToldAndClosedWith4409() {
        hub.admission = Future.failedFuture(new HubException(ErrorCode.LIMIT_REACHED, "too many"));
        open(Optional.of("alice")).session().heard();
        assertThat(last().getString("failureType")).isEqualTo("LIMIT_REACHED");
        assertThat(socket.closes).containsExactly("4409 too many");
        assertThat(hub.calls).doesNotContain("verify alice");
    }

    @Test
    void userBeyondTheLimitIsClosedWith4409() {
        hub.identification = Future.failedFuture(new HubException(ErrorCode.LIMIT_REACHED, "too many"));
        assertThat(alice().session().isOver()).isTrue();
        assertThat(socket.closes).containsExactly("4409 too many");
    }

    @Test
    @Attack("S23")
    void noEventPassesAfterExpiryAndLeeway() {
        hub.expiresAtMillis = clock.millis.get() + 5_000;
        hub.leeway = Duration.ofSeconds(2);
        Open open = alice();
        clock.move(6_999);
        assertThat(deliver(open, hub.batch("a", "in time"))).isTrue();
        clock.move(1);
        assertThat(deliver(open, hub.batch("a", "late"))).isFalse();
        assertThat(socket.events).containsExactly("in time");
        assertThat(socket.closes).singleElement().asString().startsWith("4401");
    }

    @Test
    @Attack("S23")
    void expiryClosesASilentConnectionToo() {
        hub.expiresAtMillis = clock.millis.get() + 5_000;
        Open open = alice();
        pass(open, 4_000);
        assertThat(socket.closes).isEmpty();
        pass(open, 2_000);
        assertThat(socket.closes).singleElement().asString().startsWith("4401");
    }

    @Test
    @Attack("S23")
    void nothingIsDoneInAnExpiredName() {
        hub.expiresAtMillis = clock.millis.get() + 5_000;
        Open open = alice();
        clock.move(5_000);
        say(open, "{\"type\":\"publish\",\"address\":\"a\",\"body\":1}");
        assertThat(hub.published).isEmpty();
        assertThat(socket.closes).singleElement().asString().startsWith("4401");
    }

    @Test
    void tooFastIsToldWhenToComeBackAndClosedWhenItGoesOn() {
        hub.rate = new LimitsConfig.Rate(10, Duration.ofSeconds(1), 20);
        Open open = alice();
        for (int i = 0; i < 21; i++) {
            say(open, "{\"type\":\"publish\",\"address\":\"a\",\"body\":1}");
        }
        assertThat(hub.published).hasSize(20);
        assertThat(last().getString("failureType")).isEqualTo("RATE_LIMITED");
        assertThat(last().getString("address")).isEqualTo("a");
        assertThat(last().getJsonObject("details").getLong("retryAfterMillis")).isBetween(1L, 100L);
        clock.move(100);
        say(open, "{\"type\":\"publish\",\"address\":\"a\",\"body\":1}");
        assertThat(hub.published).hasSize(21);
        for (int i = 0; i < 30; i++) {
            say(open, "{\"type\":\"publish\",\"address\":\"a\",\"body\":1}");
        }
        assertThat(socket.closes).singleElement().asString().startsWith("4429");
    }

    @Test
    void floodOfBadFramesCloses() {
        Open open = alice();
        for (int i = 0; i < Inbox.MOST_BAD_FRAMES - 1; i++) {
            say(open, "nonsense");
        }
        assertThat(socket.closes).isEmpty();
        say(open, "nonsense");
        assertThat(socket.closes).singleElement().asString().startsWith("4403");
    }

    @Test
    void slowClientTakesNoMoreEventsUntilItHasCaughtUpToHalf() {
        hub.pending = 1_000;
        Open open = alice();
        socket.unsent = 1_001;
        assertThat(deliver(open, hub.batch("a", "x"))).isFalse();
        socket.unsent = 501;
        run(open.session()::drained);
        assertThat(hub.calls).doesNotContain("drained");
        socket.unsent = 500;
        run(open.session()::drained);
        assertThat(hub.calls).containsOnlyOnce("drained");
        run(open.session()::drained);
        assertThat(hub.calls).containsOnlyOnce("drained");
        assertThat(deliver(open, hub.batch("a", "y"))).isTrue();
    }

    @Test
    void clientThatReadsNothingFor30SecondsIsClosedWith4408() {
        hub.pending = 1_000;
        Open open = alice();
        socket.unsent = 2_000;
        assertThat(deliver(open, hub.batch("a", "x"))).isFalse();
        pass(open, 20_000);
        socket.left = 1;
        pass(open, 30_000);
        assertThat(socket.closes).isEmpty();
        pass(open, 15_000);
        assertThat(socket.closes).singleElement().asString().startsWith("4408");
    }

    @Test
    void framesThatAreNotEventsAreBoundedToo() {
        hub.pending = 1_000;
        Open open = alice();
        socket.unsent = 2_001;
        say(open, "{\"type\":\"ping\"}");
        assertThat(socket.sent).isEmpty();
        assertThat(socket.closes).singleElement().asString().startsWith("4408");
    }

    @Test
    void silentClientIsPingedAndCutAfterTwoUnanswered() {
        Open open = alice();
        pass(open, 26_000);
        assertThat(socket.pings).isEqualTo(1);
        run(open.session()::heard);
        pass(open, 50_000);
        assertThat(socket.pings).isEqualTo(3);
        assertThat(socket.aborted).isFalse();
        pass(open, 26_000);
        assertThat(socket.aborted).isTrue();
        assertThat(hub.calls).contains("close", "closed");
    }

    @Test
    void clientsThatCameTogetherAreNotPingedTogether() {
        hub.anonymous = true;
        List<FakeTransport> crowd =
                Stream.generate(FakeTransport::new).limit(1_000).toList();
        GatewayLoop[] loop = new GatewayLoop[1];
        run(() -> {
            loop[0] = new GatewayLoop(hub.context(vertx, clock));
            crowd.forEach(
                    one -> new Session(loop[0], one, new ConnectionInfo("192.0.2.1", "test")).open(Optional.empty()));
        });
        List<Integer> pingsOfSeconds = new ArrayList<>();
        int before = 0;
        for (int second = 0; second < 26; second++) {
            pass(loop[0], 1_000);
            int now = crowd.stream().mapToInt(one -> one.pings).sum();
            pingsOfSeconds.add(now - before);
            before = now;
        }
        assertThat(crowd).allMatch(one -> one.pings == 1);
        assertThat(pingsOfSeconds.subList(0, 11)).containsOnly(0);
        assertThat(pingsOfSeconds).allMatch(pings -> pings < 200);
    }

    @Test
    @Attack("S28")
    void endedSessionIsEndedOnce() {
        Open open = alice();
        run(() -> {
            open.session().gone();
            open.session().gone();
            open.session().goAway(5);
        });
        say(open, register("a", "{}"));
        assertThat(hub.calls)
                .containsOnlyOnce("close")
                .containsOnlyOnce("closed")
                .doesNotContain("subscribe a");
        assertThat(open.loop().sessions()).isEmpty();
        assertThat(deliver(open, hub.batch("a", "x"))).isFalse();
    }
}
