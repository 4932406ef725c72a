package dev.hubbub.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.telemetry.RepeatedLines.Repeats;
import org.junit.jupiter.api.Test;

/** Which lines of a log are said, and which are counted. */
class RepeatedLinesTest {
    private static final long LATER = RepeatedLines.WINDOW_MILLIS;
    private final RepeatedLines<String> lines = new RepeatedLines<>();

    private boolean say(String text, long nowMillis) {
        return lines.take("kind " + text.charAt(0), text, text, nowMillis);
    }

    @Test
    void aLineIsSaidOnceAndItsRepeatsAreCounted() {
        assertThat(say("a", 0)).isTrue();
        for (int i = 1; i <= 57; i++) {
            assertThat(say("a", i)).isFalse();
        }

        assertThat(lines.ended(LATER - 1, false)).isEmpty();
        assertThat(lines.ended(LATER, false)).containsExactly(new Repeats<>("a", 57, LATER, true));
        assertThat(say("a", LATER + 1)).isTrue();
    }

    @Test
    void whatWasSaidOnceIsNotTold() {
        assertThat(say("a", 0)).isTrue();
        assertThat(say("b", 0)).isTrue();

        assertThat(lines.ended(LATER, false)).isEmpty();
        assertThat(lines.isEmpty()).isTrue();
    }

    @Test
    void linesOfOneKindAreCountedBeyondTwenty() {
        for (int i = 0; i < RepeatedLines.MOST_OF_A_KIND; i++) {
            assertThat(say("a address=" + i, 0)).isTrue();
        }
        assertThat(say("a address=more", 0)).isFalse();
        assertThat(say("a address=most", 0)).isFalse();
        assertThat(say("b", 0)).as("another kind").isTrue();

        assertThat(lines.ended(LATER, false)).containsExactly(new Repeats<>("a address=most", 2, LATER, false));
    }

    @Test
    void itNeverRemembersMoreThanItsBound() {
        for (int i = 0; i < 3 * RepeatedLines.MOST; i++) {
            assertThat(lines.take("kind " + i, "line " + i, "line " + i, 0)).isTrue();
        }
        assertThat(lines.take("kind 1", "line 1", "line 1", 0)).isFalse();
        assertThat(lines.take("kind 2999", "line 2999", "line 2999", 0))
                .as("not remembered, so said")
                .isTrue();
    }

    @Test
    void theEndOfTheLogTellsWhatIsLeft() {
        assertThat(say("a", 0)).isTrue();
        assertThat(say("a", 5)).isFalse();

        assertThat(lines.ended(7, true)).containsExactly(new Repeats<>("a", 1, 7, true));
    }
}
