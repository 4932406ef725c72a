package dev.hubbub.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.AddressRule;
import dev.hubbub.config.AddressRule.Expression;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.config.SourcePosition;
import dev.hubbub.messaging.Subscription.State;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.Attached;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the subscribers of one event loop see of one address. */
class FeedTest {
    private final FakeReplay replay = new FakeReplay();
    private final List<Runnable> timers = new ArrayList<>();
    private final LoopContext loop = new LoopContext(
            replay, "inbox", (millis, action) -> timers.add(action), new Meters(new SimpleMeterRegistry()));
    private final RecordingRecipient alice = new RecordingRecipient();

    private static AddressRule rule(DeliveryKind kind, Duration every) {
        return new AddressRule(
                0,
                new Expression("room:{id}", SourcePosition.DEFAULT),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                kind,
                every,
                new AddressRule.Keep(1_000, Duration.ofHours(1), 1_000_000),
                Optional.empty(),
                List.of(),
                false,
                AddressRule.Body.EVENT);
    }

    private Feed feed(DeliveryKind kind) {
        return new Feed(FakeReplay.ADDRESS, rule(kind, Duration.ZERO), loop);
    }

    private static Subscription subscription(Recipient recipient, SubscribeOptions options) {
        return new Subscription(recipient, FakeReplay.ADDRESS, options);
    }

    private static SubscribeOptions after(Position position) {
        return new SubscribeOptions(Optional.of(position.toString()), OptionalInt.empty(), false, true);
    }

    private void runTimers() {
        List<Runnable> due = new ArrayList<>(timers);
        timers.clear();
        due.forEach(Runnable::run);
    }

    @Test
    void whoSubscribesWithoutAPositionGetsOnlyWhatComesAfter() {
        replay.keep("k");
        Feed feed = feed(DeliveryKind.LOG);
        feed.join(subscription(alice, SubscribeOptions.live()));

        feed.events(List.of(replay.add("k")));

        assertThat(alice.offsets()).containsExactly(2L);
    }

    @Test
    void whoComesBackGetsExactlyWhatItMissedAndIsTold() {
        for (int i = 0; i < 700; i++) {
            replay.keep("k");
        }
        Feed feed = feed(DeliveryKind.LOG);

        feed.join(subscription(alice, after(new Position("E1", "1-a", 10))));
        feed.events(List.of(replay.add("k")));

        assertThat(alice.offsets()).hasSize(691).first().isEqualTo(11L);
        assertThat(alice.offsets()).isSorted().doesNotHaveDuplicates();
        assertThat(alice.notices)
                .containsExactly(
                        new Recipient.Notice.Recovered(FakeReplay.ADDRESS, new Position("E1", "1-a", 700), 690),
                        new Recipient.Notice.Subscribed(FakeReplay.ADDRESS, new Position("E1", "1-a", 700)));
    }

    @Test
    void aRecentPlaceIsServedFromTheTailWithoutAskingTheOwner() {
        Feed feed = feed(DeliveryKind.LOG);
        feed.join(subscription(new RecordingRecipient(), SubscribeOptions.live()));
        feed.events(List.of(replay.add("k"), replay.add("k"), replay.add("k")));

        feed.join(subscription(alice, after(new Position("E1", "1-a", 1))));

        assertThat(alice.offsets()).containsExactly(2L, 3L);
        assertThat(replay.reads).isZero();
    }

    @Test
    void historyComesInPortionsAndStopsAtARecipientThatHasEnough() {
        for (int i = 0; i < 1_000; i++) {
            replay.keep("k".repeat(500));
        }
        RecordingRecipient full = new RecordingRecipient() {
            @Override
            public boolean deliver(EventBatch batch) {
                boolean taken = super.deliver(batch);
                slow = true;
                return taken;
            }
        };
        Feed feed = feed(DeliveryKind.LOG);
        Subscription member =
                subscription(full, new SubscribeOptions(Optional.empty(), OptionalInt.of(1_000), false, false));
        feed.join(member);
        assertThat(full.events).as("64 KiB or one event more").hasSizeBetween(10, 200);

        while (full.events.size() < 1_000) {
            int before = full.events.size();
            full.slow = false;
            feed.drained(member);
            assertThat(full.events).hasSizeGreaterThan(before);
        }
        assertThat(full.offsets()).isSorted().doesNotHaveDuplicates().hasSize(1_000);
    }

