package dev.hubbub.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hubbub.config.LimitsConfig;
import dev.hubbub.config.LimitsConfig.Rate;
import dev.hubbub.messaging.NodeMemory.Use;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** When a node is full, and when it takes on work again. */
class NodeMemoryTest {
    private final FakeHeap heap = new FakeHeap();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final NodeMemory memory = memory(OptionalLong.of(1_000_000));

    private NodeMemory memory(OptionalLong budget) {
        Rate any = new Rate(1, Duration.ofSeconds(1), 1);
        LimitsConfig limits = new LimitsConfig(1, 1, 1, 1, 1, any, 1, new LimitsConfig.Node(budget, any, any));
        return new NodeMemory(() -> limits, heap, registry);
    }

    @Test
    void withoutALimitTheBudgetIsAShareOfTheHeap() {
        assertThat(memory(OptionalLong.empty()).budget()).isEqualTo(400_000_000);
    }

    @Test
    void allUsesTogetherFillTheBudgetAndItIsFreeAgainWellBelow() {
        memory.add(Use.UNSENT, 600_000);
        memory.add(Use.PUBLISHES, 399_000);
        memory.look(0);
        assertThatCode(memory::requireRoom).doesNotThrowAnyException();
        assertThat(memory.excess()).isZero();

        memory.add(Use.TAILS, 50_000);
        memory.look(250);
        HubException refusal = catchThrowableOfType(HubException.class, memory::requireRoom);
        assertThat(refusal.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refusal.details().getLong("retryAfterMillis")).isPositive();
        assertThat(memory.excess()).isEqualTo(149_000);
        assertThat(registry.get("hubbub.memory.full").gauge().value()).isEqualTo(1);
        assertThat(memory.details().getString("why")).contains("limits.memory");

        memory.add(Use.UNSENT, -100_000);
        memory.look(500);
        assertThat(memory.isFull()).as("949,000 is not clearly below").isTrue();

        memory.add(Use.UNSENT, -100_000);
        memory.look(750);
        assertThat(memory.isFull()).isFalse();
        assertThat(memory.excess()).isZero();
        assertThatCode(memory::requireRoom).doesNotThrowAnyException();
    }

    @Test
    void slowClientsHaveTheirShareWhateverElseFillsTheNode() {
        memory.add(Use.VALUES, 1_500_000);
        memory.add(Use.UNSENT, 200_000);
        memory.look(0);
        assertThat(memory.isFull()).isTrue();
        assertThat(memory.excess()).as("closing them would not help").isZero();

        memory.add(Use.UNSENT, 100_000);
        memory.look(250);
        assertThat(memory.excess()).isEqualTo(50_000);
    }

    @Test
    void everyoneIsToldAnotherWait() {
        memory.add(Use.UNSENT, 2_000_000);
        memory.look(0);

        HubException first = catchThrowableOfType(HubException.class, memory::requireRoom);
        HubException second = catchThrowableOfType(HubException.class, memory::requireRoom);

        assertThat(first.details().getLong("retryAfterMillis"))
                .isNotEqualTo(second.details().getLong("retryAfterMillis"));
    }

    @Test
    void aHeapThatStaysFullAfterACollectionIsTheLastLine() {
        heap.percent = 86;
        memory.look(0);
        assertThat(memory.isFull()).isTrue();
        assertThat(memory.excess()).as("slow clients have to go").isPositive();

        heap.percent = 80;
        memory.look(250);
        assertThat(memory.isFull()).isTrue();

        heap.percent = 70;
        memory.look(500);
        assertThat(memory.isFull()).isFalse();
    }

    @Test
    void whileTheHeapSeemsFullItIsCollectedEveryHalfMinuteSoThatTheEndIsSeen() {
        heap.percent = 90;
        for (long now = 0; now <= 65_000; now += 250) {
            memory.look(now);
        }
        assertThat(heap.collections).isEqualTo(2);

        heap.percent = 10;
        memory.look(65_250);
        assertThat(memory.isFull()).isFalse();
    }

    private static final class FakeHeap implements NodeMemory.Heap {
        private int percent;
        private int collections;

        @Override
        public long maxBytes() {
            return 1_000_000_000;
        }

        @Override
        public int percentAfterCollection() {
            return percent;
        }

        @Override
        public void collect() {
            collections++;
        }
    }
}
