package dev.hubbub.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.replay.DedupeWindow.First;
import org.junit.jupiter.api.Test;

class WindowsTest {

    private static First first(long offset, long atMillis) {
        return new First("e" + offset, "1-A", offset, 0, atMillis);
    }

    @Test
    void aKeyIsKeptWhileItsEventIsRetainedHoweverOld() {
        DedupeWindow window = new DedupeWindow();
        window.add("a", first(1, 0));
        window.forget(1, 10, Long.MAX_VALUE / 2);
        assertThat(window.find("a")).isEqualTo(first(1, 0));
        window.forget(2, 10, Long.MAX_VALUE / 2);
        assertThat(window.find("a")).isNull();
        assertThat(window.bytes()).isZero();
    }

    @Test
    void keysBeyondTheRetainedEventsAreBoundedByCount() {
        DedupeWindow window = new DedupeWindow();
        int maxEvents = 10;
        for (int i = 1; i <= DedupeWindow.EXTRA + 1_000; i++) {
            window.add("k" + i, first(i, 0));
            window.forget(i - maxEvents + 1, maxEvents, 0);
            assertThat(window.size()).isLessThanOrEqualTo(DedupeWindow.EXTRA + 2 * maxEvents);
        }
        assertThat(window.find("k1")).isNull();
        assertThat(window.find("k" + (DedupeWindow.EXTRA + 1_000))).isNotNull();
    }

    @Test
    void sheddingNeverForgetsTheKeyOfARetainedEvent() {
        DedupeWindow window = new DedupeWindow();
        for (int i = 1; i <= 10; i++) {
            window.add("k" + i, first(i, 0));
        }
        window.shed(6, 100);
        assertThat(window.size()).isEqualTo(5);
        assertThat(window.find("k5")).isNull();
        assertThat(window.find("k6")).isNotNull();
    }

    @Test
    void versionsAreBoundedAndTheLongestUntouchedGoFirst() {
        ResourceVersions versions = new ResourceVersions();
        versions.put("touched", 1, 1);
        for (int i = 2; i <= ResourceVersions.EXTRA + 10; i++) {
            versions.put("r" + i, i, i);
        }
        int top = ResourceVersions.EXTRA + 11;
        versions.put("touched", 2, top);
        versions.forget(top, 1);
        assertThat(versions.size()).isEqualTo(ResourceVersions.EXTRA + 1);
        assertThat(versions.last("touched")).isEqualTo(2);
        assertThat(versions.last("r2")).isEqualTo(ResourceVersions.NONE);
    }

    @Test
    void theVersionOfARetainedResourceIsNeverForgotten() {
        ResourceVersions versions = new ResourceVersions();
        for (int i = 1; i <= ResourceVersions.EXTRA + 10; i++) {
            versions.put("r" + i, i, i);
        }
        versions.forget(1, 0);
        assertThat(versions.last("r1")).isEqualTo(1);
    }
}
