package dev.hubbub.replay;

import static dev.hubbub.replay.Events.LATEST;
import static dev.hubbub.replay.Events.LOG;
import static dev.hubbub.replay.Events.RISING;
import static dev.hubbub.replay.Events.ROOM;
import static dev.hubbub.replay.Events.content;
import static dev.hubbub.replay.Events.keep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A copy of a log, told what was done to the log. */
class LogCommandTest {
    private static final int RUNS = 300;
    private static final int STEPS = 60;

    private final Random random = new Random(42);
    private long nowMillis = 1_000_000;
    private int turns;

    private Turn turn() {
        nowMillis += random.nextInt(2_000);
        return new Turn("", "E" + ++turns, nowMillis);
    }

    private LogCommand command(LogPolicy policy) {
        List<Append> events = new ArrayList<>();
        for (int left = 1 + random.nextInt(6); left > 0; left--) {
            String id = "e" + random.nextInt(60);
            events.add(Events.append(
                    ROOM, policy, content(id, "r" + random.nextInt(5), random.nextInt(20) - 1, "of " + id)));
        }
        return LogCommand.append(events, turn());
    }

    /** What copies may not be told at once, but with the next append. */
    private LogCommand other() {
        return switch (random.nextInt(4)) {
            case 0 -> LogCommand.attach(ROOM, policy(), turn());
            case 1 -> LogCommand.read(ROOM, policy(), new ReadFrom.Start(), new ReadLimits(10, 1_000), turn());
            case 2 -> LogCommand.info(ROOM, turn());
            default -> LogCommand.sweep(ROOM, true, false, false, turn());
        };
    }

    private LogPolicy policy() {
        return List.of(LOG, keep(5, 100_000, 60_000), keep(50, 300, 3_000), Events.RISING, LATEST)
                .get(random.nextInt(5));
    }

    @Test
    void aCopyThatIsToldEverythingIsTheSameLog() {
        for (int run = 0; run < RUNS; run++) {
            ReplayLog log = null;
            ReplayLog copy = null;
            for (int step = 0; step < STEPS; step++) {
                if (log != null && copy != null) {
                    LogCommand.Outcome other = other().run(log, "OWNER" + random.nextInt(3));
                    log = present(other.log());
                    copy = other.effect().isPresent() ? told(copy, other) : copy;
                }
                LogCommand.Outcome outcome = command(policy()).run(log, "OWNER" + random.nextInt(3));
                log = present(outcome.log());
                copy = told(copy, outcome);
                assertThat(LogCommand.snapshot(copy).getBytes())
                        .isEqualTo(LogCommand.snapshot(log).getBytes());
            }
        }
    }

    @Test
    void aLogThatMovedIsTheSameLog() {
        ReplayLog log = null;
        for (int step = 0; step < 500; step++) {
            log = present(command(policy()).run(log, "OWNER").log());
            Buffer snapshot = LogCommand.snapshot(log);
            assertThat(LogCommand.snapshot(LogCommand.restore(snapshot))).isEqualTo(snapshot);
        }
    }

    @Test
    void aCopyThatMissedSomethingNeverTellsAnotherEventAtAPositionNorAHole() {
        for (int run = 0; run < RUNS; run++) {
            ReplayLog log = null;
            ReplayLog copy = null;
            Map<Position, String> truth = new HashMap<>();
            for (int step = 0; step < STEPS; step++) {
                LogCommand.Outcome outcome = command(LOG).run(log, "OWNER" + random.nextInt(2));
                log = present(outcome.log());
                remember(log, truth);
                if (random.nextInt(4) > 0) {
                    copy = present(LogCommand.apply(copy, ROOM, outcome.effect().orElseThrow()));
                    assertThat(copy.head()).isEqualTo(log.head());
                    assertHonest(copy, truth);
                }
            }
        }
    }

    private static ReplayLog present(@Nullable ReplayLog log) {
        assertThat(log).isNotNull();
        return Objects.requireNonNull(log);
    }

    private List<EventFrame> everything(ReplayLog log) {
        return Events.events(log.read(LOG, new ReadFrom.Start(), new ReadLimits(1_000, 1_000_000), nowMillis))
                .events();
    }

