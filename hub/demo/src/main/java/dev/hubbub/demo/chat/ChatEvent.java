package dev.hubbub.demo.chat;

import io.vertx.core.json.JsonObject;

/**
 * Something that happened in the chat and is told through the hub.
 *
 * @param address where it is told
 * @param id the same for every retry, so that the hub keeps it once
 * @param resourceId what it is about: a message, a room, a person
 * @param version of what it is about; 0 for what has none
 */
record ChatEvent(String address, String id, String type, String resourceId, long version, JsonObject payload) {

    static ChatEvent of(Talk talk, String type, ChatMessage message) {
        return new ChatEvent(
                talk.address(),
                message.id() + ".v" + message.version(),
                type,
                message.id(),
                message.version(),
                message.toJson());
    }

    JsonObject toEvent() {
        JsonObject event = new JsonObject()
                .put("id", id)
                .put("type", type)
                .put("resourceId", resourceId)
                .put("payload", payload);
        return version == 0 ? event : event.put("resourceVersion", version);
    }
}
