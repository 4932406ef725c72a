package dev.hubbub.bus;

import static dev.hubbub.bus.TwoNodes.await;
import static dev.hubbub.bus.TwoNodes.end;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.FreePorts;
import dev.hubbub.bus.Bus.Reach;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two buses, each on a Vert.x of its own, over real sockets. */
class ClusteredBusTest {
    /** Far longer than anything here takes: what ends by it alone is too late. */
    private static final Duration LONG = Duration.ofSeconds(30);

    private static TwoNodes nodes;
    private static VertxBus here;
    private static VertxBus there;

    private final List<Bus.Inbox> opened = new ArrayList<>();

    /** A message that travels. */
    record Note(int number, String text) {}

    /** A message that nobody said how to write. */
    record Homebody(int number) {}

    /** A message whose writer fails half way. */
    record Stubborn(int number) {}

    /** A message that is written as nobody can read it. */
    record Garbled(int number) {}

    static WireTypes types() {
        return new WireTypes(List.of(
                new WireType<>(
                        1,
                        Note.class,
                        (out, note) -> {
                            out.number(note.number());
                            out.text(note.text());
                        },
                        in -> new Note(in.smallNumber(), in.text())),
                new WireType<>(
                        2,
                        Stubborn.class,
                        (out, message) -> {
                            out.text("half of it");
                            throw new IllegalStateException("secret of the house");
                        },
                        in -> new Stubborn(0)),
                new WireType<>(
                        3,
                        Garbled.class,
                        (out, message) -> out.number(message.number()),
                        in -> new Garbled(Integer.parseInt(in.text())))));
    }

    @BeforeAll
    static void join() throws Exception {
        nodes = TwoNodes.start();
        here = new VertxBus(nodes.first(), () -> "failure-here", LONG, types());
        there = new VertxBus(nodes.second(), () -> "failure-there", LONG, types());
    }

    @AfterAll
    static void leave() throws Exception {
        nodes.close();
    }

    @AfterEach
    void closeInboxes() throws Exception {
        for (Bus.Inbox inbox : opened) {
            end(inbox.close());
        }
    }

    private void open(Future<Bus.Inbox> inbox) throws Exception {
        opened.add(await(inbox));
    }