    @Test
    void aPlaceOfAnotherTermIsNeverServedFromTheTail() {
        Feed feed = feed(DeliveryKind.LOG);
        feed.join(subscription(new RecordingRecipient(), SubscribeOptions.live()));
        feed.events(List.of(replay.add("k"), replay.add("k")));

        feed.join(subscription(alice, after(new Position("E1", "7-other", 1))));

        assertThat(replay.reads).isPositive();
    }

    @Test
    void aLostPositionIsToldAndTheSubscriptionGoesOnFromTheTop() {
        replay.keep("k");
        replay.keep("k");
        replay.firstKept = 2;
        Feed feed = feed(DeliveryKind.LOG);

        feed.join(subscription(alice, after(new Position("E1", "1-a", 0))));
        feed.events(List.of(replay.add("k")));

        assertThat(alice.refusals).hasSize(1);
        assertThat(alice.refusals.get(0).code()).isEqualTo(ErrorCode.POSITION_LOST);
        assertThat(alice.refusals.get(0).details().getString("reason")).isEqualTo("retention");
        assertThat(alice.refusals.get(0).details().getString("position")).isEqualTo("E1.1-a:2");
        assertThat(alice.offsets()).containsExactly(3L);
    }

    @Test
    void aPositionThatNoHubMadeIsLost() {
        Feed feed = feed(DeliveryKind.LOG);

        feed.join(subscription(alice, new SubscribeOptions(Optional.of("garbage"), OptionalInt.empty(), false, false)));

        assertThat(alice.refusals.get(0).details().getString("reason")).isEqualTo("epoch");
    }

    @Test
    void theLatestEventsComeBeforeTheNewOnes() {
        for (int i = 0; i < 5; i++) {
            replay.keep("k");
        }
        Feed feed = feed(DeliveryKind.LOG);

        feed.join(subscription(alice, new SubscribeOptions(Optional.empty(), OptionalInt.of(2), false, false)));
        feed.events(List.of(replay.add("k")));

        assertThat(alice.offsets()).containsExactly(4L, 5L, 6L);
    }

