package dev.hubbub.ops;

import dev.hubbub.ops.TraceAnswer.Found;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One sentence for whoever is on call: what became of the event, and on what that rests. */
final class TraceVerdict {
    /** The first that holds for one of a user's connections is the answer. */
    private static final List<String> ORDER =
            List.of("delivered", "recovered", "pending", "echo", "conflated", "dropped", "expired", "gap", "denied");

    private final Optional<String> user;
    private final EventFacts facts;
    private final TraceAnswer answer;

    TraceVerdict(Optional<String> user, EventFacts facts, TraceAnswer answer) {
        this.user = user;
        this.facts = facts;
        this.answer = answer;
    }

    JsonObject json() {
        if (user.isPresent()) {
            return facts.isKnown() || !answer.findings().isEmpty() ? forUser(user.get()) : unknown();
        }
        return facts.isKnown() ? forAll() : unknown();
    }

    private static JsonObject verdict(String code, String text, boolean recorded) {
        return new JsonObject()
                .put("code", code)
                .put("text", text)
                .put("evidence", recorded ? "recorded" : "reconstructed");
    }

    private JsonObject unknown() {
        String where = facts.address()
                .map(address -> "neither on record nor in what " + address + " still keeps"
                        + facts.logFailure().map(why -> " (" + why + ")").orElse(""))
                .orElse("not on record; say --address, and the log is searched, too");
        return verdict("unknown", "Event " + facts.id() + " is " + where + ".", false);
    }

    // ---- for one user

    private JsonObject forUser(String name) {
        Optional<Found> best = answer.findings().stream()
                .filter(found -> ORDER.contains(found.text("outcome")))
                .min(Comparator.comparingInt(found -> ORDER.indexOf(found.text("outcome"))));
        // A refusal long before tells nothing of an event that came when nobody was there.
        return best.filter(found -> !found.text("outcome").equals("denied") || wasConnected())
                .map(found -> found(name, found))
                .orElseGet(() -> absent(name));
    }

    private boolean wasConnected() {
        long at = facts.atMillis();
        return answer.connections().stream()
                .anyMatch(one ->
                        one.number("since") <= at && (!one.told().containsKey("until") || one.number("until") >= at));
    }

    private JsonObject found(String name, Found found) {
        String at = found.number("at") == 0 ? "" : " at " + Tracer.time(found.number("at"));
        String on = " (connection " + found.text("connection") + ", node " + found.node() + ")";
        String code = found.text("outcome");
        String text = switch (code) {
            case "delivered" -> name + " got it" + at + on + ": " + found.text("text") + ".";
            case "recovered" -> name + " got it" + late(found) + at + on + ": " + found.text("text") + ".";
            case "pending" -> name + " has not got it yet" + on + ": " + found.text("text") + ".";
            case "echo" -> name + " sent it" + on + ": " + found.text("text") + ".";
            case "denied" ->
                name + " did not get it" + on + ": " + found.text("text") + at + "; "
                        + rule(found.told().getJsonObject("details", new JsonObject()));
            default -> name + " did not get it" + on + ": " + found.text("text") + at + ".";
        };
        return verdict(code, text, facts.isRecorded());
    }

    /** A move of the address to another node makes everybody catch up, too, and that takes a moment only. */
    private String late(Found found) {
        long millis = found.number("at") - facts.atMillis();
        return found.number("at") == 0 || millis < 0 ? " late," : " " + millis + " ms late,";
    }

    private static String rule(JsonObject decision) {
        String where = decision.containsKey("at") ? " at " + decision.getString("at") : "";
        String rule = decision.containsKey("rule") ? "rule " + decision.getString("rule") + where : "no rule matched";
        return decision.getString("reason", "denied") + " (" + rule + ").";
    }

    /** Nothing on record has to do with the user and the event; that proves something only if the record is whole. */
    private JsonObject absent(String name) {
        long at = facts.atMillis();
        boolean whole = answer.isComplete();
        String doubt = whole ? "" : " (not every record reaches back to the event)";
        if (!wasConnected()) {
            return verdict("not_connected", name + " was not connected" + since(at) + doubt + back(at) + ".", whole);
        }
        String address = facts.address().orElse("the address");
        Optional<JsonObject> denied = answer.decisions().stream()
                .filter(decision -> !decision.getBoolean("allowed", true))
                .findFirst();
        if (denied.isPresent()) {
            String text = name + " was connected, did not subscribe to " + address + doubt
                    + ", and the rules of now would refuse it: " + rule(denied.get());
            return verdict("not_subscribed", text, whole);
        }
        String text = name + " was connected, but had no subscription to " + address + " at that time" + doubt + ".";
        return verdict("not_subscribed", text, whole);
    }

    private String since(long at) {
        return answer.connections().stream()
                .filter(one -> one.told().containsKey("until") && one.number("until") < at)
                .max(Comparator.comparingLong(one -> one.number("until")))
                .map(one -> ": the last connection ended at " + Tracer.time(one.number("until")) + " ("
                        + one.text("why") + ")")
                .orElse(" when it was published, and no earlier connection is on record");
    }

    private String back(long at) {
        return answer.connections().stream()
                .filter(one -> one.number("since") > at)
                .findFirst()
                .map(one -> "; back since " + Tracer.time(one.number("since"))
                        + ", without asking for what was missed there")
                .orElse("");
    }

    // ---- for everybody

    private JsonObject forAll() {
        JsonObject counts = answer.countsNow();
        long delivered = counts.getLong("delivered");
        String people = delivered == 1 ? "1 connection" : delivered + " connections";
        int again = facts.of("DUPLICATE").size();
        if (again > 0) {
            String first = facts.position()
                    .map(position -> " The first is at " + position + ".")
                    .orElse("");
            return verdict(
                    "duplicate",
                    "Published " + (again + 1) + " times with the same id or key: it is one event, written once to "
                            + people + "." + first,
                    true);
        }
        if (!facts.isRecorded()) {
            return verdict(
                    "unknown",
                    "The event is in the log at " + facts.position().orElse("?")
                            + ", but what became of it is not on record any more; ask with a user, or sooner.",
                    false);
        }
        if (delivered > 0) {
            return verdict("delivered", "Written to " + people + rest(counts) + ".", true);
        }
        for (String code : List.of("recovered", "conflated", "dropped", "expired", "gap", "pending")) {
            if (counts.getLong(code, 0L) > 0) {
                return verdict(code, "No connection got it as it came" + rest(counts) + ".", true);
            }
        }
        return answer.isComplete()
                ? verdict("not_subscribed", "Nobody was subscribed to its address when it was published.", true)
                : verdict(
                        "not_subscribed",
                        "No record shows a subscriber, but not all records reach back so far.",
                        false);
    }

    private static String rest(JsonObject counts) {
        StringBuilder rest = new StringBuilder();
        for (String code : List.of("recovered", "pending", "conflated", "dropped", "expired", "gap", "denied")) {
            if (counts.getLong(code, 0L) > 0) {
                rest.append(", ").append(code).append(' ').append(counts.getLong(code));
            }
        }
        return rest.toString();
    }
}
