package dev.hubbub.demo.chat;

import dev.hubbub.demo.DemoException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The messages of one talk, oldest first.
 *
 * <p>Keeps the newest {@value #KEPT}; an older one is forgotten. Belongs to the event loop of the chat.
 */
final class Transcript {
    static final int KEPT = 1_000;

    private final Map<String, ChatMessage> messages = new LinkedHashMap<>();
    private long written;

    /** Adds a message, or replaces the version of it that is there. */
    void put(ChatMessage message) {
        if (messages.put(message.id(), message) == null) {
            written++;
        }
        if (messages.size() > KEPT) {
            messages.remove(messages.keySet().iterator().next());
        }
    }

    Optional<ChatMessage> find(String id) {
        return Optional.ofNullable(messages.get(id));
    }

    /**
     * Returns a message that its author, or a moderator, may change.
     *
     * @param version the version that the person saw
     */
    ChatMessage toChange(Person person, String id, int version) {
        ChatMessage message =
                find(id).orElseThrow(() -> DemoException.notFound("no such message, or one too old to change"));
        if (!message.author().equals(person.id()) && !person.moderator()) {
            throw DemoException.denied("only its author or a moderator may change a message");
        }
        if (message.version() != version) {
            throw DemoException.conflict(
                    "the message has been changed meanwhile",
                    new JsonObject().put("currentVersion", message.version()).put("current", message.toJson()));
        }
        return message;
    }

    /**
     * Returns the newest messages, oldest first.
     *
     * @param before only those older than this message; empty for the newest of all
     */
    List<ChatMessage> page(String before, int limit) {
        List<ChatMessage> older = new ArrayList<>();
        for (ChatMessage message : messages.values()) {
            if (message.id().equals(before)) {
                break;
            }
            older.add(message);
        }
        return older.subList(Math.max(0, older.size() - limit), older.size());
    }

    /** Returns the messages that hold a text, ignoring case, oldest first. */
    List<ChatMessage> search(String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        return messages.values().stream()
                .filter(message -> !message.deleted()
                        && message.text().toLowerCase(Locale.ROOT).contains(wanted))
                .toList();
    }

    /** Returns how many messages were ever written here. */
    long written() {
        return written;
    }

    /** Returns how many of the messages that are kept each person wrote. */
    Map<String, Integer> byAuthor() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        messages.values().forEach(message -> counts.merge(message.author(), 1, Integer::sum));
        return counts;
    }
}
