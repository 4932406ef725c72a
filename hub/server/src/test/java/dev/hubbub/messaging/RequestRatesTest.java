package dev.hubbub.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.LimitsConfig.Rate;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RequestRatesTest {
    private static final Rate SLOW = new Rate(1, Duration.ofHours(1), 3);

    private final RequestRates rates = new RequestRates(Clock.systemUTC());

    @Test
    void whoAsksTooOftenIsToldAWaitAndNobodyElseIs() {
        for (int i = 0; i < 3; i++) {
            assertThat(rates.take("alice", SLOW)).isZero();
        }
        assertThat(rates.take("alice", SLOW)).isBetween(1L, 3_600_000L);
        assertThat(rates.waitMillis("alice")).isPositive();
        assertThat(rates.take("bob", SLOW)).isZero();
        assertThat(rates.waitMillis("nobody")).isZero();
    }

    @Test
    void anotherRateHoldsAtOnce() {
        for (int i = 0; i < 4; i++) {
            var unused = rates.take("alice", SLOW);
        }
        assertThat(rates.take("alice", new Rate(1, Duration.ofHours(1), 5))).isZero();
    }

    @Test
    void namesWithoutEndTakeNoMemoryWithoutEndAndShareOneBucket() {
        for (int i = 0; i < 2 * RequestRates.MOST; i++) {
            var unused = rates.take("user " + i, SLOW);
        }
        assertThat(rates.size()).isLessThanOrEqualTo(RequestRates.MOST + 1);
        assertThat(rates.take("one more", SLOW))
                .as("the crowd has had its turns")
                .isPositive();
        assertThat(rates.take("user 1", SLOW))
                .as("who was there before has a bucket of its own")
                .isZero();
    }
}
