package dev.hubbub.redis;

import dev.hubbub.replay.KindStore;
import dev.hubbub.replay.MemoryReplayStore;
import dev.hubbub.replay.ReplayStore;
import dev.hubbub.replay.ReplayStoreContract;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Redis keeps logs by the same rules as every other store. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisReplayStoreTest extends ReplayStoreContract {
    static final Path SCRIPT = Path.of("src/main/resources/redis/log.lua");

    private Vertx vertx;
    private RealRedis redis;
    private Redis plain;

    @BeforeAll
    void startRedis() throws Exception {
        vertx = Vertx.vertx();
        redis = RealRedis.start();
        plain = Redis.createClient(vertx, redis.url());
    }

    @AfterAll
    void stopRedis() throws Exception {
        var unused = vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        redis.close();
    }

    @Override
    protected ReplayStore emptyStore() throws Exception {
        var unused = plain.send(Request.cmd(Command.FLUSHALL))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        Buffer script = vertx.fileSystem().readFileBlocking(SCRIPT.toString());
        return new KindStore(new RedisReplayStore(vertx, redis.url(), script), new MemoryReplayStore(1 << 20));
    }
}
