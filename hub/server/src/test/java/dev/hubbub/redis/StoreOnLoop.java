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
import dev.hubbub.replay.LogInfo;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** A store of logs in Redis on an event loop of its own, and what tests say to it. */
final class StoreOnLoop {
    static final Address ROOM = new Address("room:1");
    private static final LogPolicy LOG = new LogPolicy(DeliveryKind.LOG, 1_000, 1_000_000, 3_600_000, false);

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final RedisReplayStore store;
    private final List<Boolean> told = new CopyOnWriteArrayList<>();
    private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();
    private int turns;

    StoreOnLoop(String url) throws Exception {
        Buffer script = vertx.fileSystem().readFileBlocking(RedisReplayStoreTest.SCRIPT.toString());
        loop.exceptionHandler(uncaught::add);
        store = onLoop(() -> Future.succeededFuture(new RedisReplayStore(vertx, url, script)));
        store.onDoubt(() -> told.add(store.isUp()));
    }

    <T> T onLoop(Supplier<Future<T>> call) throws Exception {
        Promise<T> done = Promise.promise();
        loop.runOnContext(now -> call.get().onComplete(done));
        return done.future().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Returns what the store told of itself: up or not. */
    List<Boolean> told() {
        return told;
    }

    /** Returns what nobody caught. */
    List<Throwable> uncaught() {
        return uncaught;
    }

    boolean isUp() {
        return store.isUp();
    }

    Turn turn(String owner) {
        return new Turn(owner, "E" + ++turns, 1_000_000);
    }

    static Append append(Address address, String id) {
        EventContent content = new EventContent(
                id,
                Optional.of("said"),
                id,
                Optional.empty(),
                EventContent.NO_VERSION,
                0,
                id.hashCode(),
                Buffer.buffer("{\"id\":\"" + id + "\"}"));
        return new Append(address, LOG, content, id, Optional.empty(), "svc");
    }

    Future<List<AppendResult>> append(String id, String owner) {
        return store.append(List.of(append(ROOM, id)), turn(owner));
    }

    Position sayUntilTaken(String id) throws Exception {
        return sayUntilTaken(ROOM, id);
    }

    Position sayUntilTaken(Address address, String id) throws Exception {
        long until = System.nanoTime() + 15_000_000_000L;
        AppendResult result = tryToSay(address, id);
        while (!(result instanceof AppendResult.Appended) && System.nanoTime() < until) {
            result = tryToSay(address, id);
        }
        assertThat(result).isInstanceOf(AppendResult.Appended.class);
        return ((AppendResult.Appended) result).position().orElseThrow();
    }

    AppendResult tryToSay(String id) throws Exception {
        return tryToSay(ROOM, id);
    }

    AppendResult tryToSay(Address address, String id) throws Exception {
        return onLoop(() -> store.append(List.of(append(address, id)), turn("A"))
                        .otherwise(failure -> List.of(new AppendResult.Refused((HubException) failure))))
                .get(0);
    }

    /** Says it, and checks that it is refused for the store's sake. */
    void sayInVain(String id) throws Exception {
        AppendResult result = tryToSay(id);
        assertThat(result).isInstanceOf(AppendResult.Refused.class);
        assertThat(((AppendResult.Refused) result).why().code()).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    ReadResult read(ReadFrom from) throws Exception {
        return onLoop(() -> store.read(ROOM, LOG, from, new ReadLimits(100, 1_000_000), turn("A")));
    }

    ReadResult after(Position position) throws Exception {
        return read(new ReadFrom.After(position));
    }

    List<LogInfo> list(Optional<String> after, int limit) throws Exception {
        return onLoop(() -> store.list("room:", after, limit));
    }

    Optional<LogInfo> info(Address address) throws Exception {
        return onLoop(() -> store.info(address));
    }

    /** Does a second's housekeeping. */
    void sweep() throws Exception {
        var unused = onLoop(() -> store.sweep(address -> false, turn("A")).map(true));
    }

    /** Does housekeeping until {@code done}. */
    void sweepUntil(String what, Function<StoreOnLoop, Boolean> done) throws Exception {
        long until = System.nanoTime() + 10_000_000_000L;
        while (!done.apply(this) && System.nanoTime() < until) {
            sweep();
        }
        assertThat(done.apply(this)).as(what).isTrue();
    }

    static List<String> ids(ReadResult result) {
        assertThat(result).isInstanceOf(ReadResult.Events.class);
        return ((ReadResult.Events) result)
                .events().stream().map(event -> event.content().id()).toList();
    }

    static ReadResult.Reason reason(ReadResult result) {
        assertThat(result).isInstanceOf(ReadResult.Lost.class);
        return ((ReadResult.Lost) result).reason();
    }

    void close() throws Exception {
        var unused = vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
