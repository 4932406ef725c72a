package dev.hubbub.replay;

import static dev.hubbub.replay.Events.LOG;
import static dev.hubbub.replay.Events.SIGNAL;
import static dev.hubbub.replay.Events.append;
import static dev.hubbub.replay.Events.appended;
import static dev.hubbub.replay.Events.ids;
import static dev.hubbub.replay.Events.place;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.Ownership;
import dev.hubbub.bus.PartialBus;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** When an append to a replicated store may be called safe. */
class SafeStoreTest {
    private final ManualLoop loop = new ManualLoop();
    private final SlowStore below = new SlowStore();
    private final View view = new View();
    private final Deque<Promise<Object>> asked = new ArrayDeque<>();
    private int turns;

    private SafeStore store(int otherNodesNeeded) {
        Bus bus = new AskOnlyBus();
        return new SafeStore(below, view, new Receipts(bus, view, otherNodesNeeded, loop), loop);
    }

    private Future<List<AppendResult>> say(SafeStore store, String id) {
        Future<List<AppendResult>> answer = store.append(
                List.of(append(LOG, id)),
                new Turn("A1", "E" + ++turns, loop.clock().millis()));
        loop.run();
        return answer;
    }

    private void othersSay(boolean same) {
        while (!asked.isEmpty()) {
            asked.remove().complete(new OwnerAnswer.View(same));
        }
        loop.run();
    }

    @Test
    void anAppendIsAnsweredWhenEnoughOthersSeeTheSameMembersAfterwards() {
        SafeStore store = store(1);
        Future<List<AppendResult>> answer = say(store, "a");
        assertThat(asked).isEmpty();

        below.letThrough();
        loop.run();
        assertThat(answer.isComplete()).isFalse();
        assertThat(asked).hasSize(1);
        othersSay(true);

        assertThat(place(answer.result().get(0)).offset()).isEqualTo(1);
        assertThat(appended(answer.result().get(0)).duplicate()).isFalse();
    }

    private Future<ReadResult> resume(SafeStore store, String epoch) {
        Future<ReadResult> answer = store.read(
                Events.ROOM,
                LOG,
                new ReadFrom.After(new Position(epoch, "1-A1", 7)),
                new ReadLimits(100, 100_000),
                new Turn("A1", "E" + ++turns, loop.clock().millis()));
        loop.run();
        return answer;
    }

    @Test
    void aLossIsToldOnlyWhenTheOthersAgreeThatThisNodeIsOneOfThem() {
        SafeStore store = store(1);
        Future<ReadResult> stale = resume(store, "elsewhere");
        assertThat(stale.isComplete()).isFalse();
        othersSay(false);
        assertThat(stale.cause())
                .isInstanceOfSatisfying(
                        HubException.class, why -> assertThat(why.code()).isEqualTo(ErrorCode.UNAVAILABLE));

        Future<ReadResult> told = resume(store, "elsewhere");
        othersSay(true);
        assertThat(told.result()).isInstanceOf(ReadResult.Lost.class);
    }

    @Test
    void anAppendDuringWhichTheMembersChangedIsDoneAgainAndIsTheSameEvent() {
        SafeStore store = store(0);
        Future<List<AppendResult>> answer = say(store, "a");
        view.members = 2;
        below.letThrough();
        assertThat(answer.isComplete()).isFalse();

        loop.pass(1_000);
        below.letThrough();

        assertThat(place(answer.result().get(0)).offset()).isEqualTo(1);
        assertThat(appended(answer.result().get(0)).duplicate()).isFalse();
        assertThat(store.repeats()).isEqualTo(1);
        assertThat(ids(below.everything())).containsExactly("a");
    }

    @Test
    void whatOthersDoNotConfirmIsNeverAnsweredAsSafe() {
        SafeStore store = store(1);
        Future<List<AppendResult>> answer = say(store, "a");
        for (int i = 0; i < 200 && !answer.isComplete(); i++) {
            below.letThrough();
            loop.run();
            othersSay(false);
            loop.pass(100);
        }

        assertThat(answer.failed()).isTrue();
        assertThat(((HubException) answer.cause()).code()).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void silenceOfTheOthersIsNoReceipt() {
        SafeStore store = store(1);
        Future<List<AppendResult>> answer = say(store, "a");
        for (int i = 0; i < 100 && !answer.isComplete(); i++) {
            below.letThrough();
            loop.pass(100);
        }

        assertThat(answer.failed()).isTrue();
    }

    @Test
    void aFailureBelowIsTriedAgainWithTheSameEvent() {
        SafeStore store = store(0);
        Future<List<AppendResult>> answer = say(store, "a");
        below.failAfterDoing();
        loop.pass(100);
        below.letThrough();

        assertThat(place(answer.result().get(0)).offset()).isEqualTo(1);
        assertThat(ids(below.everything())).containsExactly("a");
    }

    @Test
    void appendsOfAnAddressKeepTheirOrderAndShareAnOperation() {
        SafeStore store = store(0);
        Future<List<AppendResult>> first = say(store, "a");
        Future<List<AppendResult>> second = say(store, "b");
        Future<List<AppendResult>> third = say(store, "c");
        assertThat(below.waiting).hasSize(1);

        below.letThrough();
        assertThat(first.isComplete()).isTrue();
        assertThat(second.isComplete()).isFalse();
        assertThat(below.waiting).hasSize(1);
        below.letThrough();

        assertThat(place(second.result().get(0)).offset()).isEqualTo(2);
        assertThat(place(third.result().get(0)).offset()).isEqualTo(3);
    }

    @Test
    void withTooFewNodesNothingIsTriedAgain() {
        SafeStore store = store(0);
        Future<List<AppendResult>> answer = say(store, "a");
        view.members = 2;
        view.serving = false;
        below.letThrough();

        assertThat(answer.failed()).isTrue();
    }

    @Test
    void aSignalIsAnsweredAtOnce() {
        SafeStore store = store(1);
        Future<List<AppendResult>> answer = store.append(List.of(append(SIGNAL, "s")), new Turn("A1", "E1", 1));

        assertThat(appended(answer.result().get(0)).position()).isEmpty();
        assertThat(below.waiting).isEmpty();
    }

    /** The view of a node in a cluster of three. */
    private static final class View implements Ownership {
        private long members = 1;
        private boolean serving = true;

        @Override
        public String node() {
            return "n1";
        }

        @Override
        public Set<String> nodes() {
            return Set.of("n1", "n2", "n3");
        }

        @Override
        public String ownerOf(Address address) {
            return "n1";
        }

        @Override
        public boolean isServing() {
            return serving;
        }

        @Override
        public long view() {
            return members;
        }

        @Override
        public void onChange(Consumer<Change> listener) {
            throw new UnsupportedOperationException("nobody listens here");
        }
    }

    /** Keeps questions until the test answers them. */
    private final class AskOnlyBus extends PartialBus {
        @Override
        @SuppressWarnings("unchecked") // the only question here is answered with a view
        public <A> Future<A> ask(Reach reach, String inbox, Object question) {
            Promise<Object> answer = Promise.promise();
            asked.add(answer);
            return (Future<A>) answer.future();
        }
    }
}
