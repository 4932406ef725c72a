package dev.hubbub.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.DeliveryKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetainedTest {
    private static final LogPolicy ALL = Events.keep(1_000_000, 1_000_000_000, 1_000_000);

    private static LogEntry entry(long offset, String resource, long atMillis) {
        return new LogEntry(
                offset, "1-A", atMillis, Events.content("e" + offset, resource, -1, "text"), Optional.empty());
    }

    private static List<Long> offsets(Retained retained) {
        return retained.oldestFirst().stream().map(LogEntry::offset).toList();
    }

    @Test
    void theRingGivesEveryOffsetWhileItGrowsWrapsAndShrinks() {
        RetainedEvents events = new RetainedEvents();
        long next = 1;
        long oldest = 1;
        for (int target : new int[] {5, 100, 3, 64, 0, 9}) {
            while (events.count() < target || events.count() == 0) {
                events.add(entry(next++, "r", 0));
                if (next % 3 == 0) {
                    events.removeOldest();
                    oldest++;
                }
            }
            while (events.count() > target) {
                events.removeOldest();
                oldest++;
            }
            assertThat(offsets(events))
                    .isEqualTo(java.util.stream.LongStream.range(oldest, next)
                            .boxed()
                            .toList());
            assertThat(events.oldestOffset(-1)).isEqualTo(target == 0 ? -1 : oldest);
        }
    }

    @Test
    void eachBoundOfTheRingHoldsByItself() {
        int size = entry(1, "r", 0).bytes();
        for (LogPolicy policy : List.of(
                Events.keep(2, 1_000_000, 1_000_000),
                Events.keep(100, 2L * size + 1, 1_000_000),
                Events.keep(100, 1_000_000, 15))) {
            RetainedEvents events = new RetainedEvents();
            for (int i = 1; i <= 4; i++) {
                events.add(entry(i, "r", i * 10L));
            }
            events.trim(policy, 45);
            assertThat(offsets(events)).as(policy.toString()).containsExactly(3L, 4L);
            assertThat(events.bytes()).isEqualTo(2L * size);
        }
    }

    @Test
    void aValueReplacesItsResourcesOldOneAndBecomesTheNewest() {
        LatestValues values = new LatestValues();
        values.add(entry(1, "a", 0));
        values.add(entry(2, "b", 0));
        values.add(entry(3, "a", 0));
        assertThat(offsets(values)).containsExactly(2L, 3L);
        assertThat(values.bytes())
                .isEqualTo((long) entry(2, "b", 0).bytes() + entry(3, "a", 0).bytes());
        assertThat(values.oldestOffset(-1)).isEqualTo(2);
    }

    @Test
    void overABoundTheValueReplacedLongestAgoGoes() {
        LatestValues values = new LatestValues();
        for (int i = 1; i <= 4; i++) {
            values.add(entry(i, "r" + i, 0));
        }
        values.trim(new LogPolicy(DeliveryKind.LATEST, 3, 1_000_000, 1, false), 0);
        assertThat(offsets(values)).containsExactly(2L, 3L, 4L);
        values.trim(new LogPolicy(DeliveryKind.LATEST, 3, entry(1, "r", 0).bytes(), 1, false), 0);
        assertThat(offsets(values)).containsExactly(4L);
    }

    @Test
    void aValueStaysCurrentHoweverOld() {
        LatestValues values = new LatestValues();
        values.add(entry(1, "a", 0));
        values.trim(new LogPolicy(DeliveryKind.LATEST, 3, 1_000, 1, false), 1_000_000_000);
        assertThat(offsets(values)).containsExactly(1L);
    }

    @Test
    void countsAreZeroAgainWhenAllIsGone() {
        for (Retained retained : List.of(new RetainedEvents(), new LatestValues())) {
            retained.add(entry(1, "a", 0));
            retained.trim(ALL, 0);
            assertThat(retained.count()).isEqualTo(1);
            retained.removeOldest();
            retained.removeOldest();
            assertThat(retained.count()).isZero();
            assertThat(retained.bytes()).isZero();
            assertThat(retained.oldestOffset(7)).isEqualTo(7);
        }
    }
}
