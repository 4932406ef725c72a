package dev.hubbub.redis;

import static dev.hubbub.redis.StoreOnLoop.ids;
import static dev.hubbub.redis.StoreOnLoop.reason;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.Position;
import dev.hubbub.replay.AppendResult;
import dev.hubbub.replay.ReadResult;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Redis that goes away and comes back, with its data, with older data, and without. */
class RedisOutageTest {
    private RealRedis redis;
    private StoreOnLoop store;

    @BeforeEach
    void start() throws Exception {
        redis = RealRedis.start();
        store = new StoreOnLoop(redis.url());
    }

    @AfterEach
    void stop() throws Exception {
        store.close();
        redis.close();
    }

    @Test
    void whileItIsAwayAppendsAreRefusedSoonAndItServesAgainWithEverything() throws Exception {
        Position first = store.sayUntilTaken("a");
        redis.stop();
        long begin = System.nanoTime();
        store.sayInVain("b");
        assertThat((System.nanoTime() - begin) / 1_000_000).isLessThan(3_000);
        assertThat(store.isUp()).isFalse();

        redis.startAgain();
        Position second = store.sayUntilTaken("b");

        assertThat(second.epoch()).isEqualTo(first.epoch());
        assertThat(second.offset()).isEqualTo(2);
        assertThat(second.term()).as("another run of Redis is another term").isNotEqualTo(first.term());
        assertThat(ids(store.after(first))).containsExactly("b");
    }

    @Test
    void emptiedItBeginsANewEpoch() throws Exception {
        Position first = store.sayUntilTaken("a");
        redis.stop();
        redis.startEmpty();
        Position again = store.sayUntilTaken("b");
        assertThat(again.epoch()).isNotEqualTo(first.epoch());
        assertThat(reason(store.after(first))).isEqualTo(ReadResult.Reason.EPOCH);
    }

    @Test
    void withOlderDataNoPositionIsGivenToAnotherEvent() throws Exception {
        Position kept = store.sayUntilTaken("a");
        redis.stop();
        byte[] old = Files.readAllBytes(redis.data());
        redis.startAgain();
        Position vanished = store.sayUntilTaken("b");
        redis.stop();
        Files.write(redis.data(), old);
        redis.startAgain();
        Position other = store.sayUntilTaken("c");

        assertThat(other.offset()).isEqualTo(vanished.offset());
        assertThat(other).isNotEqualTo(vanished);
        assertThat(reason(store.after(vanished))).isEqualTo(ReadResult.Reason.DIVERGED);
        assertThat(ids(store.after(kept))).containsExactly("c");
    }

    @Test
    void twoOwnersNeverGiveOneOffsetTwice() throws Exception {
        StoreOnLoop other = new StoreOnLoop(redis.url());
        try {
            List<Future<List<AppendResult>>> answers = new ArrayList<>();
            List<AppendResult> results = new ArrayList<>();
            answers.addAll(store.onLoop(() -> Future.succeededFuture(half(store, "A"))));
            answers.addAll(other.onLoop(() -> Future.succeededFuture(half(other, "B"))));
            var unused = store.onLoop(() -> Future.all(answers)
                    .onSuccess(all -> all.<List<AppendResult>>list().forEach(results::addAll)));
            assertThat(results)
                    .extracting(result -> ((AppendResult.Appended) result)
                            .position()
                            .orElseThrow()
                            .offset())
                    .doesNotHaveDuplicates()
                    .hasSize(500)
                    .allMatch(offset -> offset >= 1 && offset <= 500);
        } finally {
            other.close();
        }
    }

    private static List<Future<List<AppendResult>>> half(StoreOnLoop store, String owner) {
        List<Future<List<AppendResult>>> answers = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            answers.add(store.append(owner + i, owner));
        }
        return answers;
    }

    @Test
    void whoSharesItIsToldWhenItGoesAndComes() throws Exception {
        Position first = store.sayUntilTaken("a");
        redis.stop();
        store.sayInVain("b");
        redis.startAgain();
        Position second = store.sayUntilTaken("b");
        assertThat(second.offset()).isEqualTo(first.offset() + 1);
        assertThat(store.told()).startsWith(true, false).endsWith(true);
    }
}
