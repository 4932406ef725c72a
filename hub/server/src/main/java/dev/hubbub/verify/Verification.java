package dev.hubbub.verify;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.hubbub.history.Anomaly;
import dev.hubbub.history.History;
import dev.hubbub.history.HistoryChecker;
import dev.hubbub.history.Recorder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClientOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * Verifies a running hub as its users see it.
 *
 * <p>Sockets listen through every node while publishers speak through every node; every half second one socket cuts
 * itself off and comes back through the next node with its positions. In the end everybody has to be current, and all
 * that was answered and seen is compared with what each node gives as the log. Runs on the event loop of the calling
 * context; ends by itself, at most {@value #PATIENCE_SECONDS} s twice after the planned time.
 */
public final class Verification {
    private static final int PATIENCE_SECONDS = 30;
    private static final long CUT_MILLIS = 500;
    private static final long LOOK_MILLIS = 50;
    private static final int MOST_PUBLISHERS = 8;

    private final Vertx vertx;
    private final ProbeWorld world;
    private final VerifyPlan plan;
    private final List<ProbeClient> clients = new ArrayList<>();
    private final List<ProbePublisher> publishers = new ArrayList<>();
    private final Promise<VerifyReport> result = Promise.promise();
    private int turn;

    private Verification(Vertx vertx, VerifyPlan plan, String run) {
        this.vertx = vertx;
        this.plan = plan;
        this.world = new ProbeWorld(
                vertx,
                new HubCalls(vertx, plan),
                vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(plan.clients() + 1)),
                plan,
                new Recorder(),
                run);
    }

    /**
     * Verifies; call it on an event loop.
     *
     * @param run a name that no other verification has
     * @return what was found; fails with {@link VerifyException} when it could not be carried out
     */
    public static Future<VerifyReport> run(Vertx vertx, VerifyPlan plan, String run) {
        Verification verification = new Verification(vertx, plan, run);
        verification.run().onSuccess(verification.result::tryComplete).onFailure(verification.result::tryFail);
        return verification.result.future().onComplete(done -> verification.stop());
    }

    private void refuse(String why) {
        result.tryFail(new VerifyException(why));
    }

    private Future<VerifyReport> run() {
        for (int i = 0; i < plan.clients(); i++) {
            ProbeClient client = new ProbeClient(world, i, this::refuse);
            clients.add(client);
            client.connect();
        }
        return until("every socket is subscribed", () -> clients.stream().allMatch(ProbeClient::isWhole))
                .compose(subscribed -> load())
                .compose(loaded -> until(
                        "every publish has an answer", () -> publishers.stream().allMatch(ProbePublisher::isIdle)))
                .compose(idle -> logs())
                .compose(logs -> current(logs).map(settled -> report(logs)));
    }

    private Future<Void> load() {
        int count = Math.min(MOST_PUBLISHERS, plan.perSecond());
        for (int i = 0; i < count; i++) {
            ProbePublisher publisher = new ProbePublisher(world, i, 1_000L * count / plan.perSecond(), this::refuse);
            publishers.add(publisher);
            publisher.start();
        }
        long cutting = vertx.setPeriodic(
                CUT_MILLIS, timer -> clients.get(turn++ % clients.size()).cut());
        return vertx.timer(plan.seconds(), SECONDS).map(over -> {
            vertx.cancelTimer(cutting);
            publishers.forEach(ProbePublisher::stop);
            return null;
        });
    }

    private Future<List<History.Log>> logs() {
        List<Future<History.Log>> all = new ArrayList<>();
        for (String address : plan.addresses()) {
            for (URI node : plan.nodes()) {
                all.add(world.calls().log(node, address));
            }
        }
        return Future.all(all).map(done -> done.list());
    }

    /** Waits until everybody has everything; who has not is the checker's to name. */
    private Future<Void> current(List<History.Log> logs) {
        Map<String, Long> heads = new HashMap<>();
        logs.forEach(log -> heads.put(log.address(), log.head().offset()));
        return until(
                        "every socket is current",
                        () -> clients.stream()
                                .allMatch(client -> client.isWhole()
                                        && StreamSupport.stream(client.seen().spliterator(), false)
                                                .allMatch(seen -> seen.at()
                                                        .filter(at ->
                                                                heads.getOrDefault(seen.address(), 0L) == at.offset())
                                                        .isPresent())))
                .otherwiseEmpty();
    }

    private Future<Void> until(String what, BooleanSupplier holds) {
        Promise<Void> done = Promise.promise();
        look(what, holds, System.nanoTime() + SECONDS.toNanos(PATIENCE_SECONDS), done);
        return done.future();
    }

    private void look(String what, BooleanSupplier holds, long untilNanos, Promise<Void> done) {
        if (holds.getAsBoolean()) {
            done.complete();
        } else if (System.nanoTime() > untilNanos) {
            done.fail(new VerifyException("not within " + PATIENCE_SECONDS + " s: " + what));
        } else {
            vertx.setTimer(LOOK_MILLIS, timer -> look(what, holds, untilNanos, done));
        }
    }

    private VerifyReport report(List<History.Log> logs) {
        History history = world.recorder().history(logs);
        List<Anomaly> anomalies = new HistoryChecker(history, false).check();
        Map<String, Integer> resumes = new LinkedHashMap<>();
        IntStream.range(0, plan.nodes().size())
                .forEach(node -> resumes.put(
                        plan.nodes().get(node).toString(),
                        clients.stream()
                                .mapToInt(client -> client.resumes(node))
                                .sum()));
        return new VerifyReport(
                plan,
                history,
                anomalies,
                publishers.stream().flatMap(one -> one.tookMillis().stream()).toList(),
                publishers.stream().mapToInt(ProbePublisher::repeats).sum(),
                clients.stream().flatMap(one -> one.backMillis().stream()).toList(),
                resumes,
                clients.stream()
                        .flatMap(one -> StreamSupport.stream(one.seen().spliterator(), false))
                        .mapToInt(seen -> seen.timesDegraded())
                        .sum());
    }

    private void stop() {
        publishers.forEach(ProbePublisher::stop);
        clients.forEach(ProbeClient::stop);
    }
}
