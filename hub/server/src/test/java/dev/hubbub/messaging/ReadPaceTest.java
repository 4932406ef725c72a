package dev.hubbub.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.LimitsConfig.Rate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads of logs keep their pace and their order. */
class ReadPaceTest {
    private final Deque<Runnable> ticks = new ArrayDeque<>();
    private final List<Integer> ran = new ArrayList<>();
    private final ReadPace pace =
            new ReadPace((millis, action) -> ticks.add(action), () -> new Rate(100, Duration.ofSeconds(1), 100), 2);

    @Test
    void aLoopRunsItsShareAtOnceAndTheRestInTurn() {
        for (int i = 0; i < 62; i++) {
            int number = i;
            pace.run(() -> ran.add(number));
        }
        assertThat(ran).hasSize(50); // half of the burst, as there are two loops
        assertThat(pace.waitMillis()).isBetween(200L, 300L);

        ticks.remove().run();
        assertThat(ran).hasSize(55);

        ticks.remove().run();
        ticks.remove().run();
        assertThat(ran).hasSize(62).isSorted();
        assertThat(pace.waitMillis()).isZero();
    }

    @Test
    void withNothingToDoNoTimerRuns() {
        pace.run(() -> ran.add(1));
        int run = 0;
        while (!ticks.isEmpty()) {
            ticks.remove().run();
            run++;
        }
        assertThat(run).isEqualTo(1);
    }
}