    private void remember(ReplayLog log, Map<Position, String> truth) {
        everything(log)
                .forEach(event -> truth.put(
                        event.position().orElseThrow(), event.content().id()));
    }

    private void assertHonest(ReplayLog copy, Map<Position, String> truth) {
        long before = -1;
        for (EventFrame event : everything(copy)) {
            Position position = event.position().orElseThrow();
            assertThat(truth).containsEntry(position, event.content().id());
            assertThat(before == -1 || position.offset() == before + 1)
                    .as("no hole")
                    .isTrue();
            before = position.offset();
        }
    }

    @Test
    void aRetryTellsACopyThatMissedTheFirstTryWhatItHasToRecognise() {
        LogCommand.Outcome first =
                LogCommand.append(List.of(Events.append(LOG, "a")), turn()).run(null, "OWNER");
        LogCommand.Outcome again =
                LogCommand.append(List.of(Events.append(LOG, "a")), turn()).run(first.log(), "OWNER");
        ReplayLog copy = LogCommand.apply(null, ROOM, again.effect().orElseThrow());

        AppendResult third = LogCommand.results(LogCommand.append(List.of(Events.append(LOG, "a")), turn())
                        .run(copy, "OTHER")
                        .answer())
                .get(0);

        assertThat(Events.appended(third).duplicate()).isTrue();
        assertThat(Events.place(third).offset()).isEqualTo(1);
    }

    private LogCommand.Outcome append(@Nullable ReplayLog log, LogPolicy policy, String... idsAndResources) {
        List<Append> events = new ArrayList<>();
        for (String one : idsAndResources) {
            String[] parts = one.split("@", 2);
            events.add(Events.append(ROOM, policy, content(parts[0], parts[1], -1, "of " + parts[0])));
        }
        return LogCommand.append(events, turn()).run(log, "OWNER");
    }

    private static ReplayLog told(@Nullable ReplayLog copy, LogCommand.Outcome outcome) {
        return present(LogCommand.apply(copy, ROOM, outcome.effect().orElseThrow()));
    }

    private static void assertSame(@Nullable ReplayLog copy, @Nullable ReplayLog log) {
        assertThat(LogCommand.snapshot(present(copy))).isEqualTo(LogCommand.snapshot(present(log)));
    }

    @Test
    void aRetryBehindTheEventsThatPushedItsFirstTryOutLeavesTheCopyTheSame() {
        LogPolicy two = keep(2, 100_000, 60_000);
        LogCommand.Outcome outcome = append(null, two, "a@r", "b@r", "c@r", "a@r");
        assertSame(told(null, outcome), outcome.log());
    }

    @Test
    void aRetryBehindTheValueThatReplacedItsFirstTryLeavesTheCopyTheSame() {
        LogCommand.Outcome outcome = append(null, LATEST, "a@r", "b@r", "a@r");
        assertSame(told(null, outcome), outcome.log());
    }

    @Test
    void aRetryBringsACopyTheEventThatItMissed() {
        LogCommand.Outcome first = append(null, LOG, "a@r", "b@r");
        ReplayLog copy = told(null, first);
        LogCommand.Outcome missed = append(first.log(), LOG, "c@r", "d@r");
        LogCommand.Outcome again = append(missed.log(), LOG, "c@r", "d@r", "e@r");
        copy = told(copy, again);
        assertThat(Events.ids(everything(copy))).containsExactly("a", "b", "c", "d", "e");
        assertSame(copy, again.log());
    }

    @Test
    void aRetryBringsTheEventEvenWhenAnotherEffectCameBetween() {
        LogCommand.Outcome first = append(null, LOG, "a@r");
        ReplayLog copy = told(null, first);
        LogCommand.Outcome missed = append(first.log(), LOG, "b@r");
        LogCommand.Outcome between = append(missed.log(), LOG, "c@r");
        copy = told(copy, between);
        assertThat(Events.ids(everything(copy))).containsExactly("c");
        LogCommand.Outcome again = append(between.log(), LOG, "b@r");
        copy = told(copy, again);
        assertThat(Events.ids(everything(copy))).containsExactly("b", "c");
    }

