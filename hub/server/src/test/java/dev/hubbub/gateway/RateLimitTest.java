package dev.hubbub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.LimitsConfig.Rate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private final HandClock clock = new HandClock();
    private final RateLimit limit = new RateLimit(new Rate(10, Duration.ofSeconds(1), 5), clock);

    @Test
    void aBurstPassesAndThenTheRate() {
        assertThat(allowed(20)).isEqualTo(5);
        clock.millis += 99;
        assertThat(limit.allow()).isFalse();
        clock.millis += 1;
        assertThat(allowed(20)).isEqualTo(1);
        clock.millis += 10_000;
        assertThat(allowed(20)).as("it holds no more than the burst").isEqualTo(5);
    }

    @Test
    void itTellsWhenTheNextMayCome() {
        assertThat(allowed(5)).isEqualTo(5);
        assertThat(limit.retryAfterMillis()).isEqualTo(100);
        clock.millis += 60;
        assertThat(limit.retryAfterMillis()).isEqualTo(40);
        clock.millis += 40;
        assertThat(limit.retryAfterMillis()).isEqualTo(1);
        assertThat(limit.allow()).isTrue();
    }

    @Test
    void patienceIsCountedApart() {
        assertThat(allowed(5)).isEqualTo(5);
        assertThat(IntStream.range(0, 20).filter(i -> limit.forgive()).count()).isEqualTo(5);
        clock.millis += 100;
        assertThat(limit.forgive()).isTrue();
        assertThat(limit.allow()).isTrue();
    }

    @Test
    void aClockThatIsSetBackLeavesItEmptyAtMost() {
        assertThat(allowed(5)).isEqualTo(5);
        clock.millis -= 3_600_000;
        assertThat(limit.allow()).isFalse();
        assertThat(limit.retryAfterMillis()).isEqualTo(100);
        clock.millis += 100;
        assertThat(allowed(20)).isEqualTo(1);
    }

    @Test
    void theLargestRatesDoNotOverflow() {
        RateLimit most = new RateLimit(new Rate(1, Duration.ofDays(365), Integer.MAX_VALUE), clock);
        assertThat(most.allow()).isTrue();
        RateLimit fastest = new RateLimit(new Rate(Integer.MAX_VALUE, Duration.ofSeconds(1), Integer.MAX_VALUE), clock);
        assertThat(IntStream.range(0, 10_000).allMatch(i -> fastest.allow())).isTrue();
    }

    private long allowed(int wished) {
        return IntStream.range(0, wished).filter(i -> limit.allow()).count();
    }

    private static final class HandClock extends Clock {
        private long millis = 1_767_225_600_000L;

        @Override
        public long millis() {
            return millis;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
