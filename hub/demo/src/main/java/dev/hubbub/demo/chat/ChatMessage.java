package dev.hubbub.demo.chat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * A message, as its newest version has it.
 *
 * @param id given by who wrote it, the same for every retry
 * @param text empty once it is deleted
 * @param version 1 when sent, one more with every edit and with the deletion
 */
record ChatMessage(String id, String author, String text, Instant sentAt, int version, boolean deleted) {

    static ChatMessage sent(String id, String author, String text, Instant sentAt) {
        return new ChatMessage(id, author, text, sentAt, 1, false);
    }

    ChatMessage edited(String newText) {
        return new ChatMessage(id, author, newText, sentAt, version + 1, false);
    }

    ChatMessage withdrawn() {
        return new ChatMessage(id, author, "", sentAt, version + 1, true);
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("id", id)
                .put("author", author)
                .put("text", text)
                .put("sentAt", sentAt.toString())
                .put("version", version)
                .put("deleted", deleted);
    }
}
