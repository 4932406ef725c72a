package dev.hubbub.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.AddressRule;
import dev.hubbub.config.AddressRule.Expression;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.config.SourcePosition;
import dev.hubbub.config.TraceConfig;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import dev.hubbub.telemetry.EventTrail;
import dev.hubbub.trace.TraceLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What a feed does when its owner, its rule or one of its members misbehaves. */
class FeedFaultsTest {
    private final FakeReplay replay = new FakeReplay();
    private final List<Runnable> timers = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LoopContext loop = new LoopContext(
            replay,
            "inbox",
            (millis, action) -> timers.add(action),
            new Meters(registry),
            LoopRoom.unlimited((millis, action) -> timers.add(action)),
            new Accounting(registry, "0"),
            new TraceLog(TraceConfig.DEFAULT, 1, Clock.systemUTC()),
            EventTrail.NONE);
    private final RecordingRecipient alice = new RecordingRecipient();
    private final RecordingRecipient bob = new RecordingRecipient();

    private static AddressRule rule(DeliveryKind kind, long everyMillis, long keepBytes) {
        return new AddressRule(
                0,
                new Expression("room:{id}", SourcePosition.DEFAULT),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                kind,
                Duration.ofMillis(everyMillis),
                new AddressRule.Keep(1_000, Duration.ofHours(1), keepBytes),
                Optional.empty(),
                List.of(),
                false,
                AddressRule.Body.EVENT);
    }

    private Feed feed(DeliveryKind kind, long everyMillis) {
        return new Feed(FakeReplay.ADDRESS, rule(kind, everyMillis, 1_000_000), loop);
    }

    private static Subscription live(Recipient recipient) {
        return new Subscription(
                recipient,
                FakeReplay.ADDRESS,
                new SubscribeOptions(Optional.empty(), OptionalInt.empty(), false, true));
    }

    private static Subscription after(Recipient recipient, long offset) {
        String position = new Position("E1", "1-a", offset).toString();
        return new Subscription(
                recipient,
                FakeReplay.ADDRESS,
                new SubscribeOptions(Optional.of(position), OptionalInt.empty(), false, true));
    }

    private void runTimers() {
        List<Runnable> due = new ArrayList<>(timers);
        timers.clear();
        due.forEach(Runnable::run);
    }

