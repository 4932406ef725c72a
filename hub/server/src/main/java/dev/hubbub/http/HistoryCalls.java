package dev.hubbub.http;

import dev.hubbub.messaging.History;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.stream.Stream;

/** Reading over HTTP: events that are retained, and counts of addresses. */
final class HistoryCalls {
    private static final int DEFAULT_LIMIT = 500;
    private static final String EVERY_ADDRESS = "{address...}";
    private static final String POSITION = "position";

    private final History history;

    HistoryCalls(HttpContext hub) {
        this.history = hub.history();
    }

    /** Reads events after a position, the newest ones, or those that hold a text. */
    Future<?> events(ApiRequest request) {
        Optional<String> after = request.value("after");
        Optional<Integer> recent = request.number("recent");
        Optional<String> text = request.value("q");
        if (Stream.of(after, recent, text).filter(Optional::isPresent).count() > 1) {
            throw new HubException(ErrorCode.BAD_REQUEST, "ask with one of after, recent and q, not with several");
        }
        String address = request.required("address");
        int limit = limit(request);
        Future<History.Page> page;
        if (recent.isPresent()) {
            page = history.recent(request.caller(), address, recent.get());
        } else if (text.isPresent()) {
            page = history.search(request.caller(), address, text.get(), limit);
        } else {
            page = history.after(request.caller(), address, after, limit);
        }
        return page.map(HistoryCalls::json);
    }

    /** Counts one address. */
    Future<?> count(ApiRequest request) {
        return history.counts(request.caller(), request.required("address")).map(HistoryCalls::json);
    }

    /** Lists live addresses. */
    Future<?> list(ApiRequest request) {
        String pattern = request.value("match").orElse(EVERY_ADDRESS);
        return history.list(request.caller(), pattern, limit(request))
                .map(all -> new JsonObject()
                        .put(
                                "addresses",
                                new JsonArray(
                                        all.stream().map(HistoryCalls::json).toList())));
    }

    private static int limit(ApiRequest request) {
        return request.number("limit").orElse(DEFAULT_LIMIT);
    }

    private static JsonObject json(History.Page page) {
        JsonArray events =
                new JsonArray(page.events().stream().map(HistoryCalls::json).toList());
        JsonObject json = new JsonObject().put("events", events);
        page.position().ifPresent(position -> json.put(POSITION, position.toString()));
        return json.put("more", page.more());
    }

    private static JsonObject json(EventFrame frame) {
        Object content = Json.decodeValue(frame.content().json());
        boolean flat = content instanceof JsonObject object && !object.containsKey(POSITION);
        JsonObject json = flat ? (JsonObject) content : new JsonObject().put("body", content);
        frame.position().ifPresent(position -> json.put(POSITION, position.toString()));
        return json;
    }

    private static JsonObject json(History.AddressCounts counts) {
        JsonObject json = new JsonObject()
                .put("address", counts.address().value())
                .put("delivery", counts.delivery())
                .put("subscribers", counts.subscribers())
                .put("users", counts.users())
                .put("events", counts.events());
        counts.first().ifPresent(position -> json.put("first", position.toString()));
        counts.last().ifPresent(position -> json.put("last", position.toString()));
        JsonObject types = new JsonObject();
        counts.types().forEach(types::put);
        return json.put("types", types);
    }
}
