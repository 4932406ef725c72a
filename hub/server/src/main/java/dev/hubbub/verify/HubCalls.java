package dev.hubbub.verify;

import dev.hubbub.history.History;
import dev.hubbub.protocol.Position;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** The HTTP calls of a verification; confined to its event loop. */
final class HubCalls {
    private static final long TIMEOUT_MILLIS = 15_000;
    private static final int KEEP_SECONDS = 5;
    private static final int CONNECTIONS = 64;
    private static final int PAGE = 1_000;

    private final VerifyPlan plan;
    private final HttpClient client;

    HubCalls(Vertx vertx, VerifyPlan plan) {
        this.plan = plan;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAliveTimeout(KEEP_SECONDS),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    }

    /** What a call answered. */
    record Answer(int status, Buffer body) {
        JsonObject json() {
            return new JsonObject(body);
        }
    }

    Future<Answer> publish(URI node, JsonObject wish) {
        return call(HttpMethod.POST, node, "/api/v1/publish", wish.toBuffer());
    }

    private Future<Answer> call(HttpMethod method, URI node, String path, Buffer body) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setAbsoluteURI(node.resolve(path).toString())
                .setConnectTimeout(TIMEOUT_MILLIS)
                .setIdleTimeout(TIMEOUT_MILLIS)
                .putHeader("Content-Type", "application/json");
        if (plan.apiKey().isPresent()) {
            options.putHeader("X-API-Key", plan.apiKey().get());
        } else {
            options.putHeader("Authorization", "Bearer " + plan.token());
        }
        return client.request(options)
                .compose(request -> body.length() == 0 ? request.send() : request.send(body))
                .compose(response -> response.body().map(text -> new Answer(response.statusCode(), text)));
    }

    /** Reads what a node gives as the log of an address, page by page. */
    Future<History.Log> log(URI node, String address) {
        return page(node, address, "", new ArrayList<>());
    }

    private Future<History.Log> page(URI node, String address, String after, List<History.Entry> entries) {
        String path = "/api/v1/addresses/" + address + "/events?limit=" + PAGE + after;
        return call(HttpMethod.GET, node, path, Buffer.buffer()).compose(answer -> {
            if (answer.status() != 200) {
                return Future.failedFuture(new VerifyException(
                        "the log of " + address + " cannot be read through " + node + ": " + answer.body()));
            }
            JsonObject page = answer.json();
            page.getJsonArray("events").forEach(one -> entries.add(entry((JsonObject) one)));
            Position head = position(page.getString("position"));
            return page.getBoolean("more", false)
                    ? page(node, address, "&after=" + head, entries)
                    : Future.succeededFuture(new History.Log(node.toString(), address, entries, head));
        });
    }

    private static History.Entry entry(JsonObject event) {
        return new History.Entry(position(event.getString("position")), event.getString("id"));
    }

    static Position position(String text) {
        return Position.parse(text).orElseThrow(() -> new VerifyException("not a position: " + text));
    }
}
