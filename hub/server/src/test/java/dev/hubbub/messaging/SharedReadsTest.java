package dev.hubbub.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.AddressRule;
import dev.hubbub.config.AddressRule.Expression;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.config.SourcePosition;
import dev.hubbub.protocol.Position;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Many subscribers that come back to one address cost few reads of its log, wherever each of them stood. */
class SharedReadsTest {
    private static final int EVENTS = 1_000;

    private final FakeReplay replay = new FakeReplay();
    private final List<Runnable> timers = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LoopContext loop =
            new LoopContext(replay, "inbox", (millis, action) -> timers.add(action), new Meters(registry));
    private final Feed feed = new Feed(FakeReplay.ADDRESS, rule(), loop);

    private static AddressRule rule() {
        return new AddressRule(
                0,
                new Expression("room:{id}", SourcePosition.DEFAULT),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                DeliveryKind.LOG,
                Duration.ZERO,
                new AddressRule.Keep(EVENTS, Duration.ofHours(1), 1_000_000),
                Optional.empty(),
                List.of(),
                false,
                AddressRule.Body.EVENT);
    }

    private RecordingRecipient join(long offset) {
        RecordingRecipient recipient = new RecordingRecipient();
        String position = new Position("E1", "1-a", offset).toString();
        SubscribeOptions options = new SubscribeOptions(Optional.of(position), OptionalInt.empty(), false, true);
        feed.join(new Subscription(recipient, FakeReplay.ADDRESS, options));
        return recipient;
    }

    private static List<Long> from(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    @Test
    void aThousandDifferentPlacesCostAboutAsManyReadsAsTheFarthest() {
        for (int i = 0; i < EVENTS; i++) {
            replay.keep("k");
        }
        replay.answerAtOnce = false;
        List<Long> places = new ArrayList<>(from(0, EVENTS - 1));
        Collections.shuffle(places, new Random(7));

        List<RecordingRecipient> recipients = places.stream().map(this::join).toList();
        replay.answerAll();

        for (int i = 0; i < EVENTS; i++) {
            assertThat(recipients.get(i).offsets()).isEqualTo(from(places.get(i) + 1, EVENTS));
        }
        assertThat(replay.reads).isLessThanOrEqualTo(EVENTS / 256 + 3);
        assertThat(registry.get("hubbub.replay.reads").counter().count()).isEqualTo(replay.reads);
    }

    @Test
    void whoComesAfterAReadIsServedFromWhatItBrought() {
        for (int i = 0; i < 60; i++) {
            replay.keep("k");
        }
        assertThat(join(10).offsets()).isEqualTo(from(11, 60));
        int reads = replay.reads;

        for (long place = 10; place <= 60; place++) {
            assertThat(join(place).offsets()).isEqualTo(from(place + 1, 60));
        }

        assertThat(reads).isEqualTo(1);
        assertThat(replay.reads).isEqualTo(1);
    }

    @Test
    void whoAsksForTheNewestWithinAMomentSharesOneRead() {
        for (int i = 0; i < 60; i++) {
            replay.keep("k");
        }
        SubscribeOptions newest = new SubscribeOptions(Optional.empty(), OptionalInt.of(20), false, true);
        RecordingRecipient first = new RecordingRecipient();
        feed.join(new Subscription(first, FakeReplay.ADDRESS, newest));
        feed.events(List.of(replay.add("k")));
        RecordingRecipient second = new RecordingRecipient();
        feed.join(new Subscription(second, FakeReplay.ADDRESS, newest));

        assertThat(first.offsets()).isEqualTo(from(41, 61));
        assertThat(second.offsets()).isEqualTo(from(41, 61));
        assertThat(replay.reads).isEqualTo(1);

        List<Runnable> due = new ArrayList<>(timers);
        timers.clear();
        due.forEach(Runnable::run);
        RecordingRecipient later = new RecordingRecipient();
        feed.join(new Subscription(later, FakeReplay.ADDRESS, newest));

        assertThat(later.offsets()).isEqualTo(from(42, 61));
        assertThat(replay.reads).isEqualTo(2);
    }

    @Test
    void aPlaceOfAnotherTermIsNeverServedFromAnothersRead() {
        for (int i = 0; i < 20; i++) {
            replay.keep("k");
        }
        replay.answerAtOnce = false;
        RecordingRecipient first = join(5);
        RecordingRecipient diverged = new RecordingRecipient();
        SubscribeOptions other = new SubscribeOptions(Optional.of("E1.9-z:7"), OptionalInt.empty(), false, true);
        feed.join(new Subscription(diverged, FakeReplay.ADDRESS, other));

        replay.answerAll();

        assertThat(first.offsets()).isEqualTo(from(6, 20));
        assertThat(replay.reads).as("the owner judged it").isEqualTo(2);
    }

    @Test
    void aReadThatFailsFailsForEverybodyOnceAndIsTriedAgainTogether() {
        for (int i = 0; i < 300; i++) {
            replay.keep("k");
        }
        replay.answerAtOnce = false;
        List<RecordingRecipient> recipients = List.of(join(3), join(4), join(250));
        replay.readsFail = true;
        replay.answerAll();
        assertThat(replay.reads).isEqualTo(1);

        replay.readsFail = false;
        List<Runnable> due = new ArrayList<>(timers);
        timers.clear();
        due.forEach(Runnable::run);
        replay.answerAll();

        assertThat(recipients.get(0).offsets()).isEqualTo(from(4, 300));
        assertThat(recipients.get(1).offsets()).isEqualTo(from(5, 300));
        assertThat(recipients.get(2).offsets()).isEqualTo(from(251, 300));
        assertThat(replay.reads).isLessThanOrEqualTo(4);
    }
}
