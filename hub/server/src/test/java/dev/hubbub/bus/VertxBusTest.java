package dev.hubbub.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class VertxBusTest {
    private static final String INBOX = "hub.test.n1";

    private Vertx vertx;
    private Bus bus;

    @BeforeEach
    void openBus(Vertx vertx) {
        this.vertx = vertx;
        bus = new VertxBus(vertx, () -> "failure-7", Duration.ofSeconds(5));
    }

    /** A message without a codec of its own. */
    record Note(int number) {}

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static void end(Future<?> future) throws Exception {
        var unused = await(future);
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
    void messagesOfOneThreadArriveInTheOrderInWhichTheyWereSent() throws Exception {
        List<Integer> got = new ArrayList<>();
        Promise<Void> all = Promise.promise();
        end(bus.listen(INBOX, Note.class, note -> {
            got.add(note.number());
            if (got.size() == 1_000) {
                all.complete();
            }
        }));
        vertx.getOrCreateContext().runOnContext(v -> {
            for (int i = 0; i < 1_000; i++) {
                bus.tell(INBOX, new Note(i));
            }
        });
        end(all.future());
        assertThat(got).hasSize(1_000).isSorted();
    }

    @Test
    void aMessageIsHandedOverAsItIs() throws Exception {
        Promise<Note> got = Promise.promise();
        end(bus.listen(INBOX, Note.class, got::complete));
        Note sent = new Note(1);
        bus.tell(INBOX, sent);
        assertThat(await(got.future())).isSameAs(sent);
    }

    @Test
    void theAnswerComesOnTheAskersContext() throws Exception {
        end(bus.answer(INBOX, Note.class, note -> Future.succeededFuture(note.number() + 1)));
        Promise<Boolean> sameLoop = Promise.promise();
        Context asker = vertx.getOrCreateContext();
        asker.runOnContext(v -> {
            Thread loop = Thread.currentThread();
            bus.<Integer>ask(INBOX, new Note(1))
                    .onSuccess(answer -> sameLoop.complete(answer == 2 && Thread.currentThread() == loop))
                    .onFailure(sameLoop::fail);
        });
        assertThat(await(sameLoop.future())).isTrue();
    }

    @Test
    void anExpectedFailureTravelsAsItself() throws Exception {
        HubException why = new HubException(ErrorCode.STALE_VERSION, "moved on", new JsonObject().put("v", 3));
        end(bus.answer(INBOX, Note.class, note -> Future.failedFuture(why)));
        assertThat(failureOf(bus.ask(INBOX, new Note(1)))).isSameAs(why);
    }

    @Test
    void anUnexpectedFailureReachesTheAskerAsAnIdOnly() throws Exception {
        end(bus.answer(INBOX, Note.class, note -> {
            throw new IllegalStateException("secret of the house");
        }));
        HubException failure = failureOf(bus.ask(INBOX, new Note(1)));
        assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure.getMessage()).contains("failure-7").doesNotContain("secret");
    }

    @Test
    void aQuestionOfAnotherTypeIsAnsweredWithAFailure() throws Exception {
        end(bus.answer(INBOX, Note.class, note -> Future.succeededFuture(1)));
        assertThat(failureOf(bus.ask(INBOX, "no note")).code()).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void nobodyThereIsUnavailableAtOnce() throws Exception {
        assertThat(failureOf(bus.ask(INBOX, new Note(1))).code()).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void noAnswerWithinTheDeadlineIsATimeout() throws Exception {
        Bus hasty = new VertxBus(vertx, () -> "id", Duration.ofMillis(50));
        end(hasty.answer(INBOX, Note.class, note -> Promise.promise().future()));
        assertThat(failureOf(hasty.ask(INBOX, new Note(1))).code()).isEqualTo(ErrorCode.TIMEOUT);
    }

    @Test
    void aClosedInboxGetsNoMoreQuestions() throws Exception {
        Bus.Inbox inbox = await(bus.answer(INBOX, Note.class, note -> Future.succeededFuture(1)));
        end(inbox.close());
        assertThat(failureOf(bus.ask(INBOX, new Note(1))).code()).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void aFailingListenerStillGetsTheNextMessage() throws Exception {
        Promise<Note> second = Promise.promise();
        end(bus.listen(INBOX, Note.class, note -> {
            if (note.number() == 1) {
                throw new IllegalStateException("cannot");
            }
            second.complete(note);
        }));
        bus.tell(INBOX, new Note(1));
        bus.tell(INBOX, new Note(2));
        assertThat(await(second.future()).number()).isEqualTo(2);
    }
}