    @Test
    void aReadThatFailedIsTriedAgainLaterAndAnsweredOnce() {
        for (int i = 0; i < 3; i++) {
            replay.keep("k");
        }
        Feed feed = feed(DeliveryKind.LOG, 0);
        feed.join(live(bob));
        replay.readsFail = true;
        feed.join(after(alice, 0));
        replay.readsFail = false;
        feed.events(List.of(replay.add("k")));
        assertThat(replay.reads).isEqualTo(1);

        runTimers();
        feed.events(List.of(replay.add("k")));

        assertThat(alice.offsets()).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void anOutageIsToldOnceAndRetriedOnceHoweverManyComeMeanwhile() {
        replay.unavailable = true;
        Feed feed = feed(DeliveryKind.LOG, 0);
        feed.join(live(alice));
        feed.join(live(bob));
        for (int second = 0; second < 5; second++) {
            runTimers();
        }

        assertThat(timers).hasSize(1);
        assertThat(replay.attaches).isEqualTo(6);
        assertThat(alice.notices).containsExactly(new Recipient.Notice.Degraded(FakeReplay.ADDRESS));
        assertThat(bob.notices).containsExactly(new Recipient.Notice.Degraded(FakeReplay.ADDRESS));
    }

    @Test
    void aHeadThatTheLogDoesNotReachAnyMoreIsGivenUp() {
        replay.keep("k");
        replay.keep("k");
        replay.keep("never safe");
        Feed feed = feed(DeliveryKind.LOG, 0);
        feed.join(after(alice, 3));
        replay.log.remove(2); // its owner died before a copy had it

        RecordingRecipient bob = new RecordingRecipient();
        feed.join(after(bob, 2));

        assertThat(bob.notices)
                .contains(new Recipient.Notice.Subscribed(FakeReplay.ADDRESS, new Position("E1", "1-a", 2)));
        assertThat(alice.refusals).as("who was told the place that never was").hasSize(1);
        feed.events(List.of(replay.add("k")));
        assertThat(bob.offsets()).containsExactly(3L);
        assertThat(alice.offsets()).containsExactly(3L);
        assertThat(replay.reads).isLessThan(5);
    }

    @Test
    void aReadThatFailsAgainAndAgainIsToldOnce() {
        replay.keep("k");
        Feed feed = feed(DeliveryKind.LOG, 0);
        replay.readsFail = true;
        feed.join(after(alice, 0));
        runTimers();
        runTimers();

        assertThat(alice.notices).containsExactly(new Recipient.Notice.Degraded(FakeReplay.ADDRESS));
    }

    @Test
    void subscribersWhoWantTheSameAtTheSameTimeAreOneQuestionToTheOwner() {
        replay.keep("k");
        Feed feed = feed(DeliveryKind.LOG, 0);
        feed.join(live(new RecordingRecipient()));
        replay.answerAtOnce = false;
        feed.join(after(alice, 0));
        feed.join(after(bob, 0));
        replay.answerAll();

        assertThat(replay.reads).isEqualTo(1);
        assertThat(alice.offsets()).containsExactly(1L);
        assertThat(bob.offsets()).containsExactly(1L);
    }

    @Test
    void aSignalOnItsWayDuringAReloadIsNothingToALog() {
        Feed feed = feed(DeliveryKind.LOG, 0);
        feed.join(live(alice));
        EventFrame placed = FakeReplay.event("E1", 1, "k");

        EventFrame signal = new EventFrame(FakeReplay.ADDRESS, Optional.empty(), placed.content(), Optional.empty());
        feed.events(List.of(signal));
        feed.events(List.of(replay.add("k"), signal, replay.add("k")));

        assertThat(alice.offsets()).containsExactly(1L, 2L);
    }

    @Test
    void aConnectionThatBreaksOverAnEventTakesItFromNobodyElse() {
        Feed feed = feed(DeliveryKind.LOG, 0);
        RecordingRecipient broken = new RecordingRecipient();
        feed.join(live(alice));
        feed.join(live(broken));
        feed.join(live(bob));
        broken.breaks = true;

        feed.events(List.of(replay.add("k")));
        broken.breaks = false;
        feed.events(List.of(replay.add("k")));
        runTimers();

        assertThat(alice.offsets()).containsExactly(1L, 2L);
        assertThat(bob.offsets()).containsExactly(1L, 2L);
        assertThat(broken.offsets()).isEmpty();
        assertThat(broken.refusals.get(0).code()).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void aValueWhoseDeliveryWasLostIsFetched() {
        Feed feed = feed(DeliveryKind.LATEST, 0);
        feed.join(live(alice));
        feed.events(List.of(replay.add("gold")));
        replay.keep("tin"); // its delivery is lost

        feed.events(List.of(replay.add("gold")));

        assertThat(alice.offsets()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aHeldBackValueNeverReplacesANewerOneThatWasFetched() {
        Feed feed = feed(DeliveryKind.LATEST, 100);
        feed.join(live(alice));
        feed.events(List.of(replay.add("gold")));
        feed.events(List.of(replay.add("tin"))); // held back
        replay.keep("tin"); // lost
        feed.events(List.of(replay.add("gold")));
        runTimers();

        assertThat(alice.offsets()).isSorted().containsExactly(1L, 3L, 4L);
    }

    @Test
    void thePlaceThatANewcomerIsToldIsBeforeWhatIsStillHeldBack() {
        Feed feed = feed(DeliveryKind.LATEST, 100);
        feed.join(live(bob));
        feed.events(List.of(replay.add("gold")));
        feed.events(List.of(replay.add("tin"))); // held back

        feed.join(live(alice));

        assertThat(alice.notices)
                .containsExactly(new Recipient.Notice.Subscribed(
                        FakeReplay.ADDRESS, new Position("E1", "1-a", 1), DeliveryKind.LATEST));
    }

    @Test
    void thinningThatAReloadEndsLetsNothingOvertake() {
        Feed feed = feed(DeliveryKind.LATEST, 100);
        feed.join(live(alice));
        feed.events(List.of(replay.add("gold")));
        feed.events(List.of(replay.add("tin"))); // held back
        feed.apply(rule(DeliveryKind.LATEST, 0, 1_000_000));

        feed.events(List.of(replay.add("gold")));
        runTimers();

        assertThat(alice.offsets()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aPlaceAheadOfThisLoopIsAskedOfTheOwner() {
        Feed feed = feed(DeliveryKind.LATEST, 0);
        feed.join(live(bob));
        EventFrame late = replay.add("gold"); // another loop was faster

        feed.join(after(alice, 1));
        feed.events(List.of(late));
        feed.events(List.of(replay.add("gold")));

        assertThat(alice.offsets()).containsExactly(2L);
        assertThat(bob.offsets()).containsExactly(1L, 2L);
    }

    @Test
    void aPlaceThatTheOwnerNeverReachedBringsAllValues() {
        replay.keep("gold");
        Feed feed = feed(DeliveryKind.LATEST, 0);

        feed.join(after(alice, 99));

        assertThat(alice.offsets()).containsExactly(1L);
    }

    @Test
    void theValuesThatALoopKeepsAreBoundedInBytes() {
        long bytesOfTwo = 2L * FakeReplay.event("E1", 1, "k1").content().json().length();
        Feed feed = new Feed(FakeReplay.ADDRESS, rule(DeliveryKind.LATEST, 0, bytesOfTwo), loop);
        feed.join(live(bob));
        for (int i = 0; i < 9; i++) {
            feed.events(List.of(replay.add("k" + i)));
        }
        replay.answerAtOnce = false;

        feed.join(live(alice));

        assertThat(alice.offsets()).containsExactly(8L, 9L);
    }

    @Test
    void deliveriesAreCounted() {
        Feed feed = feed(DeliveryKind.LOG, 0);
        feed.join(live(alice));
        feed.join(live(bob));
        bob.slow = true;
        feed.events(List.of(replay.add("k"), replay.add("k")));

        assertThat(registry.counter("hubbub.events.delivered", "delivery", "log")
                        .count())
                .isEqualTo(2);
    }
}
