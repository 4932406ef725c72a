package dev.hubbub.messaging;

import dev.hubbub.bus.Timers;
import dev.hubbub.config.LimitsConfig;
import dev.hubbub.config.LimitsConfig.Rate;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * One event loop's share of what its node may hold and do.
 *
 * @param memory the node's memory
 * @param tails the loop's tails
 * @param reads the pace of the loop's reads
 */
record LoopRoom(NodeMemory memory, Tails tails, ReadPace reads) {

    /** Takes the share of one of {@code loops} loops. */
    static LoopRoom of(NodeMemory memory, Supplier<LimitsConfig> limits, Timers timers, int loops) {
        Supplier<Rate> resumes = () -> limits.get().node().resumes();
        return new LoopRoom(memory, new Tails(memory, loops), new ReadPace(timers, resumes, loops));
    }

    /** The room of a loop in a node that has no limits. */
    static LoopRoom unlimited(Timers timers) {
        Rate most = new Rate(Integer.MAX_VALUE, Duration.ofSeconds(1), Integer.MAX_VALUE);
        LimitsConfig limits = new LimitsConfig(
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                most,
                Integer.MAX_VALUE,
                new LimitsConfig.Node(OptionalLong.of(Long.MAX_VALUE), most, most));
        NodeMemory memory = new NodeMemory(() -> limits, new JvmHeap(), new SimpleMeterRegistry());
        return of(memory, () -> limits, timers, 1);
    }
}
