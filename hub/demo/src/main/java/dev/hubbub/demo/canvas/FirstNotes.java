package dev.hubbub.demo.canvas;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** What a new board begins with, so that there is something to move. */
final class FirstNotes {
    private static final List<Note> NOTES = List.of(
            new Note("welcome", "Drag me", "yellow", 90, 70, 1),
            new Note("arrows", "Or use the arrow keys", "blue", 400, 60, 1),
            new Note("versions", "Every note has a version", "green", 690, 120, 1),
            new Note("conflict", "Two people, one note: press Conflict", "pink", 240, 300, 1),
            new Note("viewer", "A viewer may look, not touch", "violet", 590, 380, 1));

    private FirstNotes() {}

    /** Returns the events; their ids are the same at every start, so that a board gets them once. */
    static List<JsonObject> events(String board) {
        return NOTES.stream()
                .map(note -> new JsonObject()
                        .put("id", "first." + board + "." + note.id())
                        .put("type", "canvas.note.created")
                        .put("resourceId", note.id())
                        .put("resourceVersion", note.version())
                        .put("payload", payload(note)))
                .toList();
    }

    private static JsonObject payload(Note note) {
        JsonObject payload = note.toJson();
        payload.remove("id");
        return payload;
    }
}
