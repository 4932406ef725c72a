package dev.hubbub.demo.canvas;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

final class BoardTest {
    private final Board board = new Board();

    @Test
    void whoeverTakesTheSameEventsInHasTheSameHash() {
        Board other = new Board();
        for (JsonObject event : FirstNotes.events("team")) {
            board.apply(event, "p-1");
            other.apply(event, "p-1");
        }
        board.apply(moved("welcome", 2, 5, 6), "p-2");
        assertThat(board.hash()).isNotEqualTo(other.hash());

        other.apply(moved("welcome", 2, 5, 6), "p-2");
        assertThat(board.hash()).isEqualTo(other.hash());
    }

    @Test
    void theHashIsTheOneThatPagesCompute() {
        assertThat(board.hash()).isEqualTo("cbf29ce484222325");

        board.apply(created("n-1", "Grüße"), "p-1");

        assertThat(board.find("n-1").orElseThrow().canonical()).isEqualTo("n-1,1,10,20,blue,Grüße");
        assertThat(board.hash()).isEqualTo("bea017dc9f4373ae");
    }

    @Test
    void aSnapshotSaysHowFarItGoesAndKnowsTheVersionsOfWhatIsGone() {
        board.apply(created("n-1", "one"), "p-1");
        board.apply(created("n-2", "two"), "p-2");
        board.apply(
                new JsonObject()
                        .put("type", "canvas.note.deleted")
                        .put("resourceId", "n-1")
                        .put("resourceVersion", 2),
                "p-3");

        JsonObject snapshot = board.snapshot();

        assertThat(snapshot.getString("position")).isEqualTo("p-3");
        assertThat(snapshot.getJsonArray("notes")).hasSize(1);
        assertThat(snapshot.getJsonObject("versions"))
                .isEqualTo(new JsonObject().put("n-1", 2L).put("n-2", 1L));
    }

    @Test
    void whatIsNotThereIsNotMoved() {
        board.apply(moved("nobody", 2, 1, 1), "p-1");

        assertThat(board.notes()).isEmpty();
    }

    private static JsonObject created(String id, String text) {
        return new JsonObject()
                .put("type", "canvas.note.created")
                .put("resourceId", id)
                .put("resourceVersion", 1)
                .put(
                        "payload",
                        new JsonObject()
                                .put("text", text)
                                .put("color", "blue")
                                .put("x", 10)
                                .put("y", 20));
    }

    private static JsonObject moved(String id, long version, int x, int y) {
        return new JsonObject()
                .put("type", "canvas.note.moved")
                .put("resourceId", id)
                .put("resourceVersion", version)
                .put("payload", new JsonObject().put("x", x).put("y", y));
    }
}
