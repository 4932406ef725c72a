package dev.hubbub.ops;

import dev.hubbub.bus.WireType;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What one node asks another for its operators; JSON, so that versions may add to it.
 *
 * @param about what it is about, such as {@code connections}
 * @param with what belongs to it
 */
record NodeQuestion(String about, JsonObject with) {
    private static final int NUMBER = 65;
    private static final int ANSWER_NUMBER = 66;

    /** The answer to it. */
    record Answer(JsonObject said) {}

    static List<WireType<?>> wireTypes() {
        return List.of(
                new WireType<>(
                        NUMBER,
                        NodeQuestion.class,
                        (out, question) -> {
                            out.text(question.about());
                            out.text(question.with().encode());
                        },
                        in -> new NodeQuestion(in.text(), new JsonObject(in.text()))),
                new WireType<>(
                        ANSWER_NUMBER,
                        Answer.class,
                        (out, answer) -> out.text(answer.said().encode()),
                        in -> new Answer(new JsonObject(in.text()))));
    }
}
