package dev.hubbub.demo.inbox;

import dev.hubbub.demo.Answers;
import dev.hubbub.demo.DemoException;
import dev.hubbub.demo.DemoHub;
import dev.hubbub.demo.Turns;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One team's inbox: its conversations and bookings, each with a version.
 *
 * <p>A change is published first and taken into the state when it is safe, one change after the other, so that the
 * state never has what nobody was told.
 */
final class InboxSpace {
    private static final long SEED = 7;
    private static final List<String> QUESTIONS = List.of(
            "Is breakfast included?",
            "We will be three, not two. Is that fine?",
            "Could you send me the invoice again?",
            "How late can we check in?",
            "Is there a place for our bicycles?");
    private static final List<String> DRAFTS = List.of(
            "Yes, of course. I have noted it in your booking.",
            "Let me check that with the house and come back to you.",
            "Thank you for asking. I will send it within the hour.");

    private final String space;
    private final DemoHub hub;
    private final Random random = new Random(SEED);
    private final Turns turns = new Turns();
    private final Map<String, JsonObject> resources = new LinkedHashMap<>();
    private Future<?> begun = Future.succeededFuture();

    InboxSpace(String space, DemoHub hub) {
        this.space = space;
        this.hub = hub;
        begin("c1", "Aïcha Ben Salah", "Can I move to Friday?", 240);
        begin("c2", "Jonas Weber", "We land at eleven at night. Can we still check in?", 180);
        begin("c3", "Maria Rossi", "An invoice for my company, please.", 310);
    }

    private void begin(String id, String customer, String question, int price) {
        String booking = "bk_9" + id.charAt(1);
        JsonObject conversation = new JsonObject()
                .put("customer", customer)
                .put("subject", question)
                .put("booking", booking);
        put("conversation", id, conversation);
        put("booking", booking, new JsonObject().put("bookingId", booking).put("status", "requested"));
        begun = Future.join(
                begun,
                hub.publish(conversation(id), message(customer, question).put("id", space + "-" + id)),
                hub.publish("bookings:" + space + ":billing", priced(booking, price)));
    }

    private void put(String kind, String id, JsonObject fields) {
        resources.put(id, fields.put("kind", kind).put("id", id).put("version", 1));
    }

    /** Returns everything, with the position after which events tell more; the position is read first. */
    Future<JsonObject> snapshot() {
        return begun.compose(ready -> hub.counts("inbox:" + space))
                .map(counts -> new JsonObject()
                        .put("position", counts.getString("last"))
                        .put("seed", SEED)
                        .put("resources", new JsonArray(List.copyOf(resources.values())).copy()));
    }

    /**
     * Changes a conversation or a booking.
     *
     * @param actor who does it
     * @param type of the event
     * @param body {@code resource}, the {@code version} that it becomes, and the {@code id} of the event
     * @param fields what changes
     * @return the version that it has now; fails with 409 when that is not the next one
     */
    Future<JsonObject> change(String actor, String type, JsonObject body, JsonObject fields) {
        String id = Answers.text(body, "id", 100);
        int version = Answers.whole(body, "version");
        JsonObject resource = resource(Answers.text(body, "resource", 20));
        return turns.next(() -> {
            if (version != resource.getInteger("version") + 1) {
                return Future.failedFuture(DemoException.conflict(
                        "somebody else was faster",
                        new JsonObject().put("currentVersion", resource.getInteger("version"))));
            }
            JsonObject payload = fields.copy();
            if (type.startsWith("booking")) {
                payload.put("bookingId", resource.getString("id"));
            }
            JsonObject event = new JsonObject()
                    .put("id", id)
                    .put("type", type)
                    .put("resourceId", resource.getString("id"))
                    .put("resourceVersion", version)
                    .put("actorId", actor)
                    .put("payload", payload);
            return hub.publish("inbox:" + space, event)
                    .onSuccess(safe -> resource.mergeIn(fields).put("version", version));
        });
    }

    /** The simulated customer says the next thing, and a reply is suggested. */
    Future<JsonObject> customerWrites(String id) {
        JsonObject conversation = resource(id);
        String question = QUESTIONS.get(random.nextInt(QUESTIONS.size()));
        JsonObject draft = new JsonObject()
                .put("type", "draft.suggested")
                .put("payload", new JsonObject().put("text", DRAFTS.get(random.nextInt(DRAFTS.size()))));
        return hub.publish(conversation(id), message(conversation.getString("customer"), question))
                .compose(safe -> hub.publish("inbox:" + space + ":drafts:" + id, draft));
    }

    private JsonObject resource(String id) {
        JsonObject found = resources.get(id);
        if (found == null) {
            throw DemoException.notFound("there is no " + id);
        }
        return found;
    }

    private String conversation(String id) {
        return "inbox:" + space + ":conv:" + id;
    }

    private static JsonObject message(String actor, String text) {
        return new JsonObject()
                .put("type", "message.created")
                .put("actorId", actor)
                .put("payload", new JsonObject().put("text", text));
    }

    private static JsonObject priced(String booking, int price) {
        return new JsonObject()
                .put("type", "booking.priced")
                .put("resourceId", booking)
                .put("payload", new JsonObject().put("euro", price));
    }
}
