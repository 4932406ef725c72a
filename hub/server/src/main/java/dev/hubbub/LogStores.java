package dev.hubbub;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.Ownership;
import dev.hubbub.cluster.ClusterNode;
import dev.hubbub.config.HubConfig;
import dev.hubbub.config.ReplayConfig;
import dev.hubbub.config.ReplayConfig.Store;
import dev.hubbub.redis.RedisReplayStore;
import dev.hubbub.replay.KindStore;
import dev.hubbub.replay.MemoryReplayStore;
import dev.hubbub.replay.Receipts;
import dev.hubbub.replay.ReplayStore;
import dev.hubbub.replay.SafeStore;
import dev.hubbub.replay.TimedStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Makes the store that the config asks for, on the event loop that will use it. */
record LogStores(
        Vertx vertx,
        HubConfig config,
        Bus bus,
        Ownership ownership,
        Optional<ClusterNode> cluster,
        StoreWatch watch,
        MeterRegistry registry)
        implements Function<EventLoop, ReplayStore> {

    @Override
    public ReplayStore apply(EventLoop loop) {
        ReplayConfig replay = config.replay();
        return switch (replay.store()) {
            case MEMORY -> timed(Store.MEMORY, new MemoryReplayStore(replay.maxBytes()));
            case HAZELCAST -> timed(Store.HAZELCAST, replicated(loop));
            // Current values stay in memory, so that they flow while Redis is away.
            case REDIS ->
                new KindStore(
                        timed(Store.REDIS, watched(new RedisReplayStore(vertx, replay.redisUrl(), script()))),
                        cluster.isPresent()
                                ? timed(Store.HAZELCAST, replicated(loop))
                                : timed(Store.MEMORY, new MemoryReplayStore(replay.maxBytes())));
        };
    }

    private ReplayStore timed(Store kind, ReplayStore store) {
        return new TimedStore(store, kind.name().toLowerCase(Locale.ROOT), registry);
    }

    private ReplayStore watched(RedisReplayStore redis) {
        redis.onDoubt(() -> watch.seen(redis.isUp()));
        return redis;
    }

    private ReplayStore replicated(EventLoop loop) {
        ClusterNode node =
                cluster.orElseThrow(() -> new IllegalStateException("replay.store hazelcast without a cluster"));
        int others = config.cluster().quorum() - 1;
        SafeStore safe = new SafeStore(
                node.logs(config.replay().maxBytes()), ownership, new Receipts(bus, ownership, others, loop), loop);
        watch.count(safe);
        return safe;
    }

    private static Buffer script() {
        try (InputStream in = LogStores.class.getResourceAsStream("/redis/log.lua")) {
            if (in == null) {
                throw new IllegalStateException("redis/log.lua is not in the jar");
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
