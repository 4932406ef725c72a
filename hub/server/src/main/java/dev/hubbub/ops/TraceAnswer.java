package dev.hubbub.ops;

import dev.hubbub.messaging.NodeTraces.Answers;
import dev.hubbub.messaging.NodeTraces.LoopAnswer;
import dev.hubbub.ops.EventFacts.Noted;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the answer to one trace: facts, steps in the order of time, counts, users, and the verdict. */
final class TraceAnswer {
    private static final int MOST_STEPS = 200;

    private final Optional<String> user;
    private final EventFacts facts;
    private final List<Found> findings = new ArrayList<>();
    private final List<Found> connections = new ArrayList<>();
    private final List<JsonObject> decisions = new ArrayList<>();
    private final Set<String> unanswered = new LinkedHashSet<>();
    private long completeSince;
    private boolean more;

    TraceAnswer(Optional<String> user, EventFacts facts) {
        this.user = user;
        this.facts = facts;
        this.completeSince = facts.completeSince();
        this.unanswered.addAll(facts.answers().unanswered());
    }

    /** What a loop of a node found. */
    record Found(String node, JsonObject told) {
        String text(String key) {
            return told.getString(key, "");
        }

        long number(String key) {
            return told.getLong(key, 0L);
        }
    }

    /** Takes what the nodes say of the recipients. */
    void take(Answers answers) {
        unanswered.addAll(answers.unanswered());
        for (LoopAnswer answer : answers.told()) {
            JsonObject told = answer.told();
            completeSince = Math.max(completeSince, told.getLong("completeSince", 0L));
            more |= told.getBoolean("more", false);
            each(told, "findings", one -> findings.add(new Found(answer.node(), one)));
            each(told, "connections", one -> connections.add(new Found(answer.node(), one)));
            each(told, "decisions", decisions::add);
        }
        findings.sort(Comparator.comparingLong(found -> found.number("at")));
        connections.sort(Comparator.comparingLong(found -> found.number("since")));
    }

    private static void each(JsonObject told, String key, Consumer<JsonObject> action) {
        told.getJsonArray(key, new JsonArray()).forEach(one -> action.accept((JsonObject) one));
    }

    /** Makes the answer, with at most so many users. */
    JsonObject json(int limit) {
        Answers first = facts.answers();
        JsonArray users = new JsonArray();
        findings.stream().limit(limit).forEach(found -> users.add(user(found)));
        return new JsonObject()
                .put("event", facts.json())
                .put("verdict", new TraceVerdict(user, facts, this).json())
                .put("steps", steps())
                .put("counts", countsNow())
                .put("users", users)
                .put("more", more || findings.size() > limit)
                .put(
                        "nodes",
                        new JsonObject()
                                .put("asked", first.asked())
                                .put("unanswered", new JsonArray(new ArrayList<>(unanswered))));
    }

    List<Found> findings() {
        return findings;
    }

    List<Found> connections() {
        return connections;
    }

    List<JsonObject> decisions() {
        return decisions;
    }

    /** Tells whether every node remembers the time of the event, so that what is not on record did not happen. */
    boolean isComplete() {
        return unanswered.isEmpty() && facts.isRecorded() && facts.atMillis() >= completeSince;
    }

    private static JsonObject user(Found found) {
        JsonObject json = new JsonObject()
                .put("user", found.text("user"))
                .put("connection", found.text("connection"))
                .put("node", found.node())
                .put("outcome", found.text("outcome"));
        return found.number("at") == 0 ? json : json.put("at", Tracer.time(found.number("at")));
    }

    JsonObject countsNow() {
        Map<String, Long> counts = new TreeMap<>();
        for (String known : List.of("delivered", "recovered", "conflated", "dropped", "denied")) {
            counts.put(known, 0L);
        }
        findings.stream()
                .map(found -> found.text("outcome"))
                .filter(outcome -> !outcome.equals("delivered") && !outcome.equals("conflated"))
                .forEach(outcome -> counts.merge(outcome, 1L, Long::sum));
        if (user.isPresent()) {
            for (String many : List.of("delivered", "conflated")) {
                counts.put(
                        many,
                        findings.stream()
                                .filter(f -> f.text("outcome").equals(many))
                                .count());
            }
        } else {
            // A page of users is bounded; the loops' own entries have counted everybody.
            counts.put(
                    "delivered",
                    facts.of("DELIVERED").stream()
                            .mapToLong(one -> one.number("took"))
                            .sum());
            counts.put(
                    "conflated",
                    facts.of("CONFLATED").stream()
                            .mapToLong(one -> one.number("took"))
                            .sum());
        }
        JsonObject json = new JsonObject();
        counts.forEach(json::put);
        return json;
    }

