package dev.hubbub.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.AddressRule;
import dev.hubbub.config.AddressRule.Expression;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.config.SourcePosition;
import dev.hubbub.config.TraceConfig;
import dev.hubbub.messaging.Accounting.Loss;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import dev.hubbub.telemetry.EventTrail;
import dev.hubbub.trace.TraceLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Owed is delivered plus lost plus pending, whatever happens, and at rest nothing is unexplained. */
class AccountingTest {

    @ParameterizedTest
    @EnumSource(DeliveryKind.class)
    void theBooksAddUpAfterEveryScheduleAndAgreeWithWhatTheClientsGot(DeliveryKind kind) {
        for (int seed = 0; seed < 1_500; seed++) {
            new Schedule(seed, kind).run();
        }
    }

    /** Random events, losses, moves and members; then rest. */
    private static final class Schedule {
        private final int seed;
        private final DeliveryKind kind;
        private final Random random;
        private final FakeReplay log = new FakeReplay();
        private final List<Runnable> due = new ArrayList<>();
        private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
        private final Feed feed;
        private final List<RecordingRecipient> recipients = new ArrayList<>();
        private final List<Subscription> members = new ArrayList<>();
        private final List<EventFrame> onTheWay = new ArrayList<>();

        Schedule(int seed, DeliveryKind kind) {
            this.seed = seed;
            this.kind = kind;
            this.random = new Random(seed);
            log.answerAtOnce = random.nextInt(4) == 0;
            LoopContext context = new LoopContext(
                    log,
                    "inbox",
                    (millis, action) -> due.add(action),
                    new Meters(registry),
                    LoopRoom.unlimited((millis, action) -> due.add(action)),
                    new Accounting(registry, "0"),
                    new TraceLog(TraceConfig.DEFAULT, 1, Clock.systemUTC()),
                    EventTrail.NONE);
            feed = new Feed(FakeReplay.ADDRESS, rule(random.nextBoolean()), context);
        }

        private AddressRule rule(boolean thins) {
            return new AddressRule(
                    0,
                    new Expression("room:{id}", SourcePosition.DEFAULT),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    kind,
                    thins && kind != DeliveryKind.LOG ? Duration.ofMillis(100) : Duration.ZERO,
                    new AddressRule.Keep(1_000, Duration.ofHours(1), 1_000_000),
                    Optional.empty(),
                    List.of(),
                    false,
                    AddressRule.Body.EVENT);
        }

        void run() {
            for (int step = 0; step < 150; step++) {
                step(random.nextInt(100));
                addsUp();
            }
            settle();
            addsUp();
            assertThat(pending()).as("%s seed %d", kind, seed).isZero();
            assertThat(lost(Loss.UNEXPLAINED)).as("%s seed %d", kind, seed).isZero();
            long got = recipients.stream()
                    .mapToLong(recipient -> recipient.events.size())
                    .sum();
            assertThat(count("hubbub.events.delivered"))
                    .as("%s seed %d", kind, seed)
                    .isEqualTo(got);
        }

        private void step(int dice) {
            if (dice < 40) {
                onTheWay.add(event());
            } else if (dice < 62 && !onTheWay.isEmpty()) {
                feed.events(List.of(onTheWay.remove(random.nextInt(Math.min(2, onTheWay.size())))));
            } else if (dice < 64 && !onTheWay.isEmpty()) {
                onTheWay.remove(0); // lost
            } else if (dice < 66 && !onTheWay.isEmpty()) {
                onTheWay.add(onTheWay.get(0)); // doubled, and late
            } else if (dice < 76 && !log.answers.isEmpty()) {
                log.answers.pop().run();
            } else if (dice < 84 && recipients.size() < 12) {
                join();
            } else if (dice < 89 && !members.isEmpty()) {
                toggle(random.nextInt(members.size()));
            } else if (dice < 91) {
                log.firstKept = Math.max(log.firstKept, log.log.size() - 5);
            } else if (dice < 94 && !members.isEmpty()) {
                leave(random.nextInt(members.size()));
            } else if (dice < 95 && random.nextInt(3) == 0) {
                log.newEpoch("E" + (2 + random.nextInt(1_000)));
                onTheWay.clear();
                feed.attachAgain();
            } else if (!due.isEmpty()) {
                due.remove(0).run();
            }
        }

        private EventFrame event() {
            EventFrame event = log.add("k" + random.nextInt(3));
            return kind == DeliveryKind.SIGNAL
                    ? new EventFrame(FakeReplay.ADDRESS, Optional.empty(), event.content(), Optional.empty())
                    : event;
        }

        private void join() {
            RecordingRecipient recipient = new RecordingRecipient();
            recipient.breaks = random.nextInt(300) == 0;
            long place = random.nextInt(log.log.size() + 3);
            SubscribeOptions options = switch (random.nextInt(3)) {
                case 0 -> SubscribeOptions.live();
                case 1 -> new SubscribeOptions(Optional.empty(), OptionalInt.of(3), false, true);
                default ->
                    new SubscribeOptions(
                            Optional.of(new Position(log.epoch, "1-a", place).toString()),
                            OptionalInt.empty(),
                            false,
                            true);
            };
            Subscription member = new Subscription(recipient, FakeReplay.ADDRESS, options);
            recipients.add(recipient);
            members.add(member);
            feed.join(member);
        }

        private void leave(int index) {
            Loss[] reasons = {Loss.CLOSED, Loss.UNSUBSCRIBED, Loss.REVOKED};
            feed.leave(members.get(index), reasons[random.nextInt(reasons.length)]);
        }

        private void toggle(int index) {
            RecordingRecipient recipient = recipients.get(index);
            recipient.slow = !recipient.slow;
            Subscription member = members.get(index);
            if (!recipient.slow && member.blocked && !member.isOver()) {
                feed.drained(member);
            }
        }

        private void settle() {
            for (int i = 0; i < members.size(); i++) {
                if (recipients.get(i).slow) {
                    toggle(i);
                }
            }
            for (int round = 0; round < 40; round++) {
                log.answerAll();
                if (round < 20) {
                    feed.events(List.of(event())); // the next event reveals whatever was lost at the end
                }
                List<Runnable> now = new ArrayList<>(due);
                due.clear();
                now.forEach(Runnable::run);
            }
            log.answerAll();
        }

        private void addsUp() {
            long lost = 0;
            for (Loss loss : Loss.values()) {
                lost += lost(loss);
            }
            long delivered = count("hubbub.events.delivered");
            assertThat(count("hubbub.events.owed"))
                    .as("%s seed %d delivered %d lost %d pending %d", kind, seed, delivered, lost, pending())
                    .isEqualTo(delivered + lost + pending());
            assertThat(pending()).as("%s seed %d", kind, seed).isNotNegative();
        }

        private long count(String name) {
            return (long) registry.counter(name, "delivery", kind.configName()).count();
        }

        private long lost(Loss loss) {
            String reason = loss.name().toLowerCase(Locale.ROOT);
            return (long) registry.counter("hubbub.events.lost", "delivery", kind.configName(), "reason", reason)
                    .count();
        }

        private long pending() {
            return (long) registry.get("hubbub.events.pending")
                    .tag("delivery", kind.configName())
                    .gauge()
                    .value();
        }
    }
}
