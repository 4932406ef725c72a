package dev.hubbub.redis;

import static dev.hubbub.redis.StoreOnLoop.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.Position;
import dev.hubbub.replay.AppendResult;
import dev.hubbub.replay.ReadFrom;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Redis that says nothing any more, while the connection to it looks open. */
class RedisSilenceTest {
    private RealRedis redis;
    private WayToRedis way;
    private StoreOnLoop store;

    @BeforeEach
    void start() throws Exception {
        redis = RealRedis.start();
        way = new WayToRedis(redis);
        store = new StoreOnLoop(way.url());
    }

    @AfterEach
    void stop() throws Exception {
        store.close();
        way.close();
        redis.close();
    }

    @Test
    void aConnectionThatFallsSilentIsReplacedByAnother() throws Exception {
        Position first = store.sayUntilTaken("a");
        way.swallow();
        assertThat(store.onLoop(this::sayFiveInVain)).isTrue();
        Position second = store.sayUntilTaken("b");
        assertThat(second).isEqualTo(new Position(first.epoch(), first.term(), 2));
        assertThat(way.accepted()).isGreaterThan(1);
        assertThat(store.told()).startsWith(true, false).endsWith(true);
        assertThat(store.uncaught()).isEmpty();
    }

    private Future<Boolean> sayFiveInVain() {
        List<Future<List<AppendResult>>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(store.append("unknown" + i, "A"));
        }
        return Future.join(answers).transform(done -> Future.succeededFuture(done.failed()));
    }

    @Test
    void whatWasRefusedWhileNobodyGreetedIsNeverAppended() throws Exception {
        way.hold();
        store.sayInVain("a");
        way.release();
        var unused = store.sayUntilTaken("b");
        assertThat(ids(store.read(new ReadFrom.Start()))).containsExactly("b");
        assertThat(store.uncaught()).isEmpty();
    }

    @Test
    void whoGoesWithoutAGreetingIsNotWaitedFor() throws Exception {
        way.hold();
        store.sayInVain("a");
        way.swallow();
        way.release();
        var unused = store.sayUntilTaken("b");
        assertThat(ids(store.read(new ReadFrom.Start()))).containsExactly("b");
    }
}
