package dev.hubbub.trace;

import dev.hubbub.bus.WireType;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What nodes and event loops ask each other about their records; JSON, so that versions may add to it. */
public sealed interface TraceMessage {
    /** A question: {@code about} is {@code event}, {@code recipients} or {@code recent}. */
    record Question(JsonObject asked) implements TraceMessage {}

    /** The answer of one loop, or of one node. */
    record Answer(JsonObject told) implements TraceMessage {}

    /** Returns how question and answer travel; the numbers of this room are 100 to 109. */
    static List<WireType<?>> wireTypes() {
        return List.of(
                new WireType<>(
                        100,
                        Question.class,
                        (out, question) -> out.text(question.asked().encode()),
                        in -> new Question(new JsonObject(in.text()))),
                new WireType<>(
                        101,
                        Answer.class,
                        (out, answer) -> out.text(answer.told().encode()),
                        in -> new Answer(new JsonObject(in.text()))));
    }
}