    @Test
    void eventsThatArriveWhileTheLogIsReadAreNeitherLostNorRepeated() {
        replay.keep("k");
        Feed feed = feed(DeliveryKind.LOG);
        feed.join(subscription(new RecordingRecipient(), SubscribeOptions.live()));
        replay.answerAtOnce = false;
        feed.join(subscription(alice, after(new Position("E1", "1-a", 0))));

        EventFrame second = replay.add("k"); // in the log already when the read is answered
        replay.answerAll();
        feed.events(List.of(second, replay.add("k")));

        assertThat(alice.offsets()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aSlowSubscriberGetsNothingMoreUntilItHasDrainedAndThenAllOfIt() {
        Feed feed = feed(DeliveryKind.LOG);
        Subscription subscription = subscription(alice, SubscribeOptions.live());
        feed.join(subscription);
        feed.events(List.of(replay.add("k")));

        alice.slow = true;
        feed.events(List.of(replay.add("k")));
        alice.slow = false;
        feed.events(List.of(replay.add("k")));
        assertThat(alice.offsets()).containsExactly(1L);

        feed.drained(subscription);
        assertThat(alice.offsets()).containsExactly(1L, 2L, 3L);
        assertThat(subscription.state).isEqualTo(State.LIVE);
    }

    @Test
    void aSlowSubscriberThatFallsOutOfRetentionIsTold() {
        Feed feed = feed(DeliveryKind.LOG);
        Subscription subscription = subscription(alice, SubscribeOptions.live());
        feed.join(subscription);
        alice.slow = true;
        for (int i = 0; i < 400; i++) {
            feed.events(List.of(replay.add("k")));
        }
        replay.firstKept = 300;

        alice.slow = false;
        feed.drained(subscription);

        assertThat(alice.refusals.get(0).code()).isEqualTo(ErrorCode.POSITION_LOST);
        feed.events(List.of(replay.add("k")));
        assertThat(alice.offsets()).containsExactly(401L);
    }

    @Test
    void oldAndRepeatedDeliveriesAreDropped() {
        Feed feed = feed(DeliveryKind.LOG);
        feed.join(subscription(alice, SubscribeOptions.live()));
        EventFrame first = replay.add("k");
        EventFrame second = replay.add("k");

        feed.events(List.of(first, second));
        feed.events(List.of(first));
        feed.events(List.of(second, replay.add("k")));

        assertThat(alice.offsets()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aHoleIsFilledFromTheLog() {
        Feed feed = feed(DeliveryKind.LOG);
        feed.join(subscription(alice, SubscribeOptions.live()));
        feed.events(List.of(replay.add("k")));
        replay.keep("k"); // its delivery is lost

        feed.events(List.of(replay.add("k")));
        assertThat(alice.offsets()).containsExactly(1L);
        runTimers();

        assertThat(alice.offsets()).containsExactly(1L, 2L, 3L);
        assertThat(replay.attaches).isEqualTo(2);
    }

    @Test
    void whatComesAheadIsHeldForTheEventsBeforeIt() {
        Feed feed = feed(DeliveryKind.LOG);
        feed.join(subscription(alice, SubscribeOptions.live()));
        EventFrame first = replay.add("k");
        EventFrame second = replay.add("k");
        EventFrame third = replay.add("k");

        feed.events(List.of(third));
        feed.events(List.of(second));
        feed.events(List.of(first));
        runTimers();

        assertThat(alice.offsets()).containsExactly(1L, 2L, 3L);
        assertThat(replay.attaches).isEqualTo(1);
    }

    @Test
    void whatComesBeforeTheAnswerToTheAttachIsNotForgotten() {
        replay.answerAtOnce = false;
        Feed feed = feed(DeliveryKind.LOG);
        feed.join(subscription(alice, SubscribeOptions.live()));
        Position head = replay.head();
        EventFrame first = replay.add("k");

        feed.events(List.of(first));
        feed.attachedAgain(new Attached(head, List.of()));

        assertThat(alice.offsets()).containsExactly(1L);
    }

    @Test
    void anAnswerThatWasPassedByNewerEventsChangesNothing() {
        Feed feed = feed(DeliveryKind.LOG);
        feed.join(subscription(alice, SubscribeOptions.live()));
        Position early = replay.head();
        feed.events(List.of(replay.add("k")));

        feed.attachedAgain(new Attached(early, List.of()));
        feed.events(List.of(replay.add("k")));

        assertThat(alice.offsets()).containsExactly(1L, 2L);
        assertThat(replay.reads).isZero();
    }

    @Test
    void anotherEpochIsNeverTakenFromADelivery() {
        Feed feed = feed(DeliveryKind.LOG);
        feed.join(subscription(alice, SubscribeOptions.live()));
        feed.events(List.of(replay.add("k")));
        replay.newEpoch("E2");

        feed.events(List.of(replay.add("k")));

        assertThat(alice.refusals).hasSize(1);
        assertThat(alice.refusals.get(0).details().getString("reason")).isEqualTo("epoch");
        assertThat(alice.refusals.get(0).details().getString("position")).isEqualTo("E2.1-a:1");
        assertThat(alice.offsets()).containsExactly(1L);
    }

    @Test
    void anOwnerThatIsAwayIsAskedAgainAndWhoAskedIsTold() {
        replay.unavailable = true;
        Feed feed = feed(DeliveryKind.LOG);
        feed.join(subscription(alice, after(new Position("E1", "1-a", 0))));
        assertThat(alice.notices).containsExactly(new Recipient.Notice.Degraded(FakeReplay.ADDRESS));
        replay.unavailable = false;
        replay.keep("k");

        runTimers();

        assertThat(alice.offsets()).containsExactly(1L);
    }

    @Test
    void aNewcomerGetsTheCurrentValuesOfALatestAddress() {
        replay.keep("gold");
        replay.keep("tin");
        replay.keep("gold");
        Feed feed = feed(DeliveryKind.LATEST);

        feed.join(subscription(alice, SubscribeOptions.live()));
        feed.events(List.of(replay.add("tin")));

        assertThat(alice.offsets()).containsExactly(2L, 3L, 4L);
    }

    @Test
    void aSlowSubscriberOfALatestAddressGetsTheNewestValuesOnly() {
        Feed feed = feed(DeliveryKind.LATEST);
        Subscription subscription = subscription(alice, SubscribeOptions.live());
        feed.join(subscription);
        alice.slow = true;
        feed.events(List.of(replay.add("gold")));
        feed.events(List.of(replay.add("tin")));
        feed.events(List.of(replay.add("gold")));

        alice.slow = false;
        feed.drained(subscription);

        assertThat(alice.offsets()).containsExactly(2L, 3L);
    }

    @Test
    void thinningLetsTheFirstThroughAtOnceAndThenTheNewestOfEachKey() {
        Feed feed = new Feed(FakeReplay.ADDRESS, rule(DeliveryKind.LATEST, Duration.ofMillis(100)), loop);
        feed.join(subscription(alice, SubscribeOptions.live()));

        feed.events(List.of(replay.add("gold")));
        feed.events(List.of(replay.add("gold")));
        feed.events(List.of(replay.add("tin")));
        feed.events(List.of(replay.add("gold")));
        assertThat(alice.offsets()).containsExactly(1L);

        runTimers();
        assertThat(alice.offsets()).containsExactly(1L, 3L, 4L);
        assertThat(alice.batches).containsExactly(1, 2);
    }

    @Test
    void fiftyTwoCursorsAreOneBatchAPeriodWithTheNewestOfEach() {
        Feed feed = new Feed(FakeReplay.ADDRESS, rule(DeliveryKind.SIGNAL, Duration.ofMillis(100)), loop);
        feed.join(subscription(alice, SubscribeOptions.live()));
        RecordingRecipient late = new RecordingRecipient();

        for (int period = 0; period < 3; period++) {
            for (int move = 0; move < 2; move++) {
                for (int sender = 0; sender < 52; sender++) {
                    feed.events(List.of(signal(1 + period * 1_000L + move * 100L + sender, "s" + sender)));
                }
            }
            if (period == 2) {
                feed.join(subscription(late, SubscribeOptions.live())); // within a period: gets what is held back
            }
            runTimers();
        }

        assertThat(alice.batches).containsExactly(1, 52, 52, 52);
        assertThat(late.batches).containsExactly(52);
        assertThat(late.events)
                .allSatisfy(event -> assertThat(event.content().id()).startsWith("id21"));
    }

    private static EventFrame signal(long number, String sender) {
        return new EventFrame(
                FakeReplay.ADDRESS,
                Optional.empty(),
                FakeReplay.event("E1", number, sender).content(),
                Optional.empty());
    }

    @Test
    void whatIsHeldBackIsBoundedEvenBeforeThePeriodEnds() {
        Feed feed = new Feed(FakeReplay.ADDRESS, rule(DeliveryKind.SIGNAL, Duration.ofMillis(100)), loop);
        feed.join(subscription(alice, SubscribeOptions.live()));

        for (int sender = 0; sender <= Thinning.MOST_KEYS + 2; sender++) {
            feed.events(List.of(signal(sender + 1, "s" + sender)));
        }

        assertThat(alice.events.size()).isGreaterThan(Thinning.MOST_KEYS);
        runTimers();
        assertThat(alice.events).hasSize(Thinning.MOST_KEYS + 3);
    }

    @Test
    void whoJoinsAThinnedAddressGetsEveryValueOnce() {
        Feed feed = new Feed(FakeReplay.ADDRESS, rule(DeliveryKind.LATEST, Duration.ofMillis(100)), loop);
        feed.join(subscription(new RecordingRecipient(), SubscribeOptions.live()));
        feed.events(List.of(replay.add("gold")));
        feed.events(List.of(replay.add("tin"))); // held back until the period ends

        feed.join(subscription(alice, SubscribeOptions.live()));
        runTimers();

        assertThat(alice.offsets()).containsExactly(1L, 2L);
    }

    @Test
    void aSlowSubscriberMissesSignalsForGood() {
        Feed feed = feed(DeliveryKind.SIGNAL);
        Subscription subscription = subscription(alice, SubscribeOptions.live());
        feed.join(subscription);

        alice.slow = true;
        feed.events(List.of(replay.add("k")));
        alice.slow = false;
        feed.drained(subscription);
        feed.events(List.of(replay.add("k")));

        assertThat(alice.offsets()).containsExactly(2L);
    }

    @Test
    void theLastSubscriberEndsTheListening() {
        Feed feed = feed(DeliveryKind.LOG);
        Subscription subscription = subscription(alice, SubscribeOptions.live());
        feed.join(subscription);

        feed.leave(subscription, Accounting.Loss.UNSUBSCRIBED);
        feed.close();

        assertThat(feed.isEmpty()).isTrue();
        assertThat(replay.detaches).isEqualTo(1);
    }

    /** Promises 2 and 4: whatever is lost, repeated, late or slow, offsets rise by one or a loss was told. */
    @Test
    void noScheduleMakesASilentGapOrARepeat() {
        for (int seed = 0; seed < 2_000; seed++) {
            new Schedule(seed).run();
        }
    }

    /** A random run: events are published, and deliveries lost, doubled, swapped; members come, go and are slow. */
    private static final class Schedule {
        private final int seed;
        private final Random random;
        private final FakeReplay log = new FakeReplay();
        private final List<Runnable> due = new ArrayList<>();
        private final Feed feed;
        private final List<RecordingRecipient> recipients = new ArrayList<>();
        private final List<Subscription> members = new ArrayList<>();
        private final List<EventFrame> onTheWay = new ArrayList<>();

        Schedule(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            log.answerAtOnce = false;
            LoopContext context = new LoopContext(
                    log, "inbox", (millis, action) -> due.add(action), new Meters(new SimpleMeterRegistry()));
            feed = new Feed(FakeReplay.ADDRESS, rule(DeliveryKind.LOG, Duration.ZERO), context);
        }

        void run() {
            for (int step = 0; step < 120; step++) {
                step(random.nextInt(100));
            }
            settle();
            for (RecordingRecipient recipient : recipients) {
                check(recipient);
            }
        }

        private void step(int dice) {
            if (dice < 40) {
                onTheWay.add(log.add("k"));
            } else if (dice < 65 && !onTheWay.isEmpty()) {
                feed.events(List.of(onTheWay.remove(random.nextInt(Math.min(2, onTheWay.size())))));
            } else if (dice < 68 && !onTheWay.isEmpty()) {
                onTheWay.remove(0); // lost
            } else if (dice < 71 && !onTheWay.isEmpty()) {
                onTheWay.add(onTheWay.get(0)); // doubled, and late
            } else if (dice < 80 && !log.answers.isEmpty()) {
                log.answers.pop().run();
            } else if (dice < 86 && recipients.size() < 5) {
                join();
            } else if (dice < 92 && !members.isEmpty()) {
                toggle(random.nextInt(members.size()));
            } else if (dice < 94) {
                log.firstKept = Math.max(log.firstKept, log.log.size() - 5);
            }
        }

        private void join() {
            RecordingRecipient recipient = new RecordingRecipient();
            long place = random.nextInt(log.log.size() + 1);
            SubscribeOptions options =
                    random.nextBoolean() ? SubscribeOptions.live() : after(new Position("E1", "1-a", place));
            Subscription member = subscription(recipient, options);
            recipients.add(recipient);
            members.add(member);
            feed.join(member);
        }

        private void toggle(int index) {
            RecordingRecipient recipient = recipients.get(index);
            recipient.slow = !recipient.slow;
            if (!recipient.slow && members.get(index).blocked) {
                feed.drained(members.get(index));
            }
        }

        private void settle() {
            for (int i = 0; i < members.size(); i++) {
                if (recipients.get(i).slow) {
                    toggle(i);
                }
            }
            for (int round = 0; round < 20; round++) {
                log.answerAll();
                feed.events(List.of(log.add("k"))); // the next event reveals whatever was lost at the end
                List<Runnable> now = new ArrayList<>(due);
                due.clear();
                now.forEach(Runnable::run);
            }
            log.answerAll();
        }

        private void check(RecordingRecipient recipient) {
            List<Long> offsets = recipient.offsets();
            int holes = 0;
            for (int i = 1; i < offsets.size(); i++) {
                assertThat(offsets.get(i))
                        .as("seed %d offsets %s", seed, offsets)
                        .isGreaterThan(offsets.get(i - 1));
                holes += offsets.get(i) == offsets.get(i - 1) + 1 ? 0 : 1;
            }
            assertThat(holes).as("seed %d offsets %s", seed, offsets).isLessThanOrEqualTo(recipient.refusals.size());
            assertThat(offsets).as("seed %d", seed).last().isEqualTo((long) log.log.size());
        }
    }
}
