package dev.hubbub.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.bus.Ownership;
import dev.hubbub.bus.PartialBus;
import dev.hubbub.bus.TestOwnership;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whom a node asks whether it still belongs to the others, and when it takes that for said. */
class ReceiptsTest {
    private final ManualLoop loop = new ManualLoop();
    private final Map<String, Promise<Object>> asked = new LinkedHashMap<>();
    private Set<String> unreachable = Set.of();
    private Receipts receipts = among("n1", "n2", "n3", "n4", "n5");

    private Receipts among(String... nodes) {
        Ownership cluster = new TestOwnership("n1", new TreeSet<>(List.of(nodes)), () -> "n1");
        return new Receipts(new AskOnlyBus(), cluster, 2, loop);
    }

    private Future<Long> round() {
        Future<Long> round = receipts.round();
        loop.run();
        return round;
    }

    private void says(String node, boolean same) {
        Objects.requireNonNull(asked.get(ReplayInbox.ofOwner(node)), node).complete(new OwnerAnswer.View(same));
        loop.run();
    }

    private Set<String> inboxesOf(String... nodes) {
        Set<String> inboxes = new TreeSet<>();
        for (String node : nodes) {
            inboxes.add(ReplayInbox.ofOwner(node));
        }
        return inboxes;
    }

    @Test
    void asManyAreAskedAsHaveToAgree() {
        Future<Long> round = round();
        assertThat(asked).hasSize(2);

        Set.copyOf(asked.values()).forEach(answer -> answer.complete(new OwnerAnswer.View(true)));

        assertThat(round.result()).isEqualTo(1);
        loop.pass(2_000);
        assertThat(asked).hasSize(2);
    }

    @Test
    void whoSaysNoIsReplacedByAllTheOthersAtOnce() {
        Future<Long> round = round();
        says("n2", false);
        assertThat(asked.keySet()).isEqualTo(inboxesOf("n2", "n3", "n4", "n5"));

        says("n3", true);
        assertThat(round.isComplete()).isFalse();
        says("n5", true);

        assertThat(round.result()).isEqualTo(1);
    }

    @Test
    void whoIsSlowIsReplacedAfterAMoment() {
        Future<Long> round = round();
        says("n2", true);
        loop.pass(10);
        assertThat(asked.keySet()).isEqualTo(inboxesOf("n2", "n3"));
        loop.pass(100);
        assertThat(asked.keySet()).isEqualTo(inboxesOf("n2", "n3", "n4", "n5"));

        says("n4", true);

        assertThat(round.result()).isEqualTo(1);
    }

    @Test
    void whoWasTooLateForTheLastRoundIsNotWaitedForInTheNext() {
        Future<Long> last = round();
        says("n2", true);
        loop.pass(100);
        says("n4", true);
        assertThat(last.result()).isEqualTo(1);
        says("n3", true);
        asked.clear();

        Future<Long> next = round();

        assertThat(next.isComplete()).isFalse();
        assertThat(asked.keySet()).isEqualTo(inboxesOf("n2", "n4"));
    }

    @Test
    void whoComesWhileARoundIsUnderWayWaitsForAnother() {
        Future<Long> first = round();
        Future<Long> second = round();
        says("n2", true);
        Map<String, Promise<Object>> old = Map.copyOf(asked);
        asked.clear();
        Objects.requireNonNull(old.get(ReplayInbox.ofOwner("n3"))).complete(new OwnerAnswer.View(true));
        loop.run();

        assertThat(first.result()).isEqualTo(1);
        assertThat(second.isComplete()).isFalse();
        assertThat(asked.keySet()).isEqualTo(inboxesOf("n2", "n3"));
        says("n2", true);
        says("n3", true);
        assertThat(second.result()).isEqualTo(1);
    }

    @Test
    void aNodeThatCannotEvenBeAskedSaysNo() {
        unreachable = inboxesOf("n2", "n4");
        Future<Long> round = round();
        assertThat(asked.keySet()).isEqualTo(inboxesOf("n3", "n5"));
        says("n3", true);
        says("n5", true);
        assertThat(round.result()).isEqualTo(1);

        unreachable = inboxesOf("n2", "n3", "n4", "n5");
        assertThat(code(round())).isEqualTo(ErrorCode.UNAVAILABLE);

        unreachable = Set.of();
        asked.clear();
        Future<Long> next = round();
        says("n3", true);
        says("n5", true);
        assertThat(next.result()).isEqualTo(1);
    }

    @Test
    void fewerThanHaveToAgreeAreNotEnoughWhateverTheySay() {
        Future<Long> round = round();
        says("n2", true);
        says("n3", false);
        assertThat(round.isComplete()).isFalse();
        says("n4", false);
        assertThat(round.isComplete()).isFalse();
        says("n5", false);

        assertThat(code(round)).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void silenceEndsARoundAfterASecond() {
        Future<Long> round = round();
        says("n2", true);
        loop.pass(900);
        assertThat(round.isComplete()).isFalse();
        loop.pass(200);

        assertThat(code(round)).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void aClusterOfTooFewAsksNobody() {
        receipts = among("n1", "n2");

        assertThat(code(round())).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(asked).isEmpty();
    }

    private static ErrorCode code(Future<Long> round) {
        assertThat(round.failed()).isTrue();
        return ((HubException) round.cause()).code();
    }

    /** Keeps the question to each node until the test answers it. */
    private final class AskOnlyBus extends PartialBus {
        @Override
        @SuppressWarnings("unchecked") // the only question here is answered with a view
        public <A> Future<A> ask(Reach reach, String inbox, Object question) {
            assertThat(reach).isEqualTo(Reach.CLUSTER);
            assertThat(question).isEqualTo(new OwnerQuestion.SameView(1));
            if (unreachable.contains(inbox)) {
                return Future.failedFuture("the connection is closed");
            }
            Promise<Object> answer = Promise.promise();
            assertThat(asked.put(inbox, answer)).as("asked twice").isNull();
            return (Future<A>) answer.future();
        }
    }
}
