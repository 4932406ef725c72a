package dev.hubbub.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A service's client of the hub: its public HTTP API, as any back end would speak to it.
 *
 * <p>Every call is repeated up to {@value #ATTEMPTS} times while the hub asks to come later or cannot be reached, at
 * another node if there is one; a publish carries an {@code Idempotency-Key}, so that it happens once. Each Future
 * fails with {@link DemoException} for what the hub refuses, and with the I/O failure of the last attempt. Used from
 * the verticle's event loop.
 */
public final class DemoHub {
    private static final int ATTEMPTS = 6;
    private static final long FIRST_WAIT_MILLIS = 100;
    private static final long TIMEOUT_MILLIS = 5_000;

    private final Vertx vertx;
    private final HttpClient client;
    private final DemoSettings settings;
    private int node;

    /** Creates a client of the hub that the settings name. */
    public DemoHub(Vertx vertx, DemoSettings settings) {
        this.vertx = vertx;
        this.client = vertx.createHttpClient();
        this.settings = settings;
    }

    /** Returns where the hub is, for clients beside this one. */
    public String url() {
        return settings.hubUrls().get(node);
    }

    /**
     * Publishes an event; ends when it is safe.
     *
     * @param event {@code type}, {@code payload} and what else an event has; given an {@code id} if it has none
     * @return {@code id}, {@code position} and whether it was a {@code duplicate}
     */
    public Future<JsonObject> publish(String address, JsonObject event) {
        JsonObject body = new JsonObject().put("address", address).put("event", withId(event));
        return call(HttpMethod.POST, "/publish", Optional.of(body), settings.serviceKey())
                .map(JsonObject.class::cast);
    }

    /**
     * Publishes several events in one call; those of one address keep their order.
     *
     * @param publishes an {@code address} and an {@code event} each
     * @return one result for each, in their order; fails when one of them is refused
     */
    public Future<JsonArray> publishAll(List<JsonObject> publishes) {
        JsonArray body = new JsonArray();
        for (JsonObject each : publishes) {
            body.add(new JsonObject()
                    .put("address", each.getString("address"))
                    .put("event", withId(each.getJsonObject("event"))));
        }
        return call(HttpMethod.POST, "/publish", Optional.of(body), settings.serviceKey())
                .map(answer -> allPublished((JsonArray) answer));
    }

    /**
     * Reads what came after a position, oldest first; everything that is retained for an empty one.
     *
     * @return {@code events}, the {@code position} where to go on and whether there is {@code more}; fails with 410
     *     when it cannot be told any more
     */
    public Future<JsonObject> after(String address, String position) {
        String from = position.isEmpty() ? "" : "?after=" + encode(position);
        return get("/addresses/" + encode(address) + "/events" + from);
    }

    /** Publishes one event, with one id, to several addresses; fails when one of them refuses it. */
    public Future<JsonArray> broadcast(List<String> addresses, JsonObject event) {
        JsonObject body =
                new JsonObject().put("addresses", new JsonArray(addresses)).put("event", withId(event));
        return call(HttpMethod.POST, "/broadcast", Optional.of(body), settings.serviceKey())
                .map(answer -> allPublished((JsonArray) answer));
    }

    /** Counts one address: how many events, subscribers and users, and its first and last position. */
    public Future<JsonObject> counts(String address) {
        return get("/addresses/" + encode(address));
    }

    /** Reads the newest events of an address, oldest first; {@code position} is up to where they reach. */
    public Future<JsonObject> recent(String address, int events) {
        return get("/addresses/" + encode(address) + "/events?recent=" + events);
    }

    /** Finds the newest events that hold a text. */
    public Future<JsonObject> search(String address, String text, int limit) {
        return get("/addresses/" + encode(address) + "/events?limit=" + limit + "&q=" + encode(text));
    }

    /** Reads who is at an address. */
    public Future<JsonObject> presence(String address) {
        return get("/addresses/" + encode(address) + "/presence");
    }

    /**
     * Refuses every token of a user that was issued before a second, and closes the sessions that use one.
     *
     * @param before seconds since 1970, of {@link DemoLogin#endTokensOf}
     * @return how many were closed
     */
    public Future<Integer> revoke(String user, long before) {
        JsonObject body = new JsonObject().put("sub", user).put("before", before);
        return call(HttpMethod.POST, "/tokens/revoke", Optional.of(body), settings.operatorKey())
                .map(answer -> ((JsonObject) answer).getInteger("closed"));
    }

    /** Asks what the rules decide for somebody with these claims, and which rule it is. */
    public Future<JsonObject> explain(String address, String action, JsonObject claims) {
        JsonObject body =
                new JsonObject().put("address", address).put("action", action).put("claims", claims);
        return call(HttpMethod.POST, "/explain", Optional.of(body), settings.operatorKey())
                .map(JsonObject.class::cast);
    }

    private Future<JsonObject> get(String path) {
        return call(HttpMethod.GET, path, Optional.empty(), settings.serviceKey())
                .map(JsonObject.class::cast);
    }

    private Future<Object> call(HttpMethod method, String path, Optional<?> body, String key) {
        return attempt(new Call(method, path, body, key, UUID.randomUUID().toString()), 1);
    }

    /** One call with all that stays the same over its attempts. */
    private record Call(HttpMethod method, String path, Optional<?> body, String key, String idempotencyKey) {}

    private Future<Object> attempt(Call call, int attempt) {
        return once(call).recover(failure -> {
            if (attempt >= ATTEMPTS || !isPassing(failure)) {
                return Future.failedFuture(failure);
            }
            node = (node + 1) % settings.hubUrls().size();
            return vertx.timer(FIRST_WAIT_MILLIS << (attempt - 1), TimeUnit.MILLISECONDS)
                    .compose(waited -> attempt(call, attempt + 1));
        });
    }

    /** Tells whether the same call may succeed later: the hub could not be reached, or asked to come again. */
    static boolean isPassing(Throwable failure) {
        return !(failure instanceof DemoException refused)
                || refused.status() == 429
                || refused.status() == 503
                || refused.status() == 504;
    }

    private Future<Object> once(Call call) {
        RequestOptions to = new RequestOptions()
                .setAbsoluteURI(settings.hubUrls().get(node) + "/api/v1" + call.path())
                .setMethod(call.method())
                .setTimeout(TIMEOUT_MILLIS)
                .putHeader("X-API-Key", call.key());
        return client.request(to)
                .compose(request -> call.body()
                        .map(body -> request.putHeader("Content-Type", "application/json")
                                .putHeader("Idempotency-Key", call.idempotencyKey())
                                .send(Json.encodeToBuffer(body)))
                        .orElseGet(request::send))
                .compose(response -> response.body().map(body -> read(response, body)));
    }

    private static Object read(HttpClientResponse response, Buffer body) {
        Object json = decode(response.statusCode(), body);
        if (response.statusCode() == 200) {
            return json;
        }
        throw refusal(response.statusCode(), json instanceof JsonObject told ? told : new JsonObject());
    }

    private static Object decode(int status, Buffer body) {
        try {
            return Json.decodeValue(body);
        } catch (DecodeException notJson) {
            throw new DemoException(status == 200 ? 502 : status, "unavailable", "the hub's answer was no JSON");
        }
    }

    private static DemoException refusal(int status, JsonObject told) {
        return new DemoException(
                status,
                told.getString("error", "unavailable"),
                told.getString("message", "the hub answered " + status),
                told.getJsonObject("details", new JsonObject()));
    }

    private static JsonArray allPublished(JsonArray results) {
        for (Object result : results) {
            JsonObject one = (JsonObject) result;
            if (one.containsKey("error")) {
                throw refusal(502, one);
            }
        }
        return results;
    }

    private static JsonObject withId(JsonObject event) {
        return event.containsKey("id")
                ? event
                : event.copy().put("id", UUID.randomUUID().toString());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
