package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.DrainConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrainPlanTest {
    private static final DrainConfig CONFIG = new DrainConfig(Duration.ofSeconds(10), Duration.ofSeconds(45), 200);

    @Test
    void theWindowIsTheConfiguredOneWhileTheOthersAcceptThatFast() {
        assertThat(DrainPlan.of(CONFIG, 1_500, List.of(200, 200)).windowMillis())
                .isEqualTo(10_000);
        assertThat(DrainPlan.of(CONFIG, 1, List.of(200)).windowMillis()).isEqualTo(10_000);
    }

    @Test
    void moreSocketsThanTheOthersAcceptInThatTimeMakeItLonger() {
        assertThat(DrainPlan.of(CONFIG, 4_000, List.of(200)).windowMillis()).isEqualTo(20_000);
        assertThat(DrainPlan.of(CONFIG, 4_001, List.of(200)).windowMillis()).isEqualTo(21_000);
        assertThat(DrainPlan.of(CONFIG, 4_000, List.of(200, 50)).windowMillis()).isEqualTo(16_000);
    }

    @Test
    void timeIsLeftToFinishPublishesAndToHandOver() {
        assertThat(DrainPlan.of(CONFIG, 1_000_000, List.of(200)).windowMillis()).isEqualTo(25_000);
        DrainConfig hasty = new DrainConfig(Duration.ofSeconds(10), Duration.ofSeconds(12), 200);
        assertThat(DrainPlan.of(hasty, 10, List.of(200)).windowMillis()).isEqualTo(6_000);
    }

    @Test
    void withoutAnotherNodeNobodyIsWaitedForAndTheReturnIsSpread() {
        DrainPlan few = DrainPlan.of(CONFIG, 10, List.of());
        assertThat(few.windowMillis()).isZero();
        assertThat(few.spreadMillis()).isEqualTo(5_000);
        DrainPlan many = DrainPlan.of(CONFIG, 10_000, List.of());
        assertThat(many.windowMillis()).isZero();
        assertThat(many.spreadMillis()).isEqualTo(50_000);
    }

    @Test
    void aNodeWithoutSocketsGoesAtOnce() {
        assertThat(DrainPlan.of(CONFIG, 0, List.of(200, 200)).windowMillis()).isZero();
    }
}