    @Test
    void aCopyThatMissedOneValueKeepsTheOthers() {
        LogCommand.Outcome first = append(null, LATEST, "a@one", "b@two");
        ReplayLog copy = told(null, first);
        LogCommand.Outcome missed = append(first.log(), LATEST, "c@three");
        LogCommand.Outcome next = append(missed.log(), LATEST, "d@two");
        copy = told(copy, next);
        assertThat(copy.head()).isEqualTo(present(next.log()).head());
        assertThat(Events.ids(copy.attached(LATEST, nowMillis).current())).containsExactly("a", "d");
        copy = told(copy, append(next.log(), LATEST, "c@three"));
        assertThat(Events.ids(copy.attached(LATEST, nowMillis).current())).containsExactly("a", "c", "d");
    }

    @Test
    void aCopyDropsWhatItHasFromABranchThatLost() {
        LogCommand.Outcome first = append(null, LOG, "a@r");
        ReplayLog copy = told(null, first);
        LogCommand.Outcome lost = LogCommand.append(List.of(Events.append(LOG, "lost")), turn())
                .run(LogCommand.restore(LogCommand.snapshot(present(first.log()))), "LOSER");
        copy = told(copy, lost);
        LogCommand.Outcome won =
                LogCommand.append(List.of(Events.append(LOG, "won")), turn()).run(first.log(), "WINNER");
        LogCommand.Outcome next =
                LogCommand.append(List.of(Events.append(LOG, "next")), turn()).run(won.log(), "WINNER");
        copy = told(copy, next);
        assertThat(Events.ids(everything(copy))).containsExactly("next");
    }

    @Test
    void copiesLetGoOfWhatGotTooOldWithoutAnAppend() {
        LogCommand.Outcome first = append(null, LOG, "a@r");
        ReplayLog copy = told(null, first);
        nowMillis += LOG.maxAgeMillis() + 1;
        LogCommand.Outcome swept =
                LogCommand.sweep(ROOM, true, false, false, turn()).run(first.log(), "OWNER");
        copy = told(copy, swept);
        assertThat(copy.isEmpty()).isTrue();
        assertThat(copy.head()).isEqualTo(present(first.log()).head());
        assertThat(LogCommand.sweep(ROOM, true, false, false, turn())
                        .run(first.log(), "OWNER")
                        .changed())
                .as("told twice")
                .isFalse();
    }

    @Test
    void aCopyForgetsTheKeysAndVersionsOfABranchThatLost() {
        ReplayLog log = present(append(null, RISING, "a@r").log());
        ReplayLog copy = LogCommand.restore(LogCommand.snapshot(log));
        copy = told(copy, versioned(LogCommand.restore(LogCommand.snapshot(log)), "LOSER", "lost", 9));
        copy = told(copy, versioned(log, "WINNER", "won", 4));

        LogCommand.Outcome retried = versioned(copy, "THIRD", "lost", 9);

        AppendResult.Appended answer =
                (AppendResult.Appended) LogCommand.results(retried.answer()).get(0);
        assertThat(answer.duplicate()).isFalse();
        assertThat(answer.position().orElseThrow().offset()).isEqualTo(3);
        assertThat(Events.ids(everything(copy))).containsExactly("a", "won", "lost");
    }

    private LogCommand.Outcome versioned(@Nullable ReplayLog log, String owner, String id, long version) {
        Append event = Events.append(ROOM, RISING, content(id, "r", version, "of " + id));
        return LogCommand.append(List.of(event), turn()).run(log, owner);
    }

    @Test
    void anAppendThatIsDoneAgainBringsACopyAllThatItMissed() {
        LogCommand.Outcome first = append(null, LOG, "a@r", "b@r");
        ReplayLog copy = told(null, first);
        LogCommand.Outcome missed = append(first.log(), LOG, "c@r");
        copy = told(copy, append(missed.log(), LOG, "d@r"));
        assertThat(Events.ids(everything(copy))).containsExactly("d");

        LogCommand.Outcome again = LogCommand.appendAgain(
                        List.of(Events.append(ROOM, LOG, content("d", "r", -1, "of d"))), turn())
                .run(missed.log(), "OWNER");

        copy = told(copy, again);
        assertThat(Events.ids(everything(copy))).containsExactly("a", "b", "c", "d");
        assertSame(copy, again.log());
    }
}
