package dev.hubbub.http;

import com.github.f4b6a3.ulid.UlidCreator;
import dev.hubbub.messaging.Outcome;
import dev.hubbub.messaging.PublishCommand;
import dev.hubbub.messaging.Publisher;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Publishing over HTTP: one event, many, one to many addresses, one to a user. */
final class PublishCalls {
    private static final String EVENT = "event";
    private static final String ADDRESS = "address";

    private final HttpContext hub;
    private final Publisher publisher;

    PublishCalls(HttpContext hub) {
        this.hub = hub;
        this.publisher = hub.publisher();
    }

    /** Publishes one event, or each of an array. */
    Future<?> publish(ApiRequest request) {
        Optional<String> key = request.value(ApiRoutes.IDEMPOTENCY_KEY);
        if (!(request.body() instanceof JsonArray batch)) {
            JsonObject one = request.object();
            return publishOne(request, command(request, one.getString(ADDRESS), one.getValue(EVENT), key));
        }
        List<PublishCommand> commands = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            String suffix = "#" + i;
            JsonObject one = batch.getJsonObject(i);
            commands.add(command(request, one.getString(ADDRESS), one.getValue(EVENT), key.map(k -> k + suffix)));
        }
        return publishAll(request, commands)
                .map(outcomes ->
                        new JsonArray(outcomes.stream().map(PublishCalls::json).toList()));
    }

    /** Publishes one event to many addresses, with one id for all of them. */
    Future<?> broadcast(ApiRequest request) {
        JsonObject body = request.object();
        Optional<String> key = request.value(ApiRoutes.IDEMPOTENCY_KEY);
        String id = key.map(PublishCalls::idFrom)
                .orElseGet(() -> UlidCreator.getUlid(hub.clock().millis()).toString());
        Object event = withId(body.getValue(EVENT), id);
        List<PublishCommand> commands = body.getJsonArray("addresses").stream()
                .map(address -> command(request, (String) address, event, Optional.of(key.orElse(id))))
                .toList();
        return publishAll(request, commands).map(outcomes -> {
            JsonArray results = new JsonArray();
            for (int i = 0; i < outcomes.size(); i++) {
                results.add(json(outcomes.get(i)).put(ADDRESS, commands.get(i).address()));
            }
            return results;
        });
    }

    /** Publishes to the user's own address; the body is the event, or holds it as its only member {@code event}. */
    Future<?> sendToUser(ApiRequest request) {
        Object body = request.body();
        Object event = body instanceof JsonObject wrapped && wrapped.size() == 1 && wrapped.containsKey(EVENT)
                ? wrapped.getValue(EVENT)
                : body;
        String address = "user:" + request.required("user");
        return publishOne(request, command(request, address, event, request.value(ApiRoutes.IDEMPOTENCY_KEY)));
    }

    private Future<JsonObject> publishOne(ApiRequest request, PublishCommand command) {
        return publishAll(request, List.of(command)).map(outcomes -> {
            if (outcomes.get(0) instanceof Outcome.Refused refused) {
                throw refused.why();
            }
            return json(outcomes.get(0));
        });
    }

    /** Publishes what is small enough, and puts each outcome in its command's place. */
    private Future<List<Outcome>> publishAll(ApiRequest request, List<PublishCommand> commands) {
        int limit = hub.config().get().limits().frameBytes();
        if (request.bodyBytes() <= limit) {
            return publisher.publish(request.caller(), commands);
        }
        BitSet fitting = new BitSet(commands.size());
        for (int i = 0; i < commands.size(); i++) {
            fitting.set(i, fits(commands.get(i), limit));
        }
        List<PublishCommand> small = fitting.stream().mapToObj(commands::get).toList();
        return publisher.publish(request.caller(), small).map(outcomes -> {
            Iterator<Outcome> published = outcomes.iterator();
            List<Outcome> all = new ArrayList<>(commands.size());
            for (int i = 0; i < commands.size(); i++) {
                all.add(fitting.get(i) ? published.next() : tooLarge(limit));
            }
            return all;
        });
    }

    private static boolean fits(PublishCommand command, int limit) {
        return Json.encodeToBuffer(command.event()).length() <= limit;
    }

    private static Outcome tooLarge(int limit) {
        return new Outcome.Refused(new HubException(
                ErrorCode.TOO_LARGE,
                "an event has at most " + limit + " bytes here",
                new JsonObject().put("limit", limit)));
    }

    private static PublishCommand command(
            ApiRequest request, String address, @Nullable Object event, Optional<String> key) {
        String traceparent = request.value(ApiRoutes.TRACEPARENT).orElse("");
        return new PublishCommand(address, event, key, Optional.empty(), Optional.empty(), traceparent);
    }

    /** Gives a typed event its id; other JSON is left as it is, and has the idempotency key alone. */
    private static @Nullable Object withId(@Nullable Object event, String id) {
        if (!(event instanceof JsonObject object) || object.containsKey("id")) {
            return event;
        }
        return object.getValue("type") instanceof String ? object.copy().put("id", id) : event;
    }

    /** Makes the same id for the same key, so that a retried broadcast is the same event, by whoever it is retried. */
    private static String idFrom(String key) {
        return UUID.nameUUIDFromBytes(("broadcast\n" + key).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static JsonObject json(Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            return ErrorHandler.body(refused.why());
        }
        Outcome.Published published = (Outcome.Published) outcome;
        JsonObject json = new JsonObject().put("id", published.id());
        published.position().ifPresent(position -> json.put("position", position.toString()));
        return json.put("duplicate", published.duplicate());
    }
}
