package dev.hubbub.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is under way to a node that does not read is bounded. */
class OutboundTest {
    private static final long MIB = 1024L * 1024;

    private final Outbound outbound = new Outbound();

    @Test
    void aNodeThatDoesNotReadGetsNoMoreEventsUntilSomeHaveLeft() {
        for (int i = 0; i < 32; i++) {
            assertThat(outbound.take("n2", MIB)).isTrue();
        }
        assertThat(outbound.take("n2", MIB)).isFalse();
        assertThat(outbound.take("n3", MIB)).as("the others go on").isTrue();

        outbound.left("n2", MIB);

        assertThat(outbound.take("n2", MIB)).isTrue();
        assertThat(outbound.take("n2", MIB)).isFalse();
    }

    @Test
    void beatsAlwaysPassAndSoDoesOneBatchHoweverLarge() {
        assertThat(outbound.take("n2", 100 * MIB)).isTrue();
        assertThat(outbound.take("n2", 0)).isTrue();
        assertThat(outbound.take("n2", 1)).isFalse();

        outbound.left("n2", 100 * MIB);

        assertThat(outbound.take("n2", 1)).isTrue();
    }
}
