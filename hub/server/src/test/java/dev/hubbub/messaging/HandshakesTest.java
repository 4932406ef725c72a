package dev.hubbub.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hubbub.config.LimitsConfig.Rate;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A storm of connections comes in as fast as it may, and the rest is told when to come back. */
class HandshakesTest {
    private static final Rate RATE = new Rate(100, Duration.ofSeconds(1), 500);
    private static final long NOW = 1_000_000;

    private final Handshakes handshakes = new Handshakes();

    private long waitOf(long nowMillis) {
        HubException refusal = catchThrowableOfType(HubException.class, () -> handshakes.admit(RATE, nowMillis));
        if (refusal == null) {
            return 0;
        }
        assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        return refusal.details().getLong("retryAfterMillis");
    }

    @Test
    void aBurstComesInAtOnceAndEveryoneElseIsToldAnotherWait() {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            waits.add(waitOf(NOW));
        }

        assertThat(waits.subList(0, 500)).containsOnly(0L);
        List<Long> told = waits.subList(500, 1_500);
        assertThat(told).doesNotHaveDuplicates().isSorted();
        assertThat(told.get(999)).isBetween(10_000L, 10_600L); // a thousand at a hundred a second
    }

    @Test
    void whoComesBackWhenItWasToldIsLetIn() {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            waits.add(waitOf(NOW));
        }

        for (long wait : waits.subList(500, 1_500)) {
            assertThat(waitOf(NOW + wait)).isZero();
        }
    }

    @Test
    void noWaitIsLongerThanAMinute() {
        for (int i = 0; i < 20_000; i++) {
            assertThat(waitOf(NOW)).isLessThanOrEqualTo(60_500);
        }
    }

    @Test
    void timeThatGoesBackLetsNobodyInTooEarlyAndBreaksNothing() {
        for (int i = 0; i < 500; i++) {
            handshakes.admit(RATE, NOW);
        }

        assertThat(waitOf(NOW - 10_000)).isPositive();
        assertThatCode(() -> handshakes.admit(RATE, NOW)).doesNotThrowAnyException();
    }
}
