package dev.hubbub.demo.chat;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * Figures of the chat.
 *
 * @param messages how many were ever written, private ones among them
 * @param byRoom how many were ever written in each room
 * @param byAuthor how many of those that are kept in rooms each person wrote
 */
record ChatStats(int rooms, long messages, int lastMinute, Map<String, Long> byRoom, Map<String, Integer> byAuthor) {

    JsonObject toJson() {
        JsonObject ofRooms = new JsonObject();
        byRoom.forEach(ofRooms::put);
        JsonObject ofAuthors = new JsonObject();
        byAuthor.forEach(ofAuthors::put);
        return new JsonObject()
                .put("rooms", rooms)
                .put("messages", messages)
                .put("lastMinute", lastMinute)
                .put("byRoom", ofRooms)
                .put("byAuthor", ofAuthors);
    }
}
