package dev.hubbub;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.EventLoop;
import dev.hubbub.cluster.ClusterNode;
import dev.hubbub.config.HubConfig;
import dev.hubbub.config.ReplayConfig;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.replay.MemoryReplayStore;
import dev.hubbub.replay.Ownership;
import dev.hubbub.replay.Receipts;
import dev.hubbub.replay.ReplayStore;
import dev.hubbub.replay.SafeStore;
import java.util.Optional;
import java.util.function.Function;

/** Makes the store that the config asks for, on the event loop that will use it. */
record LogStores(HubConfig config, Bus bus, Ownership ownership, Optional<ClusterNode> cluster)
        implements Function<EventLoop, ReplayStore> {

    @Override
    public ReplayStore apply(EventLoop loop) {
        ReplayConfig replay = config.replay();
        return switch (replay.store()) {
            case MEMORY -> new MemoryReplayStore(replay.maxBytes());
            case HAZELCAST -> replicated(loop);
            case REDIS ->
                throw new HubException(ErrorCode.UNAVAILABLE, "replay.store redis is not part of this version yet");
        };
    }

    private ReplayStore replicated(EventLoop loop) {
        ClusterNode node =
                cluster.orElseThrow(() -> new IllegalStateException("replay.store hazelcast without a cluster"));
        int others = config.cluster().minimumNodes() - 1;
        return new SafeStore(
                node.logs(config.replay().maxBytes()), ownership, new Receipts(bus, ownership, others, loop), loop);
    }
}
