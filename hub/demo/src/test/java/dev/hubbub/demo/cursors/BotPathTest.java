package dev.hubbub.demo.cursors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BotPathTest {
    @Test
    void aBotStaysInTheFieldAndMovesSlowly() {
        for (int bot = 0; bot < 50; bot++) {
            BotPath path = BotPath.of(42, bot);
            for (long at = 0; at < 60_000; at += 50) {
                assertThat(path.x(at)).isBetween(0.0, 1.0);
                assertThat(path.y(at)).isBetween(0.0, 1.0);
                assertThat(Math.abs(path.x(at + 50) - path.x(at))).isLessThan(0.06);
            }
        }
    }

    @Test
    void theSameSeedMakesTheSameWayAndEveryBotHasItsOwn() {
        assertThat(BotPath.of(42, 7)).isEqualTo(BotPath.of(42, 7)).isNotEqualTo(BotPath.of(42, 8));
    }
}
