package dev.hubbub.demo.chat;

import dev.hubbub.demo.DemoContext;
import dev.hubbub.demo.DemoHub;
import dev.hubbub.demo.Outbox;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chat of one space: its rooms and messages, and the outbox through which the hub is told.
 *
 * <p>Statistics are told a second after something has changed, and once more when the last minute has become quiet; the
 * hub keeps only the newest. Used from one event loop.
 */
final class ChatSpace {
    private static final Logger log = LoggerFactory.getLogger(ChatSpace.class);
    private static final long STATS_MILLIS = 1_000;
    private static final Person HOUSE = new Person("hubbub", true);

    private final String prefix;
    private final Vertx vertx;
    private final DemoHub hub;
    private final Outbox outbox;
    private final ChatBook book;
    private final Clock clock;
    private boolean statsAreComing;

    ChatSpace(String space, DemoContext context, Clock clock) {
        this.prefix = "chat:" + space + ":";
        this.vertx = context.vertx();
        this.hub = context.hub();
        this.clock = clock;
        this.outbox = new Outbox(vertx, hub);
        this.book = new ChatBook(this::tell);
        for (String name : List.of("General", "Front desk")) {
            Talk.Room room = book.open(HOUSE, name, now());
            ChatMessage welcome = book.send(HOUSE, room, "welcome-" + room.id(), "Welcome to " + name + ".", now());
            log.debug("room opened id={} message={}", room.id(), welcome.id());
        }
    }

    /**
     * Does something that may change the state, and ends when the hub has been told.
     *
     * @param change returns the message that it is about
     */
    Future<JsonObject> change(Function<ChatBook, ChatMessage> change) {
        outbox.admit();
        ChatMessage message = change.apply(book);
        return outbox.told(ChatEvent.id(message)).map(told -> new JsonObject().put("message", message.toJson()));
    }

    /** Opens a room; ends when the hub has been told. */
    Future<JsonObject> open(Person person, String name) {
        outbox.admit();
        Talk.Room room = book.open(person, name, now());
        return outbox.told(RoomEvents.opened(room).id())
                .map(told -> new JsonObject().put("room", RoomEvents.json(room, prefix)));
    }

    /** Deletes a room; ends when the hub has been told. */
    Future<JsonObject> delete(Person person, String id) {
        outbox.admit();
        Talk.Room room = book.room(id);
        book.delete(person, id, now());
        return outbox.told(RoomEvents.deleted(room, person, now()).id()).map(told -> new JsonObject());
    }

    /** Says how far a person has read. */
    Future<JsonObject> seen(Person person, Talk talk, String message) {
        outbox.admit();
        book.seen(person, talk, message);
        return Future.succeededFuture(new JsonObject());
    }

    /** Returns a page of messages; the newest page says after which position events tell more. */
    JsonObject messages(Person person, Talk talk, String before, int limit) {
        List<ChatMessage> page = book.read(person, talk).page(before, limit);
        JsonArray messages = new JsonArray();
        page.forEach(message -> messages.add(message.toJson()));
        JsonObject answer = new JsonObject()
                .put("address", prefix + talk.place())
                .put("messages", messages)
                .put("more", page.size() == limit);
        if (before.isEmpty()) {
            outbox.position(prefix + talk.place()).ifPresent(position -> answer.put("position", position));
        }
        return answer;
    }

    JsonObject rooms() {
        JsonArray rooms = new JsonArray();
        book.rooms().forEach(room -> rooms.add(RoomEvents.json(room, prefix)));
        JsonObject answer =
                new JsonObject().put("address", prefix + RoomEvents.ROOMS).put("rooms", rooms);
        outbox.position(prefix + RoomEvents.ROOMS).ifPresent(position -> answer.put("position", position));
        return answer;
    }

    JsonObject search(Person person, String text, int limit) {
        JsonArray found = new JsonArray();
        book.search(person, text, limit)
                .forEach(hit -> found.add(hit.message().toJson().put("address", prefix + hit.place())));
        return new JsonObject().put("found", found);
    }

    JsonObject stats() {
        return book.stats(now()).toJson();
    }

    /** Asks the hub who is in a talk at this moment. */
    Future<JsonObject> people(Person person, Talk talk) {
        talk.admit(person);
        return hub.presence(prefix + talk.place());
    }

    Talk.Room room(String id) {
        return book.room(id);
    }

    Instant now() {
        return clock.instant();
    }

    private void tell(ChatEvent event) {
        outbox.add(prefix + event.place(), event.toEvent())
                .onFailure(refused -> log.warn("chat was not told type={}", event.type()));
        tellStatsSoon();
    }

    private void tellStatsSoon() {
        if (statsAreComing) {
            return;
        }
        statsAreComing = true;
        vertx.timer(STATS_MILLIS, TimeUnit.MILLISECONDS)
                .compose(waited -> hub.publish(prefix + "stats", statsEvent()))
                .onFailure(away -> log.info("chat statistics were not told reason={}", away.getMessage()))
                .onComplete(ended -> {
                    statsAreComing = false;
                    if (book.stats(now()).lastMinute() > 0) {
                        tellStatsSoon();
                    }
                });
    }

    private JsonObject statsEvent() {
        return new JsonObject()
                .put("type", "chat.stats")
                .put("resourceId", "chat")
                .put("payload", stats());
    }
}
