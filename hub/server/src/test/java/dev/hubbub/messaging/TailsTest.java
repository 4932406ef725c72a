package dev.hubbub.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.LimitsConfig;
import dev.hubbub.config.LimitsConfig.Rate;
import dev.hubbub.protocol.Position;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The tails of a loop stay within their share, and the coldest goes first. */
class TailsTest {
    private static final Position START = new Position("E1", "1-a", 0);
    private static final int EVENT_BYTES = 650;

    private final NodeMemory memory = memory();
    private final Tails tails = new Tails(memory, 2);

    /** So much that each of two loops may hold about three events. */
    private static NodeMemory memory() {
        Rate any = new Rate(1, Duration.ofSeconds(1), 1);
        LimitsConfig.Node node = new LimitsConfig.Node(OptionalLong.of(8L * 3 * 1_000), any, any);
        LimitsConfig limits = new LimitsConfig(1, 1, 1, 1, 1, any, 1, node);
        return new NodeMemory(() -> limits, new JvmHeap(), new SimpleMeterRegistry());
    }

    private void add(Tail tail, long offset) {
        long before = tail.heldBytes();
        tail.add(FakeReplay.event("E1", offset, "k"));
        tails.used(tail, tail.heldBytes() - before);
    }

    @Test
    void theTailThatWasUsedLongestAgoIsDroppedAndTheLogHasToBeAsked() {
        Tail cold = new Tail(START);
        Tail warm = new Tail(START);
        add(cold, 1);
        add(warm, 1);
        add(cold, 2);
        assertThat(memory.held(NodeMemory.Use.TAILS)).isEqualTo(tails.bytes()).isGreaterThan(3 * EVENT_BYTES);

        add(warm, 2);
        add(warm, 3);

        assertThat(cold.after(START, 10)).isEmpty();
        assertThat(warm.after(START, 10))
                .hasValueSatisfying(events -> assertThat(events).hasSize(3));
        assertThat(tails.bytes()).isEqualTo(warm.heldBytes()).isLessThanOrEqualTo(3_000);
    }

    @Test
    void aDroppedTailGoesOnFromItsHead() {
        Tail tail = new Tail(START);
        add(tail, 1);
        tails.gone(tail);

        add(tail, 2);

        assertThat(tail.after(START, 10)).isEmpty();
        assertThat(tail.after(new Position("E1", "1-a", 1), 10)).isPresent();
        tails.gone(tail);
        assertThat(memory.held(NodeMemory.Use.TAILS)).isZero();
    }
}
