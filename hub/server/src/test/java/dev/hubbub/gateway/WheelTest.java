package dev.hubbub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Visits come when they are due, once. */
class WheelTest {
    private final Wheel wheel = new Wheel(1_000_000);

    /** Notes when it is visited and comes again after a period. */
    private static final class Visited extends Wheel.Timed {
        final List<Long> at = new ArrayList<>();
        long period = Long.MAX_VALUE;

        @Override
        long visit(long nowMillis) {
            at.add(nowMillis);
            return period == Long.MAX_VALUE ? period : nowMillis + period;
        }
    }

    private void until(long from, long to) {
        for (long now = from; now <= to; now += 1_000) {
            wheel.advance(now);
        }
    }

    @Test
    void visitComesAtItsSecondAndNotBefore() {
        Visited visited = new Visited();
        wheel.visitAt(visited, 1_005_000);
        until(1_001_000, 1_004_000);
        assertThat(visited.at).isEmpty();
        until(1_005_000, 1_090_000);
        assertThat(visited.at).containsExactly(1_005_000L);
    }

    @Test
    void whatIsForgottenIsNeverVisitedAgainAndCanBeCollected() throws InterruptedException {
        ReferenceQueue<Visited> collected = new ReferenceQueue<>();
        WeakReference<Visited> forgotten = forgetOne(collected);
        until(1_001_000, 1_003_000);

        System.gc();
        assertThat(collected.remove(10_000)).isSameAs(forgotten);
        until(1_004_000, 1_090_000);
    }

    private WeakReference<Visited> forgetOne(ReferenceQueue<Visited> queue) {
        Visited visited = new Visited();
        wheel.visitAt(visited, 1_050_000);
        wheel.visitAt(visited, 1_010_000);
        wheel.forget(visited);
        wheel.visitAt(visited, 1_002_000);
        until(1_001_000, 1_003_000);
        assertThat(visited.at).isEmpty();
        return new WeakReference<>(visited, queue);
    }

    @Test
    void periodicVisitsComeInTurn() {
        Visited visited = new Visited();
        visited.period = 25_000;
        wheel.visitAt(visited, 1_025_000);
        until(1_001_000, 1_080_000);
        assertThat(visited.at).containsExactly(1_025_000L, 1_050_000L, 1_075_000L);
    }

    @Test
    void earlierWishReplacesALaterOneAndAPausedLoopCatchesUpOnce() {
        Visited visited = new Visited();
        wheel.visitAt(visited, 1_050_000);
        wheel.visitAt(visited, 1_010_000);
        wheel.visitAt(visited, 1_030_000);
        wheel.advance(1_500_000);
        until(1_501_000, 1_600_000);
        assertThat(visited.at).containsExactly(1_500_000L);
    }

    @Test
    void farVisitComesNoLaterThanTheWheelIsLong() {
        Visited visited = new Visited();
        wheel.visitAt(visited, Long.MAX_VALUE - 5_000);
        until(1_001_000, 1_000_000 + Wheel.SLOTS * 1_000L);
        assertThat(visited.at).hasSize(1);
    }
}
