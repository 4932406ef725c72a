package dev.hubbub.replay;

import static dev.hubbub.replay.Events.LOG;
import static dev.hubbub.replay.Events.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.bus.PartialBus;
import dev.hubbub.bus.TestOwnership;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.OwnerAnswer.Heard;
import dev.hubbub.replay.OwnerAnswer.Listening;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node asks the owner of an address, and tells it, while loops come and go. */
class AttachmentsTest {
    private static final String INBOX = "hub.gateway.n1.0";

    private final ManualLoop loop = new ManualLoop();
    private final Deque<Promise<Object>> asked = new ArrayDeque<>();
    private final List<Object> told = new ArrayList<>();
    private Attachments attachments;

    @BeforeEach
    void begin() {
        attachments = new Attachments(
                new RecordingBus(), TestOwnership.ofAnother("n1", "owner"), loop, ReplayMeters.unseen());
    }

    private Future<Object> attach() {
        Future<Object> answer = attachments.answer(new AttachQuestion.Attach(ROOM, LOG, INBOX));
        loop.run();
        return answer;
    }

    private void detach() {
        assertThat(attachments.answer(new AttachQuestion.Detach(ROOM, INBOX)).succeeded())
                .isTrue();
        loop.run();
    }

    private void ownerAnswers() {
        Attached at = new Attached(new Position("E1", "1-A", 0), List.of());
        asked.remove().complete(new Listening("link-1", 0, List.of(new Heard(Optional.of(at), ""))));
        loop.run();
    }

    private void batchArrives() {
        EventFrame event = new EventFrame(
                ROOM,
                Optional.of(new Position("E1", "1-A", 1)),
                Events.content("a", "r", -1, "of a"),
                Optional.empty());
        attachments.take(new LinkBatch(
                "owner", "link-1", 1, List.of(new Delivery(ROOM, LOG.kind(), List.of(event))), List.of(), List.of()));
        loop.run();
    }

    private List<OwnerQuestion.Forget> forgets() {
        return told.stream()
                .filter(OwnerQuestion.Forget.class::isInstance)
                .map(OwnerQuestion.Forget.class::cast)
                .toList();
    }

    @Test
    void anOwnerWhoseAnswerComesAfterEverybodyHasLeftIsToldToForget() {
        Future<Object> attached = attach();
        detach();
        assertThat(attached.failed()).isTrue();
        ownerAnswers();
        assertThat(forgets()).extracting(OwnerQuestion.Forget::addresses).containsExactly(List.of(ROOM));
    }

    @Test
    void aLateAnswerDoesNotMakeTheOwnerForgetWhoCameAgainMeanwhile() {
        assertThat(attach().isComplete()).isFalse();
        detach();
        Future<Object> again = attach();
        ownerAnswers();
        assertThat(again.isComplete()).isFalse();
        ownerAnswers();
        assertThat(again.succeeded()).isTrue();
        assertThat(forgets()).isEmpty();
    }

    @Test
    void aQuestionThatTimedOutAfterEverybodyHasLeftIsTakenBack() {
        assertThat(attach().isComplete()).isFalse();
        detach();
        asked.remove().fail("no answer came in time");
        loop.run();
        assertThat(forgets()).hasSize(1);
    }

    @Test
    void anOwnerThatDeliversToNobodyIsToldToForget() {
        assertThat(attach().isComplete()).isFalse();
        ownerAnswers();
        detach();
        told.clear();
        batchArrives();
        assertThat(forgets()).extracting(OwnerQuestion.Forget::addresses).containsExactly(List.of(ROOM));
    }

    /** Keeps questions until the test answers them, and what was told. */
    private final class RecordingBus extends PartialBus {
        @Override
        public void tell(Reach reach, String inbox, Object message) {
            told.add(message);
        }

        @Override
        @SuppressWarnings("unchecked") // the only question here is answered with Listening
        public <A> Future<A> ask(Reach reach, String inbox, Object question) {
            Promise<Object> answer = Promise.promise();
            asked.add(answer);
            return (Future<A>) answer.future();
        }
    }
}
