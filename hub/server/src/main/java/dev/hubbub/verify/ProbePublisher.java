package dev.hubbub.verify;

import dev.hubbub.history.History.Publish;
import dev.hubbub.history.Recorder;
import dev.hubbub.protocol.Position;
import dev.hubbub.verify.HubCalls.Answer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes one event after the other, and one whose outcome is unknown again, with the same id and through another
 * node, until it knows what became of it. Confined to the verification's event loop.
 */
final class ProbePublisher {
    private static final long RETRY_MILLIS = 100;

    private final String name;
    private final Vertx vertx;
    private final HubCalls calls;
    private final VerifyPlan plan;
    private final Recorder recorder;
    private final Consumer<String> refused;
    private final long everyMillis;
    private final List<Long> tookMillis = new ArrayList<>();
    private int node;
    private int count;
    private int repeats;
    private boolean stopped;
    private boolean idle = true;

    /**
     * Creates a publisher.
     *
     * @param number names it, and the node where it begins
     * @param everyMillis an event each so many milliseconds, unless the answers take longer
     * @param refused hears of an answer that no repetition will change
     */
    ProbePublisher(ProbeWorld world, int number, long everyMillis, Consumer<String> refused) {
        this.name = world.run() + "-p" + number;
        this.vertx = world.vertx();
        this.calls = world.calls();
        this.plan = world.plan();
        this.recorder = world.recorder();
        this.everyMillis = everyMillis;
        this.refused = refused;
        this.node = number % plan.nodes().size();
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

    int repeats() {
        return repeats;
    }

    /** Returns how long each event took, retries and all. */
    List<Long> tookMillis() {
        return tookMillis;
    }

    private void next() {
        if (stopped) {
            idle = true;
            return;
        }
        idle = false;
        count++;
        String address = plan.addresses().get(count % plan.addresses().size());
        node = (node + 1) % plan.nodes().size();
        send(new Wish(name + "-" + count, address, System.nanoTime()));
    }

    private void send(Wish wish) {
        JsonObject event = new JsonObject()
                .put("id", wish.id())
                .put("type", "hub.verify")
                .put("payload", new JsonObject().put("id", wish.id()));
        long sent = System.nanoTime();
        calls.publish(
                        plan.nodes().get(node),
                        new JsonObject().put("address", wish.address()).put("event", event))
                .onComplete(answer -> answered(wish, sent, answer), failure -> unknown(wish, sent, null));
    }

    private void answered(Wish wish, long sent, Answer answer) {
        if (answer.status() == 200) {
            long now = System.nanoTime();
            JsonObject told = answer.json();
            Optional<Position> position =
                    Optional.ofNullable(told.getString("position")).flatMap(Position::parse);
            if (position.isEmpty()) {
                end(wish.address() + " keeps no log: choose addresses with delivery log");
                return;
            }
            recorder.publish(
                    new Publish(wish.id(), wish.address(), sent, now, position, told.getBoolean("duplicate", false)));
            recorder.took(now - wish.sinceNanos());
            long took = (now - wish.sinceNanos()) / 1_000_000;
            tookMillis.add(took);
            vertx.setTimer(Math.max(1, everyMillis - took), timer -> next());
        } else {
            unknown(wish, sent, answer);
        }
    }

    private void unknown(Wish wish, long sent, @Nullable Answer answer) {
        if (answer != null && answer.status() != 503 && answer.status() != 504 && answer.status() != 429) {
            end("publishing to " + wish.address() + " was answered " + answer.status() + " " + answer.body());
            return;
        }
        repeats++;
        recorder.publish(new Publish(wish.id(), wish.address(), sent, System.nanoTime(), Optional.empty(), false));
        if (stopped) {
            idle = true;
            return;
        }
        node = (node + 1) % plan.nodes().size();
        vertx.setTimer(RETRY_MILLIS, timer -> send(wish));
    }

    private void end(String why) {
        stopped = true;
        idle = true;
        refused.accept(why);
    }

    private record Wish(String id, String address, long sinceNanos) {}
}
