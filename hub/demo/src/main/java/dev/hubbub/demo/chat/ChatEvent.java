package dev.hubbub.demo.chat;

import io.vertx.core.json.JsonObject;

/**
 * Something that happened in the chat and is told through the hub.
 *
 * @param place where it is told, without the space that it begins with
 * @param id the same for every retry, so that the hub keeps it once
 * @param resourceId what it is about: a message, a room, a person
 * @param version of what it is about; 0 for what has none
 */
record ChatEvent(String place, String id, String type, String resourceId, long version, JsonObject payload) {

    static ChatEvent of(Talk talk, String type, ChatMessage message) {
        return new ChatEvent(talk.place(), id(message), type, message.id(), message.version(), message.toJson());
    }

    /** Returns the id of the event that told of a message as it is. */
    static String id(ChatMessage message) {
        return message.id() + ".v" + message.version();
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
