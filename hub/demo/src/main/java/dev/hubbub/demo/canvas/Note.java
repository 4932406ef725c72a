package dev.hubbub.demo.canvas;

import io.vertx.core.json.JsonObject;

/**
 * A note on a board.
 *
 * @param x from the left edge, 0 to {@value #WIDTH}
 * @param y from the top edge, 0 to {@value #HEIGHT}
 * @param color the name of one of a few
 * @param version the version of the newest event about it
 */
record Note(String id, String text, String color, int x, int y, long version) {
    static final int WIDTH = 1_000;
    static final int HEIGHT = 600;

    Note movedTo(int newX, int newY, long newVersion) {
        return new Note(id, text, color, newX, newY, newVersion);
    }

    Note saying(String newText, long newVersion) {
        return new Note(id, newText, color, x, y, newVersion);
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("id", id)
                .put("text", text)
                .put("color", color)
                .put("x", x)
                .put("y", y);
    }

    /** Returns what the board's hash is made of. */
    String canonical() {
        return id + "," + version + "," + x + "," + y + "," + color + "," + text;
    }
}
