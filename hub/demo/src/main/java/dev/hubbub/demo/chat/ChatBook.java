package dev.hubbub.demo.chat;

import dev.hubbub.demo.DemoException;
import dev.hubbub.demo.chat.Talk.Direct;
import dev.hubbub.demo.chat.Talk.Room;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What the chat knows: rooms, private talks and their messages. It decides what is allowed and tells what happened.
 *
 * <p>Pure but for its own state, which belongs to one event loop and ends with the process. At most {@value #ROOMS}
 * rooms and {@value #DIRECTS} private talks; the one that was written to longest ago makes way for a new private talk.
 */
final class ChatBook {
    static final int ROOMS = 50;
    static final int DIRECTS = 500;
    static final int TEXT = 2_000;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Map<String, Room> rooms = new LinkedHashMap<>();
    private final Map<Talk, Transcript> transcripts = new LinkedHashMap<>();
    private final Map<Direct, Boolean> directs = new LinkedHashMap<>(16, 0.75f, true);
    private final ChatPulse pulse = new ChatPulse();
    private final Consumer<ChatEvent> told;

    /**
     * Makes a chat without rooms.
     *
     * @param told gets what happened, in order; called before the method that made it happen returns
     */
    ChatBook(Consumer<ChatEvent> told) {
        this.told = told;
    }

    List<Room> rooms() {
        return List.copyOf(rooms.values());
    }

    /** Opens a room whose place is made of its name. */
    Room open(Person person, String name, Instant now) {
        String trimmed = name.strip();
        String id =
                trimmed.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        if (id.isEmpty() || !Talk.NAME.matcher(id).matches() || trimmed.length() > 40) {
            throw DemoException.badRequest("a room's name has 1 to 40 characters, and a letter or digit among them");
        }
        if (rooms.containsKey(id)) {
            throw DemoException.conflict("there is a room of that name", new JsonObject().put("id", id));
        }
        if (rooms.size() >= ROOMS) {
            throw DemoException.full("there are " + ROOMS + " rooms already; delete one first");
        }
        Room room = new Room(id, trimmed, person.id(), now);
        rooms.put(id, room);
        transcripts.put(room, new Transcript());
        told.accept(RoomEvents.opened(room));
        return room;
    }

    /** Deletes a room and its messages; for who opened it, and moderators. */
    void delete(Person person, String id, Instant now) {
        Room room = room(id);
        if (!room.createdBy().equals(person.id()) && !person.moderator()) {
            throw DemoException.denied("only who opened a room, or a moderator, may delete it");
        }
        rooms.remove(id);
        transcripts.remove(room);
        told.accept(RoomEvents.deleted(room, person, now));
    }

    Room room(String id) {
        return Optional.ofNullable(rooms.get(id)).orElseThrow(() -> DemoException.notFound("there is no such room"));
    }

    /** Returns the messages of a talk to somebody who may read them. */
    Transcript read(Person person, Talk talk) {
        talk.admit(person);
        return transcript(talk);
    }

    /**
     * Adds a message. The same id and text once more is the same message, and tells nothing anew.
     *
     * @return the message as it is now
     */
    ChatMessage send(Person person, Talk talk, String id, String text, Instant now) {
        talk.admit(person);
        if (!ID.matcher(id).matches()) {
            throw DemoException.badRequest("a message's id is 1 to 64 characters of A-Z a-z 0-9 . _ -");
        }
        String checked = checked(text);
        Transcript transcript = transcript(talk);
        Optional<ChatMessage> known = transcript.find(id);
        if (known.isPresent()) {
            if (!known.get().author().equals(person.id())) {
                throw DemoException.denied("this id is another person's message");
            }
            return known.get();
        }
        ChatMessage message = ChatMessage.sent(id, person.id(), checked, now);
        transcript.put(message);
        pulse.wrote(now);
        told.accept(ChatEvent.of(talk, "chat.message.created", message));
        return message;
    }

    /** Changes a message's text, if it still has the version that the person saw. */
    ChatMessage edit(Person person, Talk talk, String id, String text, int version) {
        talk.admit(person);
        Transcript transcript = transcript(talk);
        ChatMessage edited = transcript.toChange(person, id, version).edited(checked(text));
        transcript.put(edited);
        told.accept(ChatEvent.of(talk, "chat.message.edited", edited));
        return edited;
    }

    /** Takes a message back; its place stays. */
    ChatMessage withdraw(Person person, Talk talk, String id, int version) {
        talk.admit(person);
        Transcript transcript = transcript(talk);
        ChatMessage gone = transcript.toChange(person, id, version).withdrawn();
        transcript.put(gone);
        told.accept(ChatEvent.of(talk, "chat.message.deleted", gone));
        return gone;
    }

    /** Says up to which message a person has read. */
    void seen(Person person, Talk talk, String id) {
        talk.admit(person);
        ChatMessage message = transcript(talk).find(id).orElseThrow(() -> DemoException.notFound("no such message"));
        told.accept(RoomEvents.seen(talk, person, message));
    }

    /** Finds messages in the rooms and in the person's own private talks, newest first. */
    List<Found> search(Person person, String text, int limit) {
        return transcripts.entrySet().stream()
                .filter(entry -> entry.getKey().admits(person))
                .flatMap(entry -> entry.getValue().search(text).stream()
                        .map(message -> new Found(entry.getKey().place(), message)))
                .sorted((a, b) -> b.message().sentAt().compareTo(a.message().sentAt()))
                .limit(limit)
                .toList();
    }

    ChatStats stats(Instant now) {
        Map<String, Long> byRoom = new LinkedHashMap<>();
        rooms.values().forEach(room -> byRoom.put(room.id(), transcript(room).written()));
        Map<String, Integer> byAuthor = new LinkedHashMap<>();
        rooms.values()
                .forEach(room -> transcript(room).byAuthor().forEach((who, n) -> byAuthor.merge(who, n, Integer::sum)));
        return new ChatStats(rooms.size(), pulse.total(), pulse.lastMinute(now), byRoom, byAuthor);
    }

    /**
     * A message that was searched for.
     *
     * @param place where it is
     */
    record Found(String place, ChatMessage message) {}

    private Transcript transcript(Talk talk) {
        if (talk instanceof Direct direct) {
            directs.put(direct, true);
            if (directs.size() > DIRECTS) {
                Direct oldest = directs.keySet().iterator().next();
                directs.remove(oldest);
                transcripts.remove(oldest);
            }
            return transcripts.computeIfAbsent(direct, any -> new Transcript());
        }
        return Optional.ofNullable(transcripts.get(talk))
                .orElseThrow(() -> DemoException.notFound("there is no such room"));
    }

    private static String checked(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty() || stripped.length() > TEXT) {
            throw DemoException.badRequest("a message has 1 to " + TEXT + " characters");
        }
        return stripped;
    }
}
