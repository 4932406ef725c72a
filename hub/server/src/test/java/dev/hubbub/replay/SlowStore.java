package dev.hubbub.replay;

import static dev.hubbub.replay.Events.LOG;

import dev.hubbub.protocol.Address;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A store whose appends wait until the test lets them through. */
final class SlowStore implements ReplayStore {
    private final MemoryReplayStore memory = new MemoryReplayStore(1 << 20);
    final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean fail;

    void letThrough() {
        if (!waiting.isEmpty()) {
            waiting.remove().run();
        }
    }

    void failAfterDoing() {
        fail = true;
        letThrough();
        fail = false;
    }

    ReadResult everything() {
        return memory.read(
                        Events.ROOM, LOG, new ReadFrom.Start(), new ReadLimits(100, 100_000), new Turn("A1", "E9", 1))
                .result();
    }

    @Override
    public Future<List<AppendResult>> append(List<Append> events, Turn turn) {
        Promise<List<AppendResult>> answer = Promise.promise();
        waiting.add(() -> memory.append(events, turn).onComplete(done -> {
            if (fail) {
                answer.fail("no answer came");
            } else {
                answer.handle(done);
            }
        }));
        return answer.future();
    }

    @Override
    public Future<Attached> attached(Address address, LogPolicy policy, Turn turn) {
        return memory.attached(address, policy, turn);
    }

    @Override
    public Future<ReadResult> read(Address address, LogPolicy policy, ReadFrom from, ReadLimits limits, Turn turn) {
        return memory.read(address, policy, from, limits, turn);
    }

    @Override
    public Future<Optional<LogInfo>> info(Address address) {
        return memory.info(address);
    }

    @Override
    public Future<List<LogInfo>> list(String prefix, Optional<String> after, int limit) {
        return memory.list(prefix, after, limit);
    }

    @Override
    public Future<Void> sweep(Replay.AddressFilter inUse, Turn turn) {
        return memory.sweep(inUse, turn);
    }
}
