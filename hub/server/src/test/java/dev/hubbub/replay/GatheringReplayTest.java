package dev.hubbub.replay;

import static dev.hubbub.replay.Events.LOG;
import static dev.hubbub.replay.Events.ROOM;
import static dev.hubbub.replay.Events.append;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class GatheringReplayTest {
    private final ScriptedOwner owner = new ScriptedOwner();
    private Context context;
    private GatheringReplay replay;

    @BeforeEach
    void gather(Vertx vertx) {
        context = vertx.getOrCreateContext();
        replay = new GatheringReplay(owner, context);
    }

    private <T> T onLoop(Supplier<Future<T>> calls) throws Exception {
        Promise<T> promise = Promise.promise();
        context.runOnContext(v -> calls.get().onComplete(promise));
        return promise.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static List<String> ids(List<AppendResult> results) {
        return results.stream().map(r -> Events.appended(r).id()).toList();
    }

    @Test
    void theAppendsOfOneTurnAreOneQuestionAndEachGetsItsOwnAnswer() throws Exception {
        List<List<String>> answers = onLoop(() -> Future.join(
                        replay.append(List.of(append(LOG, "a"), append(LOG, "b"))),
                        replay.append(List.of()),
                        replay.append(List.of(append(LOG, "c"))))
                .map(all -> all.<List<AppendResult>>list().stream()
                        .map(GatheringReplayTest::ids)
                        .toList()));
        assertThat(owner.calls).containsExactly("append 3");
        assertThat(answers).containsExactly(List.of("a", "b"), List.of(), List.of("c"));
    }

    @Test
    void anotherCallDoesNotOvertakeAnAppend() throws Exception {
        Attached attached = onLoop(() -> {
            Future<List<AppendResult>> appended = replay.append(List.of(append(LOG, "a")));
            return replay.attach(ROOM, LOG, "inbox").compose(head -> appended.map(head));
        });
        assertThat(attached.head()).isEqualTo(ReplayStore.SIGNAL_HEAD);
        assertThat(owner.calls).containsExactly("append 1", "attach");
    }

    @Test
    void whoBeginsToListenAndThenSpeaksHearsItself() throws Exception {
        Promise<Attached> slow = Promise.promise();
        owner.attached = slow.future();
        List<AppendResult> appended = onLoop(() -> {
            Future<Attached> attached = replay.attach(ROOM, LOG, "inbox");
            Future<List<AppendResult>> results = replay.append(List.of(append(LOG, "a")));
            context.runOnContext(later -> {
                assertThat(owner.calls).containsExactly("attach");
                slow.complete(new Attached(ReplayStore.SIGNAL_HEAD, List.of()));
            });
            return attached.compose(head -> results);
        });
        assertThat(appended).hasSize(1);
        assertThat(owner.calls).containsExactly("attach", "append 1");
    }

    @Test
    void aQuestionIsBoundedInEvents() throws Exception {
        int count = GatheringReplay.MOST_EVENTS + 1;
        List<String> last = onLoop(() -> {
            Future<List<AppendResult>> newest = Future.succeededFuture(List.of());
            for (int i = 1; i <= count; i++) {
                newest = replay.append(List.of(append(LOG, "e" + i)));
            }
            return newest.map(GatheringReplayTest::ids);
        });
        assertThat(owner.calls).containsExactly("append " + GatheringReplay.MOST_EVENTS, "append 1");
        assertThat(last).containsExactly("e" + count);
    }

    @Test
    void aFailedQuestionFailsEveryAppendInIt() throws Exception {
        owner.failure = Optional.of(new HubException(ErrorCode.TIMEOUT, "too late"));
        List<Throwable> causes = new ArrayList<>();
        Boolean failed = onLoop(() -> {
            Future<?> one = replay.append(List.of(append(LOG, "a"))).onFailure(causes::add);
            Future<?> two = replay.append(List.of(append(LOG, "b"))).onFailure(causes::add);
            return Future.join(one, two).transform(done -> Future.succeededFuture(done.failed()));
        });
        assertThat(failed).isTrue();
        assertThat(causes).hasSize(2).containsOnly(owner.failure.get());
    }

    /** An owner that writes down what it is asked and accepts every event. */
    private static final class ScriptedOwner implements Replay {
        private final List<String> calls = new ArrayList<>();
        private Optional<HubException> failure = Optional.empty();
        private Future<Attached> attached = Future.succeededFuture(new Attached(ReplayStore.SIGNAL_HEAD, List.of()));

        @Override
        public Future<List<AppendResult>> append(List<Append> events) {
            calls.add("append " + events.size());
            if (failure.isPresent()) {
                return Future.failedFuture(failure.get());
            }
            List<AppendResult> results = new ArrayList<>();
            for (Append wish : events) {
                results.add(new AppendResult.Appended(wish.content().id(), Optional.empty(), false));
            }
            return Future.succeededFuture(results);
        }

        @Override
        public Future<Attached> attach(Address address, LogPolicy policy, String inbox) {
            calls.add("attach");
            return attached;
        }

        @Override
        public Future<Void> detach(Address address, String inbox) {
            calls.add("detach");
            return Future.succeededFuture();
        }

        @Override
        public Future<ReadResult> read(Address address, LogPolicy policy, ReadFrom from, int maxEvents, long maxBytes) {
            calls.add("read");
            return Future.succeededFuture(new ReadResult.Events(List.of(), ReplayStore.SIGNAL_HEAD, false));
        }

        @Override
        public Future<Optional<LogInfo>> info(Address address) {
            calls.add("info");
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public Future<List<LogInfo>> list(String prefix, Optional<String> after, int limit) {
            calls.add("list");
            return Future.succeededFuture(List.of());
        }
    }
}
