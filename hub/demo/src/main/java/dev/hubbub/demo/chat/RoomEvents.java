package dev.hubbub.demo.chat;

import dev.hubbub.demo.chat.Talk.Room;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** What is told of rooms and of who has read how far. */
final class RoomEvents {
    /** Where the coming and going of rooms is told. */
    static final String ROOMS = "rooms";

    private RoomEvents() {}

    static ChatEvent opened(Room room) {
        return new ChatEvent(
                ROOMS,
                "room." + room.id() + "." + room.createdAt().toEpochMilli(),
                "chat.room.created",
                room.id(),
                0,
                json(room, ""));
    }

    static ChatEvent deleted(Room room, Person by, Instant now) {
        return new ChatEvent(
                ROOMS,
                "room." + room.id() + "." + room.createdAt().toEpochMilli() + ".gone",
                "chat.room.deleted",
                room.id(),
                0,
                json(room, "").put("deletedBy", by.id()).put("deletedAt", now.toString()));
    }

    /** Returns what is told at the talk's address for readers, where only the newest of each person is kept. */
    static ChatEvent seen(Talk talk, Person person, ChatMessage message) {
        return new ChatEvent(
                readersOf(talk),
                "seen." + person.id() + "." + message.id(),
                "chat.read.moved",
                person.id(),
                0,
                new JsonObject().put("user", person.id()).put("message", message.id()));
    }

    static String readersOf(Talk talk) {
        return "read:" + talk.place();
    }

    /** Returns a room; {@code prefix} and its place are its address. */
    static JsonObject json(Room room, String prefix) {
        return new JsonObject()
                .put("id", room.id())
                .put("name", room.name())
                .put("address", prefix + room.place())
                .put("createdBy", room.createdBy())
                .put("createdAt", room.createdAt().toString());
    }
}
