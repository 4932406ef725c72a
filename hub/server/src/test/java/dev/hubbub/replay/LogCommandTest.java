package dev.hubbub.replay;

import static dev.hubbub.replay.Events.LATEST;
import static dev.hubbub.replay.Events.LOG;
import static dev.hubbub.replay.Events.ROOM;
import static dev.hubbub.replay.Events.append;
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
        for (int left = 1 + random.nextInt(3); left > 0; left--) {
            String id = "e" + random.nextInt(60);
            events.add(append(ROOM, policy, content(id, "r" + random.nextInt(5), random.nextInt(20) - 1, "of " + id)));
        }
        return LogCommand.append(events, turn());
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
                LogCommand.Outcome outcome = command(policy()).run(log, "OWNER" + random.nextInt(3));
                log = present(outcome.log());
                copy = present(LogCommand.apply(copy, ROOM, outcome.effect().orElseThrow()));
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
                LogCommand.append(List.of(append(LOG, "a")), turn()).run(null, "OWNER");
        LogCommand.Outcome again =
                LogCommand.append(List.of(append(LOG, "a")), turn()).run(first.log(), "OWNER");
        ReplayLog copy = LogCommand.apply(null, ROOM, again.effect().orElseThrow());

        AppendResult third = LogCommand.results(LogCommand.append(List.of(append(LOG, "a")), turn())
                        .run(copy, "OTHER")
                        .answer())
                .get(0);

        assertThat(Events.appended(third).duplicate()).isTrue();
        assertThat(Events.place(third).offset()).isEqualTo(1);
    }
}
