package dev.hubbub.trace;

import io.vertx.core.json.JsonObject;

/**
 * What became of one event for one connection, as far as one loop knows.
 *
 * @param outcome the word of the verdict, such as {@code delivered}
 * @param user who the connection spoke for
 * @param connection its name
 * @param atMillis when; 0 when that is not known
 * @param text why, in plain words
 * @param details what the words leave out
 */
public record Finding(String outcome, String user, String connection, long atMillis, String text, JsonObject details) {

    /** Returns it as the answer to a question has it. */
    public JsonObject json() {
        JsonObject json = new JsonObject()
                .put("outcome", outcome)
                .put("user", user)
                .put("connection", connection)
                .put("text", text)
                .put("details", details);
        return atMillis == 0 ? json : json.put("at", atMillis);
    }
}
