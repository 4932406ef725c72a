package dev.hubbub.ops;

import dev.hubbub.auth.Caller;
import dev.hubbub.messaging.History;
import dev.hubbub.messaging.NodeTraces;
import dev.hubbub.messaging.NodeTraces.Answers;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Follows events through the whole cluster: the records of all nodes, then the log, made one answer.
 *
 * <p>First every node is asked what it knows of the event, then, as the address is known by now, for whom. What no
 * record has is looked up in the log and marked {@code reconstructed}. Used on the listener's event loop.
 */
public final class Tracer {
    private static final Caller OPERATOR = new Caller.Operator();
    private static final int SEARCHED = 1_000;

    private final NodeTraces nodes;
    private final History history;

    /** Creates a tracer that asks all nodes and reads logs. */
    public Tracer(NodeTraces nodes, History history) {
        this.nodes = nodes;
        this.history = history;
    }

    /**
     * What is asked.
     *
     * @param event the event's id
     * @param address where it was published, if the asker knows
     * @param user whose fate is wanted; empty for everybody's
     * @param limit how many users are listed at most
     */
    record Question(String event, Optional<String> address, Optional<String> user, int limit) {}

    /** Answers what became of an event; see {@code /ops/v1/trace/{eventId}} in the operators' documentation. */
    Future<JsonObject> event(Question question) {
        JsonObject about = new JsonObject().put("about", "event").put("id", question.event());
        return nodes.ask(about).compose(known -> {
            EventFacts facts = new EventFacts(question.event(), question.address(), known);
            return facts.position().isPresent() || facts.isRecorded()
                    ? follow(question, facts)
                    : fromLog(question, facts).compose(found -> follow(question, found));
        });
    }

    /** The record has moved on, or never was: the log may still have the event. */
    private Future<EventFacts> fromLog(Question question, EventFacts facts) {
        if (question.address().isEmpty()) {
            return Future.succeededFuture(facts);
        }
        return history.search(OPERATOR, question.address().get(), question.event(), SEARCHED)
                .map(page -> {
                    page.events().stream()
                            .filter(event -> event.content().id().equals(question.event()))
                            .findFirst()
                            .ifPresent(facts::foundInLog);
                    return facts;
                })
                .recover(failure -> {
                    if (failure instanceof HubException expected) {
                        facts.logNotRead(String.valueOf(expected.getMessage()));
                        return Future.succeededFuture(facts);
                    }
                    return Future.failedFuture(failure);
                });
    }

    private Future<JsonObject> follow(Question question, EventFacts facts) {
        Optional<String> address = facts.address();
        if (address.isEmpty()) {
            return Future.succeededFuture(new TraceAnswer(question.user(), facts).json(question.limit()));
        }
        JsonObject about = new JsonObject()
                .put("about", "recipients")
                .put("id", question.event())
                .put("address", address.get())
                .put("limit", question.limit());
        facts.position().ifPresent(position -> about.put("position", position));
        question.user().ifPresent(user -> about.put("user", user));
        return nodes.ask(about).map(told -> {
            TraceAnswer answer = new TraceAnswer(question.user(), facts);
            answer.take(told);
            return answer.json(question.limit());
        });
    }

    /** Answers what was decided lately, newest first. */
    Future<JsonObject> recent(Optional<String> user, Optional<String> address, int limit) {
        JsonObject about = new JsonObject().put("about", "recent").put("limit", limit);
        user.ifPresent(name -> about.put("user", name));
        address.ifPresent(where -> about.put("address", where));
        return nodes.ask(about).map(answers -> {
            List<JsonObject> all = new ArrayList<>();
            boolean more = false;
            for (NodeTraces.LoopAnswer answer : answers.told()) {
                more |= answer.told().getBoolean("more", false);
                answer.told()
                        .getJsonArray("entries", new JsonArray())
                        .forEach(entry -> all.add(((JsonObject) entry).put("node", answer.node())));
            }
            all.sort((a, b) -> Long.compare(b.getLong("at"), a.getLong("at")));
            List<JsonObject> page = all.subList(0, Math.min(limit, all.size()));
            page.forEach(entry -> entry.put("at", time(entry.getLong("at"))));
            return new JsonObject()
                    .put("entries", new JsonArray(new ArrayList<>(page)))
                    .put("more", more || all.size() > limit)
                    .put("nodes", asked(answers));
        });
    }

    static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    static JsonObject asked(Answers answers) {
        return new JsonObject().put("asked", answers.asked()).put("unanswered", new JsonArray(answers.unanswered()));
    }
}
