package dev.hubbub.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.bus.VertxBus;
import dev.hubbub.ops.NodeQuestions.Answers;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeQuestionsTest {
    private final Vertx vertx = Vertx.vertx();
    private final VertxBus bus = new VertxBus(vertx, () -> "id");

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private NodeQuestions node(String name) throws Exception {
        NodeQuestions questions = new NodeQuestions(bus, name, () -> Set.of("n1", "n2", "n3"));
        questions.on(
                "name",
                with -> Future.succeededFuture(new JsonObject()
                        .put("names", new JsonArray().add(new JsonObject().put("name", name)))));
        questions.on("refuse", with -> Future.failedFuture(new HubException(ErrorCode.BAD_ADDRESS, "no address")));
        await(questions.start());
        return questions;
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void everyNodeAnswersForItselfAndWhoDoesNotIsNamed() throws Exception {
        NodeQuestions first = node("n1");
        assertThat(node("n2").node()).isEqualTo("n2");
        Answers answers = await(first.ask("name", new JsonObject()));
        assertThat(answers.all("names"))
                .extracting(one -> one.getString("name"))
                .containsExactly("n1", "n2");
        assertThat(answers.nodes())
                .isEqualTo(new JsonObject().put("asked", 3).put("unanswered", new JsonArray().add("n3")));
    }

    @Test
    void whatAnOlderNodeCannotTellHidesNobody() throws Exception {
        Answers answers = await(node("n1").ask("something new", new JsonObject()));
        assertThat(answers.of()).isEmpty();
        assertThat(answers.unanswered()).containsExactlyInAnyOrder("n1", "n2", "n3");
    }

    @Test
    void aQuestionThatIsWrongFailsWithItsReason() throws Exception {
        Future<Answers> asked = node("n1").ask("refuse", new JsonObject());
        assertThat(asked.toCompletionStage().toCompletableFuture())
                .failsWithin(10, TimeUnit.SECONDS)
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withMessageContaining("no address");
    }
}
