package dev.hubbub.faults;

import dev.hubbub.history.History.Publish;
import dev.hubbub.history.Recorder;
import dev.hubbub.protocol.Position;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A service that publishes one event after the other, and repeats one with the same id, through another node, until it
 * knows what became of it.
 */
final class Publisher {
    private static final long TIMEOUT_MILLIS = 12_000;

    private final String name;
    private final Vertx vertx;
    private final HttpClient client;
    private final ClusterPlan plan;
    private final Recorder recorder;
    private final List<String> addresses;
    private final long everyMillis;
    private int node;
    private int count;
    private int refusals;
    private boolean stopped;
    private boolean idle = true;
    private IntPredicate reachable = number -> true;

    Publisher(String name, Vertx vertx, HttpClient client, ClusterPlan plan, Recorder recorder, Schedule schedule) {
        this.name = name;
        this.vertx = vertx;
        this.client = client;
        this.plan = plan;
        this.recorder = recorder;
        this.addresses = schedule.addresses();
        this.everyMillis = schedule.everyMillis();
        this.node = schedule.firstNode();
    }

    /** What a publisher does: an event each so many milliseconds, to its addresses in turn. */
    record Schedule(List<String> addresses, long everyMillis, int firstNode) {}

    /** Goes only to nodes that {@code reachable} names. */
    Publisher reaching(IntPredicate wanted) {
        reachable = wanted;
        return this;
    }

    void start() {
        next();
    }

    void stop() {
        stopped = true;
    }

    boolean isIdle() {
        return idle;
    }

    int refusals() {
        return refusals;
    }

    private void next() {
        if (stopped) {
            idle = true;
            return;
        }
        idle = false;
        count++;
        send(new Wish(name + "-" + count, addresses.get(count % addresses.size()), System.nanoTime()));
    }

    private void send(Wish wish) {
        while (!reachable.test(node)) {
            node = (node + 1) % plan.nodes().size();
        }
        ClusterPlan.Place place = plan.nodes().get(node);
        long sent = System.nanoTime();
        JsonObject event = new JsonObject()
                .put("id", wish.id())
                .put("type", "said")
                .put("payload", new JsonObject().put("text", "event " + wish.id()));
        client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost(place.publicHost())
                        .setPort(place.http())
                        .setConnectTimeout(1_000)
                        .setIdleTimeout(TIMEOUT_MILLIS)
                        .setURI("/api/v1/publish"))
                .compose(request -> request.putHeader("X-API-Key", ClusterPlan.API_KEY)
                        .putHeader("Content-Type", "application/json")
                        .send(new JsonObject()
                                .put("address", wish.address())
                                .put("event", event)
                                .encode()))
                .compose(response -> response.body().map(body -> new Answer(response.statusCode(), body)))
                .onComplete(done -> {
                    long answered = System.nanoTime();
                    if (done.succeeded() && done.result().status() == 200) {
                        acknowledged(
                                wish,
                                sent,
                                answered,
                                new JsonObject(done.result().body()));
                    } else {
                        refused(wish, sent, answered, done.succeeded() ? done.result() : null);
                    }
                });
    }

    private void acknowledged(Wish wish, long sent, long answered, JsonObject answer) {
        recorder.publish(new Publish(
                wish.id(),
                wish.address(),
                sent,
                answered,
                Position.parse(answer.getString("position")),
                answer.getBoolean("duplicate")));
        recorder.took(answered - wish.sinceNanos());
        long wait = everyMillis - (answered - wish.sinceNanos()) / 1_000_000;
        vertx.setTimer(Math.max(1, wait), timer -> next());
    }

    private void refused(Wish wish, long sent, long answered, Answer answer) {
        if (answer != null && answer.status() != 503) {
            throw new AssertionError("publish answered " + answer.status() + " " + answer.body());
        }
        refusals++;
        recorder.publish(new Publish(wish.id(), wish.address(), sent, answered, Optional.empty(), false));
        if (stopped) {
            idle = true;
            return;
        }
        node = (node + 1) % plan.nodes().size();
        vertx.setTimer(100, timer -> send(wish));
    }

    private record Wish(String id, String address, long sinceNanos) {}

    private record Answer(int status, Buffer body) {}
}
