package dev.hubbub.ops;

import dev.hubbub.bus.WireType;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What a node says of itself to another; a JSON object, so that versions may add to it. */
public record NodeStatus(JsonObject told) {
    private static final int NUMBER = 60;
    private static final int QUESTION_NUMBER = 61;

    /** The question for it. */
    public record Question() {}

    /** Returns how question and answer travel. */
    public static List<WireType<?>> wireTypes() {
        return List.of(
                new WireType<>(
                        NUMBER,
                        NodeStatus.class,
                        (out, status) -> out.text(status.told().encode()),
                        in -> new NodeStatus(new JsonObject(in.text()))),
                new WireType<>(QUESTION_NUMBER, Question.class, (out, question) -> {}, in -> new Question()));
    }
}
