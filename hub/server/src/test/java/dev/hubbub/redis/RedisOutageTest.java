package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.Append;
import dev.hubbub.replay.AppendResult;
import dev.hubbub.replay.LogPolicy;
import dev.hubbub.replay.ReadFrom;
import dev.hubbub.replay.ReadLimits;
import dev.hubbub.replay.ReadResult;
import dev.hubbub.replay.Turn;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Redis that goes away and comes back, with its data, with older data, and without. */
class RedisOutageTest {
    private static final Address ROOM = new Address("room:1");
    private static final LogPolicy LOG = new LogPolicy(DeliveryKind.LOG, 1_000, 1_000_000, 3_600_000, false);

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private RealRedis redis;
    private RedisReplayStore store;
    private int turns;

    @BeforeEach
    void start() throws Exception {
        redis = RealRedis.start();
        Buffer script = vertx.fileSystem().readFileBlocking(RedisReplayStoreTest.SCRIPT.toString());
        store = onLoop(() -> Future.succeededFuture(new RedisReplayStore(vertx, redis.url(), script)));
    }

    @AfterEach
    void stop() throws Exception {
        var unused = vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        redis.close();
    }

    private <T> T onLoop(Supplier<Future<T>> call) throws Exception {
        Promise<T> done = Promise.promise();
        loop.runOnContext(now -> call.get().onComplete(done));
        return done.future().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private Turn turn(String owner) {
        return new Turn(owner, "E" + ++turns, 1_000_000);
    }

    private static Append append(String id) {
        EventContent content = new EventContent(
                id,
                Optional.of("said"),
                id,
                Optional.empty(),
                EventContent.NO_VERSION,
                0,
                id.hashCode(),
                Buffer.buffer("{\"id\":\"" + id + "\"}"));
        return new Append(ROOM, LOG, content, id, Optional.empty(), "svc");
    }

    private Position sayUntilTaken(String id) throws Exception {
        long until = System.nanoTime() + 10_000_000_000L;
        AppendResult result = tryToSay(id);
        while (!(result instanceof AppendResult.Appended) && System.nanoTime() < until) {
            result = tryToSay(id);
        }
        assertThat(result).isInstanceOf(AppendResult.Appended.class);
        return ((AppendResult.Appended) result).position().orElseThrow();
    }

    private AppendResult tryToSay(String id) throws Exception {
        return onLoop(() -> store.append(List.of(append(id)), turn("A"))
                        .otherwise(failure -> List.of(new AppendResult.Refused((HubException) failure))))
                .get(0);
    }

    private ReadResult after(Position position) throws Exception {
        return onLoop(
                () -> store.read(ROOM, LOG, new ReadFrom.After(position), new ReadLimits(100, 1_000_000), turn("A")));
    }

    private static List<String> ids(ReadResult result) {
        assertThat(result).isInstanceOf(ReadResult.Events.class);
        return ((ReadResult.Events) result)
                .events().stream().map(event -> event.content().id()).toList();
    }

    @Test
    void whileItIsAwayAppendsAreRefusedSoonAndItServesAgainWithEverything() throws Exception {
        Position first = sayUntilTaken("a");
        redis.stop();
        long begin = System.nanoTime();
        AppendResult refused = tryToSay("b");
        assertThat(refused).isInstanceOf(AppendResult.Refused.class);
        assertThat(((AppendResult.Refused) refused).why().code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat((System.nanoTime() - begin) / 1_000_000).isLessThan(3_000);
        assertThat(store.isUp()).isFalse();

        redis.startAgain();
        Position second = sayUntilTaken("b");

        assertThat(second.epoch()).isEqualTo(first.epoch());
        assertThat(second.offset()).isEqualTo(2);
        assertThat(second.term()).as("another run of Redis is another term").isNotEqualTo(first.term());
        assertThat(ids(after(first))).containsExactly("b");
    }

    @Test
    void emptiedItBeginsANewEpoch() throws Exception {
        Position first = sayUntilTaken("a");
        redis.stop();
        redis.startEmpty();
        Position again = sayUntilTaken("b");
        assertThat(again.epoch()).isNotEqualTo(first.epoch());
        ReadResult lost = after(first);
        assertThat(lost).isInstanceOf(ReadResult.Lost.class);
        assertThat(((ReadResult.Lost) lost).reason()).isEqualTo(ReadResult.Reason.EPOCH);
    }

    @Test
    void withOlderDataNoPositionIsGivenToAnotherEvent() throws Exception {
        Position kept = sayUntilTaken("a");
        redis.stop();
        byte[] old = Files.readAllBytes(redis.data());
        redis.startAgain();
        Position vanished = sayUntilTaken("b");
        redis.stop();
        Files.write(redis.data(), old);
        redis.startAgain();
        Position other = sayUntilTaken("c");

        assertThat(other.offset()).isEqualTo(vanished.offset());
        assertThat(other).isNotEqualTo(vanished);
        ReadResult lost = after(vanished);
        assertThat(lost).isInstanceOf(ReadResult.Lost.class);
        assertThat(((ReadResult.Lost) lost).reason()).isEqualTo(ReadResult.Reason.DIVERGED);
        assertThat(ids(after(kept))).containsExactly("c");
    }

    @Test
    void twoOwnersNeverGiveOneOffsetTwice() throws Exception {
        Buffer script = vertx.fileSystem().readFileBlocking(RedisReplayStoreTest.SCRIPT.toString());
        RedisReplayStore other = onLoop(() -> Future.succeededFuture(new RedisReplayStore(vertx, redis.url(), script)));
        List<Future<List<AppendResult>>> answers = new ArrayList<>();
        List<AppendResult> results = new ArrayList<>();
        var unused = onLoop(() -> {
            for (int i = 0; i < 500; i++) {
                RedisReplayStore one = i % 2 == 0 ? store : other;
                answers.add(one.append(List.of(append("e" + i)), turn(i % 2 == 0 ? "A" : "B")));
            }
            return Future.all(answers)
                    .onSuccess(all -> all.<List<AppendResult>>list().forEach(results::addAll));
        });
        assertThat(results)
                .extracting(result -> ((AppendResult.Appended) result)
                        .position()
                        .orElseThrow()
                        .offset())
                .doesNotHaveDuplicates()
                .hasSize(500)
                .allMatch(offset -> offset >= 1 && offset <= 500);
    }

    @Test
    void whoSharesItIsToldWhenItGoesAndComes() throws Exception {
        List<Boolean> told = new ArrayList<>();
        var unused = onLoop(() -> {
            store.onDoubt(() -> told.add(store.isUp()));
            return Future.succeededFuture(true);
        });
        Position first = sayUntilTaken("a");
        redis.stop();
        AppendResult refused = tryToSay("b");
        redis.startAgain();
        Position second = sayUntilTaken("b");
        assertThat(refused).isInstanceOf(AppendResult.Refused.class);
        assertThat(second.offset()).isEqualTo(first.offset() + 1);
        assertThat(told).startsWith(true, false).endsWith(true);
    }
}
