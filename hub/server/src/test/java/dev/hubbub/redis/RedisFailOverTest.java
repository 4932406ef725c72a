package dev.hubbub.redis;

import static dev.hubbub.redis.StoreOnLoop.ids;
import static dev.hubbub.redis.StoreOnLoop.reason;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.Position;
import dev.hubbub.replay.ReadResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two Redis that change places, while connections stay open. */
class RedisFailOverTest {
    private RealRedis redis;
    private RealRedis other;
    private WayToRedis way;
    private StoreOnLoop store;

    @BeforeEach
    void start() throws Exception {
        redis = RealRedis.start();
        other = RealRedis.start();
        way = new WayToRedis(redis);
        store = new StoreOnLoop(way.url());
    }

    @AfterEach
    void stop() throws Exception {
        store.close();
        way.close();
        redis.close();
        other.close();
    }

    @Test
    void aRedisThatWasDemotedInPlaceIsLeftForTheOneThatFollowsIt() throws Exception {
        Position first = store.sayUntilTaken("a");
        other.follow(redis);
        other.promote();
        redis.follow(other);
        store.sayInVain("b");
        store.sweep();
        store.sayInVain("b");
        assertThat(store.told()).as("it goes once").containsExactly(true, false);

        way.leadTo(other);
        Position second = store.sayUntilTaken("b");
        assertThat(second.offset()).isEqualTo(2);
        assertThat(second.term()).isNotEqualTo(first.term());
        assertThat(ids(store.after(first))).containsExactly("b");
        assertThat(store.told()).containsExactly(true, false, true);
    }

    @Test
    void afterAFailBackNoPositionIsGivenToAnotherEvent() throws Exception {
        Position kept = store.sayUntilTaken("a");
        other.follow(redis);
        other.promote();
        Position vanished = store.sayUntilTaken("b");
        int toldBefore = store.told().size();
        redis.follow(other);
        redis.promote();
        Position another = store.sayUntilTaken("c");

        assertThat(another.offset()).isEqualTo(vanished.offset());
        assertThat(another).isNotEqualTo(vanished);
        assertThat(reason(store.after(vanished))).isEqualTo(ReadResult.Reason.DIVERGED);
        assertThat(ids(store.after(kept))).containsExactly("c");
        assertThat(store.told().subList(toldBefore, store.told().size()))
                .as("who listens has to look again")
                .containsExactly(false, true);
    }
}
