package dev.hubbub.cluster;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.hubbub.FreePorts;
import dev.hubbub.config.ClusterConfig;
import dev.hubbub.replay.LogInfo;
import dev.hubbub.replay.MemoryStoreContract;
import dev.hubbub.replay.Replay;
import dev.hubbub.replay.ReplayStore;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** The cluster keeps logs by the same rules as every other store. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HazelcastReplayStoreTest extends MemoryStoreContract {
    private Vertx vertx;
    private HazelcastInstance one;
    private HazelcastInstance two;

    @BeforeAll
    void join() throws IOException {
        vertx = Vertx.vertx();
        int first = FreePorts.one();
        int second = FreePorts.one();
        List<String> join = List.of("127.0.0.1:" + first, "127.0.0.1:" + second);
        one = member(first, join);
        two = member(second, join);
    }

    private static HazelcastInstance member(int port, List<String> join) {
        return Hazelcast.newHazelcastInstance(
                HazelcastSettings.of(new ClusterConfig(true, "contract", port, join, 1, 2), "127.0.0.1", ""));
    }

    @AfterAll
    void leave() throws Exception {
        one.getLifecycleService().terminate();
        two.getLifecycleService().terminate();
        var unused = vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Override
    protected ReplayStore emptyStore() {
        one.getMap(HazelcastSettings.LOGS).clear();
        return new HazelcastReplayStore(vertx, one, 1 << 20);
    }

    @Override
    protected boolean ownerIsWhoAsks() {
        return false;
    }

    /** Each member lists what it keeps. */
    @Override
    protected List<LogInfo> list(String prefix, Optional<String> after, int limit) {
        return Stream.of(store(), new HazelcastReplayStore(vertx, two, 1 << 20))
                .flatMap(store -> done(store.list(prefix, after, limit)).stream())
                .sorted(Comparator.comparing(info -> info.address().value()))
                .limit(limit)
                .toList();
    }

    /** Each member sweeps what it keeps, and needs a round to find it. */
    @Override
    protected void sweepAll(Replay.AddressFilter inUse) {
        ReplayStore other = new HazelcastReplayStore(vertx, two, 1 << 20);
        for (int round = 0; round < 2; round++) {
            sweep(store(), inUse);
            sweep(other, inUse);
        }
    }
}
