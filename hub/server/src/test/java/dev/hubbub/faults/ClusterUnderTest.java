package dev.hubbub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.history.Anomaly;
import dev.hubbub.history.History;
import dev.hubbub.history.HistoryChecker;
import dev.hubbub.history.Recorder;
import dev.hubbub.protocol.Position;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Real node processes with publishers and subscribers around them, whose every step is written down. */
final class ClusterUnderTest implements AutoCloseable {
    private static final long UP_MILLIS = 60_000;

    private final ClusterPlan plan;
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final Recorder recorder = new Recorder();
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context loop = vertx.getOrCreateContext();
    private final HttpClient http;
    private final WebSocketClient sockets;

    private ClusterUnderTest(ClusterPlan plan) {
        this.plan = plan;
        // An idle connection to a node that was cut off must not be used again.
        this.http = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(true).setKeepAliveTimeout(5),
                new PoolOptions().setHttp1MaxSize(64));
        this.sockets = vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(20_000));
    }

    static ClusterUnderTest start(ClusterPlan plan) throws Exception {
        ClusterUnderTest cluster = new ClusterUnderTest(plan);
        try {
            for (int i = 0; i < plan.nodes().size(); i++) {
                cluster.nodes.add(NodeProcess.start(i, plan));
            }
            cluster.awaitReady();
            return cluster;
        } catch (Exception | AssertionError failure) {
            cluster.close();
            throw failure;
        }
    }

    NodeProcess node(int number) {
        return nodes.get(number);
    }

    Recorder recorder() {
        return recorder;
    }

    List<Subscriber> subscribers() {
        return subscribers;
    }

    List<Publisher> publishers() {
        return publishers;
    }

    Vertx vertx() {
        return vertx;
    }

    HttpClient http() {
        return http;
    }

    ClusterPlan plan() {
        return plan;
    }

    static List<String> addresses(int count) {
        return IntStream.range(0, count).mapToObj(i -> "room:" + i).toList();
    }

    /** Starts publishers that together send about so many events each second. */
    void publish(int count, int perSecond, List<String> addresses) {
        doOnLoop(() -> {
            for (int i = 0; i < count; i++) {
                Publisher.Schedule schedule = new Publisher.Schedule(
                        addresses, 1_000L * count / perSecond, i % plan.nodes().size());
                Publisher publisher = new Publisher("p" + i, vertx, http, plan, recorder, schedule);
                publishers.add(publisher);
                publisher.start();
            }
        });
    }

    /** Starts clients, spread over the nodes, each of which hears {@code each} of the addresses. */
    void subscribe(int count, int each, List<String> addresses) {
        doOnLoop(() -> {
            for (int i = 0; i < count; i++) {
                Subscriber subscriber = new Subscriber(
                        vertx,
                        sockets,
                        plan,
                        Tokens.of("user" + i),
                        i % plan.nodes().size());
                for (int a = 0; a < each; a++) {
                    subscriber.hear(recorder.client("c" + i, addresses.get((i * each + a) % addresses.size())));
                }
                subscribers.add(subscriber);
                subscriber.connect();
            }
        });
        await("every client is subscribed", 60_000, () -> subscribers.stream().allMatch(Subscriber::isWhole));
    }

    /** Starts clients of node 0 that never go to another one. */
    void stay(int count, int each, List<String> addresses) {
        doOnLoop(() -> {
            for (int i = 0; i < count; i++) {
                Subscriber subscriber = new Subscriber(vertx, sockets, plan, Tokens.of("stayer" + i), 0).staying();
                for (int a = 0; a < each; a++) {
                    subscriber.hear(recorder.client("s" + i, addresses.get((i * each + a) % addresses.size())));
                }
                subscribers.add(subscriber);
                subscriber.connect();
            }
        });
        await("every client is subscribed", 30_000, () -> subscribers.stream().allMatch(Subscriber::isWhole));
    }

    /** Connects somebody who will stand in rosters. */
    Future<Visitor> visiting(int node, String user) {
        Promise<Visitor> visitor = Promise.promise();
        loop.runOnContext(
                now -> Visitor.connect(sockets, plan.nodes().get(node), user).onComplete(visitor));
        return visitor.future();
    }

    Visitor visit(int node, String user) {
        return get(visiting(node, user));
    }

    <T> T onLoop(Supplier<T> action) {
        Promise<T> done = Promise.promise();
        loop.runOnContext(now -> {
            try {
                done.complete(action.get());
            } catch (RuntimeException | AssertionError failure) {
                done.fail(failure);
            }
        });
        return get(done.future());
    }

    void doOnLoop(Runnable action) {
        Object done = onLoop(() -> {
            action.run();
            return this;
        });
        assertThat(done).isSameAs(this);
    }

    static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (InterruptedException
                | java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    /** Waits until {@code condition}, looked at on the clients' loop, holds. */
    void await(String what, long millis, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!onLoop(condition::getAsBoolean)) {
            if ((System.nanoTime() - begin) / 1_000_000 > millis) {
                throw new AssertionError("not within " + millis + " ms: " + what + "\n" + logTails());
            }
            pause(50);
        }
    }

    /** Lets the load run for a while. */
    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    void awaitReady() {
        long begin = System.nanoTime();
        for (int i = 0; i < nodes.size(); i++) {
            int number = i;
            while (nodes.get(i).isAlive() && !isReady(number)) {
                if ((System.nanoTime() - begin) / 1_000_000 > UP_MILLIS) {
                    throw new AssertionError("node " + i + " is not ready\n" + logTails());
                }
                pause(50);
            }
            if (!nodes.get(i).isAlive()) {
                throw new AssertionError("node " + i + " ended\n" + nodes.get(i).logTail());
            }
        }
    }

    /** Waits until the logs have all their copies again, so that the next node may go. */
    void awaitSafe() {
        awaitReady();
        long begin = System.nanoTime();
        while (!nodes.stream().filter(NodeProcess::isAlive).allMatch(node -> isSafe(node.number()))) {
            if ((System.nanoTime() - begin) / 1_000_000 > 60_000) {
                throw new AssertionError("the cluster is not safe\n" + logTails());
            }
            pause(100);
        }
    }

    private boolean isSafe(int number) {
        try {
            JsonObject health = ops(number, "/health/ready");
            JsonObject cluster =
                    health.getJsonObject("details", new JsonObject()).getJsonObject("cluster");
            return cluster != null
                    && cluster.getBoolean("safe", false)
                    && cluster.getInteger("nodes")
                            == nodes.stream().filter(NodeProcess::isAlive).count();
        } catch (AssertionError away) {
            return false;
        }
    }

    private boolean isReady(int number) {
        try {
            return ops(number, "/health/ready").getString("status", "").equals("ready");
        } catch (AssertionError notYet) {
            return false;
        }
    }

    JsonObject ops(int number, String path) {
        ClusterPlan.Place place = plan.nodes().get(number);
        return get(request(HttpMethod.GET, place.publicHost(), place.ops(), path));
    }

    JsonObject api(int number, String path) {
        ClusterPlan.Place place = plan.nodes().get(number);
        return get(request(HttpMethod.GET, place.publicHost(), place.http(), "/api/v1" + path));
    }

    /** On the clients' loop: asked from another thread, an answer may come before somebody waits for its body. */
    private Future<JsonObject> request(HttpMethod method, String host, int port, String path) {
        Promise<JsonObject> answer = Promise.promise();
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setHost(host)
                .setPort(port)
                .setConnectTimeout(1_000)
                .setIdleTimeout(5_000)
                .setURI(path);
        loop.runOnContext(now -> http.request(options)
                .compose(request ->
                        request.putHeader("X-API-Key", ClusterPlan.API_KEY).send())
                .compose(HttpClientResponse::body)
                .map(JsonObject::new)
                .onComplete(answer));
        return answer.future();
    }

    /** Stops the publishers, waits until everybody is current, and judges all that happened. */
    History settle(long millis) {
        doOnLoop(() -> {
            publishers.forEach(Publisher::stop);
        });
        await("every publish has an answer", 30_000, () -> publishers.stream().allMatch(Publisher::isIdle));
        List<String> addresses = onLoop(() -> subscribers.stream()
                .flatMap(subscriber -> streamOf(subscriber.seen()))
                .map(Recorder.Seen::address)
                .distinct()
                .toList());
        List<History.Log> logs = new ArrayList<>();
        List<Integer> up = nodes.stream()
                .filter(NodeProcess::isAlive)
                .map(NodeProcess::number)
                .toList();
        for (String address : addresses) {
            for (int node : up) {
                logs.add(readLog(node, address));
            }
        }
        var heads = logs.stream().collect(Collectors.toMap(History.Log::address, History.Log::head, (a, b) -> a));
        try {
            await(
                    "every client is current",
                    millis,
                    () -> subscribers.stream()
                            .allMatch(subscriber -> subscriber.isWhole()
                                    && streamOf(subscriber.seen())
                                            .allMatch(seen -> seen.at()
                                                    .filter(at -> at.offset()
                                                            == heads.get(seen.address())
                                                                    .offset())
                                                    .isPresent())));
        } catch (AssertionError stale) {
            // The checker names who is behind.
            System.err.println(stale.getMessage());
        }
        return onLoop(() -> recorder.history(logs));
    }

    static java.util.stream.Stream<Recorder.Seen> streamOf(Iterable<Recorder.Seen> seen) {
        return java.util.stream.StreamSupport.stream(seen.spliterator(), false);
    }

    History.Log readLog(int node, String address) {
        List<History.Entry> entries = new ArrayList<>();
        String after = "";
        while (true) {
            JsonObject page = api(node, "/addresses/" + address + "/events?limit=1000" + after);
            if (page.getJsonArray("events") == null) {
                throw new AssertionError("node " + node + " gave no log of " + address + ": " + page);
            }
            page.getJsonArray("events", new JsonArray()).forEach(one -> {
                JsonObject event = (JsonObject) one;
                entries.add(new History.Entry(
                        Position.parse(event.getString("position")).orElseThrow(), event.getString("id")));
            });
            Position position = Position.parse(page.getString("position")).orElseThrow();
            if (!page.getBoolean("more")) {
                return new History.Log("node-" + node, address, entries, position);
            }
            after = "&after=" + position;
        }
    }

    /** Judges; prints the report, and fails on any anomaly. */
    void assertClean(String scenario, History history, boolean logsMayBeLost) {
        List<Anomaly> anomalies = new HistoryChecker(history, logsMayBeLost).check();
        System.out.println(scenario + ": " + HistoryChecker.report(history, anomalies));
        assertThat(anomalies)
                .as(() -> HistoryChecker.report(history, anomalies) + "\n" + logTails())
                .isEmpty();
    }

    String logTails() {
        return nodes.stream().map(NodeProcess::logTail).collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        doOnLoop(() -> {
            publishers.forEach(Publisher::stop);
            subscribers.forEach(Subscriber::stop);
        });
        for (NodeProcess node : nodes) {
            node.kill();
        }
        assertThat(vertx.close().toCompletionStage().toCompletableFuture())
                .succeedsWithin(java.time.Duration.ofSeconds(30));
    }
}