    private JsonArray steps() {
        List<JsonObject> steps = new ArrayList<>();
        facts.of("PUBLISHED").forEach(one -> steps.add(published(one)));
        facts.of("DUPLICATE").forEach(one -> steps.add(duplicate(one)));
        facts.of("DELIVERED").forEach(one -> steps.add(delivered(one)));
        facts.of("CONFLATED").forEach(one -> steps.add(conflated(one)));
        if (!facts.isRecorded() && facts.isKnown()) {
            steps.add(step(
                    facts.atMillis(),
                    "",
                    null,
                    "the log has it at " + facts.position().orElse("?") + "; the time is the event's own",
                    "reconstructed",
                    new JsonObject()));
        }
        if (user.isPresent()) {
            connections.forEach(one -> steps.add(connection(one)));
            findings.forEach(found -> steps.add(finding(found)));
        }
        steps.sort(Comparator.comparing(step -> step.getString("at", "")));
        JsonArray all = new JsonArray();
        steps.stream().limit(MOST_STEPS).forEach(all::add);
        return all;
    }

    private static JsonObject published(Noted one) {
        String text = "accepted from " + one.entry().getString("by") + ", "
                + (one.entry().containsKey("position")
                        ? "stored at " + one.entry().getString("position")
                        : "passed on without being stored");
        return step(
                one.at(),
                one.node(),
                true,
                text,
                "recorded",
                new JsonObject().put("key", one.entry().getString("key")));
    }

    private static JsonObject duplicate(Noted one) {
        String text = "published again by " + one.entry().getString("by")
                + ": a duplicate, answered with the first position, "
                + one.entry().getString("position", "none");
        return step(
                one.at(),
                one.node(),
                null,
                text,
                "recorded",
                new JsonObject().put("key", one.entry().getString("key")));
    }

    private static JsonObject delivered(Noted one) {
        long missed = one.number("missed");
        String text = "written to " + one.number("took")
                + (one.number("took") == 1 ? " live connection" : " live connections")
                + " of one event loop"
                + (missed == 0 ? "" : "; " + missed + " did not read fast enough");
        return step(
                one.at(),
                one.node(),
                missed == 0,
                text,
                "recorded",
                new JsonObject().put("took", one.number("took")).put("missed", missed));
    }

    private static JsonObject conflated(Noted one) {
        String by = one.entry().getString("by", "");
        String text =
                "replaced by the newer event " + by + " before it left, for " + one.number("took") + " connections";
        return step(one.at(), one.node(), false, text, "recorded", new JsonObject().put("by", by));
    }

    private JsonObject connection(Found one) {
        boolean open = !one.told().containsKey("until");
        String text = "connection " + one.text("connection") + " of " + user.orElse("")
                + (open
                        ? " opened, and is open"
                        : " opened; it ended at " + Tracer.time(one.number("until")) + ": " + one.text("why"));
        return step(one.number("since"), one.node(), null, text, "recorded", new JsonObject());
    }

    private JsonObject finding(Found found) {
        String outcome = found.text("outcome");
        Boolean good = Set.of("delivered", "recovered").contains(outcome)
                ? Boolean.TRUE
                : Set.of("pending", "echo").contains(outcome) ? null : Boolean.FALSE;
        String text = "connection " + found.text("connection") + ": " + found.text("text");
        return step(
                found.number("at"),
                found.node(),
                good,
                text,
                facts.isRecorded() ? "recorded" : "reconstructed",
                found.told().getJsonObject("details", new JsonObject()).copy().put("outcome", outcome));
    }

    private static JsonObject step(
            long at, String node, @Nullable Boolean ok, String text, String evidence, JsonObject details) {
        JsonObject step = new JsonObject();
        if (at > 0) {
            step.put("at", Tracer.time(at));
        }
        return step.put("node", node)
                .put("ok", ok)
                .put("text", text)
                .put("evidence", evidence)
                .put("details", details);
    }
}