    private static HubException failureOf(Future<?> future) throws Exception {
        try {
            end(future);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HubException expected) {
                return expected;
            }
            throw e;
        }
        throw new AssertionError("the question was answered");
    }

    @Test
    void questionsAndMessagesGoBothWays() throws Exception {
        open(there.<Note, Note>answer(
                Reach.CLUSTER,
                "hub.test.there",
                Note.class,
                note -> Future.succeededFuture(new Note(note.number() + 1, note.text()))));
        open(here.<Note, Note>answer(
                Reach.CLUSTER,
                "hub.test.here",
                Note.class,
                note -> Future.succeededFuture(new Note(note.number() - 1, note.text()))));
        Promise<Note> told = Promise.promise();
        open(here.listen(Reach.CLUSTER, "hub.test.told", Note.class, told::complete));

        assertThat(await(here.<Note>ask(Reach.CLUSTER, "hub.test.there", new Note(1, "été \ud83d\ude80"))))
                .isEqualTo(new Note(2, "été \ud83d\ude80"));
        assertThat(await(there.<Note>ask(Reach.CLUSTER, "hub.test.here", new Note(1, ""))))
                .isEqualTo(new Note(0, ""));
        there.tell(Reach.CLUSTER, "hub.test.told", new Note(7, "told"));
        assertThat(await(told.future())).isEqualTo(new Note(7, "told"));
    }

    @Test
    void largeMessagesArriveWhole() throws Exception {
        open(there.<Note, Note>answer(Reach.CLUSTER, "hub.test.large", Note.class, Future::succeededFuture));
        Note large = new Note(1, "ä".repeat(2_000_000));
        assertThat(await(here.<Note>ask(Reach.CLUSTER, "hub.test.large", large)))
                .isEqualTo(large);
    }

    @Test
    void noAnswerAtAllIsAnAnswerToo() throws Exception {
        open(there.<Note, Note>answer(
                Reach.CLUSTER, "hub.test.nothing", Note.class, note -> Future.succeededFuture(null)));
        assertThat(await(here.<Note>ask(Reach.CLUSTER, "hub.test.nothing", new Note(1, ""))))
                .isNull();
    }

    @Test
    void tenThousandMessagesOfOneLoopArriveInOrder() throws Exception {
        int count = 10_000;
        List<Integer> got = new ArrayList<>();
        Promise<Void> all = Promise.promise();
        open(there.listen(Reach.CLUSTER, "hub.test.order", Note.class, note -> {
            got.add(note.number());
            if (got.size() == count) {
                all.complete();
            }
        }));
        nodes.first().getOrCreateContext().runOnContext(v -> {
            for (int i = 0; i < count; i++) {
                here.tell(Reach.CLUSTER, "hub.test.order", new Note(i, "n"));
            }
        });
        end(all.future());
        assertThat(got).hasSize(count).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void anExpectedFailureArrivesWithCodeMessageAndDetails() throws Exception {
        open(there.answer(
                Reach.CLUSTER,
                "hub.test.refusing",
                Note.class,
                note -> Future.failedFuture(
                        new HubException(ErrorCode.STALE_VERSION, "moved on", new JsonObject().put("v", 3)))));
        HubException failure = failureOf(here.ask(Reach.CLUSTER, "hub.test.refusing", new Note(1, "")));
        assertThat(failure.code()).isEqualTo(ErrorCode.STALE_VERSION);
        assertThat(failure).hasMessage("moved on");
        assertThat(failure.details()).isEqualTo(new JsonObject().put("v", 3));
    }

    @Test
    void anUnexpectedFailureArrivesAsAnIdOfTheOtherLog() throws Exception {
        open(there.answer(Reach.CLUSTER, "hub.test.failing", Note.class, note -> {
            throw new IllegalStateException("secret of the house");
        }));
        HubException failure = failureOf(here.ask(Reach.CLUSTER, "hub.test.failing", new Note(1, "")));
        assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure.getMessage()).contains("failure-there").doesNotContain("secret");
    }

    @Test
    void nobodyThereIsUnavailableLongBeforeTheDeadline() throws Exception {
        assertThat(failureOf(here.ask(Reach.CLUSTER, "hub.test.nobody", new Note(1, "")))
                        .code())
                .isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void noAnswerWithinTheDeadlineIsATimeout() throws Exception {
        open(there.answer(
                Reach.CLUSTER,
                "hub.test.silent",
                Note.class,
                note -> Promise.promise().future()));
        Bus hasty = new VertxBus(nodes.first(), () -> "id", Duration.ofMillis(100), types());
        assertThat(failureOf(hasty.ask(Reach.CLUSTER, "hub.test.silent", new Note(1, "")))
                        .code())
                .isEqualTo(ErrorCode.TIMEOUT);
    }

    @Test
    void anAnswerThatCannotBeReadFailsTheQuestionWithAnId() throws Exception {
        open(there.answer(
                Reach.CLUSTER, "hub.test.garbling", Note.class, note -> Future.succeededFuture(new Garbled(9))));
        long before = here.wireFaults();
        HubException failure = failureOf(here.ask(Reach.CLUSTER, "hub.test.garbling", new Note(1, "")));
        assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure.getMessage()).contains("failure-here");
        assertThat(here.wireFaults()).isEqualTo(before + 1);
    }

    @Test
    void aQuestionThatCannotBeReadIsAnsweredWithAnId() throws Exception {
        open(there.answer(
                Reach.CLUSTER, "hub.test.reading", Garbled.class, message -> Future.succeededFuture(message)));
        long before = there.wireFaults();
        HubException failure = failureOf(here.ask(Reach.CLUSTER, "hub.test.reading", new Garbled(9)));
        assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure.getMessage()).contains("failure-there");
        assertThat(there.wireFaults()).isEqualTo(before + 1);
    }

    @Test
    void aListenerGetsTheMessageBehindOneThatCannotBeRead() throws Exception {
        Promise<Object> got = Promise.promise();
        open(there.listen(Reach.CLUSTER, "hub.test.listening", Object.class, got::complete));
        here.tell(Reach.CLUSTER, "hub.test.listening", new Garbled(9));
        here.tell(Reach.CLUSTER, "hub.test.listening", new Stubborn(9));
        here.tell(Reach.CLUSTER, "hub.test.listening", new Note(2, ""));
        assertThat(await(got.future())).isEqualTo(new Note(2, ""));
    }

    @Test
    void whatCannotBeWrittenFailsTheQuestionWithAnIdAndNothingElse() throws Exception {
        open(there.answer(Reach.CLUSTER, "hub.test.writing", Object.class, Future::succeededFuture));
        for (Object unwritable : List.of(new Homebody(1), new Stubborn(1))) {
            long before = here.wireFaults();
            HubException failure = failureOf(here.ask(Reach.CLUSTER, "hub.test.writing", unwritable));
            assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(failure.getMessage()).contains("failure-here").doesNotContain("secret");
            assertThat(here.wireFaults()).isEqualTo(before + 1);
        }
        assertThat(await(here.<Object>ask(Reach.CLUSTER, "hub.test.writing", new Note(3, ""))))
                .isEqualTo(new Note(3, ""));
    }

    @Test
    void anAnswerThatCannotBeWrittenFailsTheQuestionWithAnIdOfTheOtherLog() throws Exception {
        open(there.answer(
                Reach.CLUSTER, "hub.test.stubborn", Note.class, note -> Future.succeededFuture(new Stubborn(1))));
        HubException failure = failureOf(here.ask(Reach.CLUSTER, "hub.test.stubborn", new Note(1, "")));
        assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure.getMessage()).contains("failure-there").doesNotContain("secret");
    }

    @Test
    void withinTheNodeAMessageIsHandedOverAsItIsWhateverItsReach() throws Exception {
        open(here.answer(Reach.CLUSTER, "hub.test.self", Homebody.class, Future::succeededFuture));
        Homebody sent = new Homebody(1);
        for (Reach reach : Reach.values()) {
            assertThat(await(here.<Homebody>ask(reach, "hub.test.self", sent))).isSameAs(sent);
        }
    }

    @Test
    void anInboxOfReachNodeIsNotReachedFromElsewhere() throws Exception {
        open(there.answer("hub.test.local", Note.class, Future::succeededFuture));
        assertThat(failureOf(here.ask(Reach.CLUSTER, "hub.test.local", new Note(1, "")))
                        .code())
                .isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void questionsUnderWayToNodesAreCountedUntilTheyEnd() throws Exception {
        Promise<Note> answer = Promise.promise();
        open(there.answer(Reach.CLUSTER, "hub.test.counted", Note.class, note -> answer.future()));
        int before = here.questionsUnderWay();
        Future<Note> asked = here.ask(Reach.CLUSTER, "hub.test.counted", new Note(1, ""));
        assertThat(here.questionsUnderWay()).isEqualTo(before + 1);
        answer.complete(new Note(2, ""));
        end(asked);
        assertThat(here.questionsUnderWay()).isEqualTo(before);
    }

    @Test
    void aNodeThatCannotBeConnectedToIsUnavailableLongBeforeTheDeadline() throws Exception {
        int nobodysPort = FreePorts.one();
        try (TwoNodes cut = TwoNodes.start(nobodysPort)) {
            VertxBus asking = new VertxBus(cut.first(), () -> "id", LONG, types());
            VertxBus deaf = new VertxBus(cut.second(), () -> "id", LONG, types());
            end(deaf.answer(Reach.CLUSTER, "hub.test.deaf", Note.class, Future::succeededFuture));
            long begun = System.nanoTime();
            HubException failure = failureOf(asking.ask(Reach.CLUSTER, "hub.test.deaf", new Note(1, "")));
            assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG.dividedBy(2));
            assertThat(asking.questionsUnderWay()).isZero();
        }
    }

    @Test
    void aNodeThatIsClosedIsUnavailableOrTooLate() throws Exception {
        try (TwoNodes two = TwoNodes.start()) {
            VertxBus staying = new VertxBus(two.first(), () -> "id", Duration.ofSeconds(5), types());
            VertxBus leaving = new VertxBus(two.second(), () -> "id", LONG, types());
            end(leaving.answer(Reach.CLUSTER, "hub.test.leaving", Note.class, Future::succeededFuture));
            end(staying.ask(Reach.CLUSTER, "hub.test.leaving", new Note(1, "")));
            end(two.second().close());
            assertThat(failureOf(staying.ask(Reach.CLUSTER, "hub.test.leaving", new Note(2, "")))
                            .code())
                    .isIn(ErrorCode.UNAVAILABLE, ErrorCode.TIMEOUT);
        }
    }

    @Test
    void aDeadlineBelowAMillisecondIsRefused() {
        Objects.requireNonNull(nodes);
        assertThatThrownBy(() -> new VertxBus(nodes.first(), () -> "id", Duration.ofNanos(1), types()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
