package dev.hubbub.ops;

import dev.hubbub.messaging.NodeTraces.Answers;
import dev.hubbub.messaging.NodeTraces.LoopAnswer;
import dev.hubbub.protocol.EventFrame;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the records of all nodes, or else the log, say of one event; made for one question. */
final class EventFacts {
    private final String id;
    private final Answers answers;
    private final List<Noted> noted = new ArrayList<>();
    private final JsonArray others = new JsonArray();
    private final Optional<String> address;
    private Optional<EventFrame> logged = Optional.empty();
    private Optional<String> logFailure = Optional.empty();
    private long completeSince;

    /**
     * Gathers what the nodes said.
     *
     * @param wanted the address that was asked for; the same id at another address is another event
     */
    EventFacts(String id, Optional<String> wanted, Answers answers) {
        this.id = id;
        this.answers = answers;
        List<Noted> all = new ArrayList<>();
        for (LoopAnswer answer : answers.told()) {
            completeSince = Math.max(completeSince, answer.told().getLong("completeSince", 0L));
            answer.told()
                    .getJsonArray("events", new JsonArray())
                    .forEach(event -> all.add(new Noted(answer.node(), (JsonObject) event)));
        }
        all.sort(Comparator.comparingLong(Noted::at));
        Optional<String> first = wanted.or(() -> all.stream().findFirst().map(Noted::address));
        for (Noted one : all) {
            if (first.filter(one.address()::equals).isPresent()) {
                noted.add(one);
            } else if (!others.contains(one.address())) {
                others.add(one.address());
            }
        }
        this.address = first;
    }

    /** What one loop of a node noted. */
    record Noted(String node, JsonObject entry) {
        String what() {
            return entry.getString("what");
        }

        long at() {
            return entry.getLong("at");
        }

        String address() {
            return entry.getString("address");
        }

        long number(String key) {
            return entry.getLong(key, 0L);
        }
    }

    void foundInLog(EventFrame event) {
        logged = Optional.of(event);
    }

    void logNotRead(String why) {
        logFailure = Optional.of(why);
    }

    boolean isRecorded() {
        return !noted.isEmpty();
    }

    boolean isKnown() {
        return isRecorded() || logged.isPresent();
    }

    String id() {
        return id;
    }

    Optional<String> address() {
        return address;
    }

    Optional<String> logFailure() {
        return logFailure;
    }

    Answers answers() {
        return answers;
    }

    /** Returns since when no node has forgotten anything. */
    long completeSince() {
        return completeSince;
    }

    List<Noted> of(String what) {
        return noted.stream().filter(one -> one.what().equals(what)).toList();
    }

    Optional<Noted> publication() {
        return of("PUBLISHED").stream().findFirst();
    }

    Optional<String> position() {
        return noted.stream()
                .flatMap(one -> Optional.ofNullable(one.entry().getString("position")).stream())
                .findFirst()
                .or(() -> logged.flatMap(EventFrame::position).map(Object::toString));
    }

    /** Returns when the hub had the event first, as far as is known; 0 when it is not. */
    long atMillis() {
        return noted.stream()
                .mapToLong(Noted::at)
                .min()
                .orElseGet(() ->
                        logged.map(event -> event.content().occurredAtMillis()).orElse(0L));
    }

    /** Returns the {@code event} of the answer. */
    JsonObject json() {
        JsonObject json = new JsonObject().put("id", id);
        address.ifPresent(where -> json.put("address", where));
        position().ifPresent(position -> json.put("position", position));
        Optional<JsonObject> made =
                publication().or(() -> of("DUPLICATE").stream().findFirst()).map(Noted::entry);
        made.map(entry -> entry.getString("type"))
                .filter(type -> !type.isEmpty())
                .or(() -> logged.flatMap(event -> event.content().type()))
                .ifPresent(type -> json.put("type", type));
        made.ifPresent(entry -> json.put("by", entry.getString("by")));
        publication()
                .ifPresent(
                        first -> json.put("acceptedAt", Tracer.time(first.at())).put("node", first.node()));
        if (!others.isEmpty()) {
            json.put("alsoAt", others);
        }
        return json.put("duplicate", !of("DUPLICATE").isEmpty());
    }
}
