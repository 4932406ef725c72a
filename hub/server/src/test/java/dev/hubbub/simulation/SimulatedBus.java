package dev.hubbub.simulation;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.WireTypes;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import dev.hubbub.replay.ReplayWire;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** The bus of one node: within it in order, beyond it through the network, in the form that really travels. */
final class SimulatedBus implements Bus {
    private static final WireTypes TYPES = new WireTypes(ReplayWire.types());
    private static final long DEADLINE_MILLIS = 5_000;

    private final Simulation simulation;
    private final Node node;
    private final Map<String, Function<Object, Future<Object>>> inboxes = new HashMap<>();

    SimulatedBus(Simulation simulation, Node node) {
        this.simulation = simulation;
        this.node = node;
    }

    @Override
    public <T> Future<Inbox> listen(Reach reach, String inbox, Class<T> type, Consumer<T> handler) {
        inboxes.put(inbox, message -> {
            handler.accept(type.cast(message));
            return Future.succeededFuture();
        });
        return Future.succeededFuture(Future::succeededFuture);
    }

    @Override
    public <Q, A> Future<Inbox> answer(Reach reach, String inbox, Class<Q> type, Function<Q, Future<A>> handler) {
        inboxes.put(inbox, message -> handler.apply(type.cast(message)).map(answer -> answer));
        return Future.succeededFuture(Future::succeededFuture);
    }

    @Override
    public void tell(Reach reach, String inbox, Object message) {
        if (reach == Reach.NODE) {
            node.at(0, () -> take(inbox, message));
            return;
        }
        Node to = simulation.nodeWith(inbox);
        if (to != null) {
            Object travelled = travel(message);
            simulation.network.send(node, to, () -> simulation.buses.get(to).take(inbox, travelled));
            if (simulation.network.repeats()) {
                simulation.network.send(node, to, () -> simulation.buses.get(to).take(inbox, travelled));
            }
        }
    }

    private void take(String inbox, Object message) {
        Function<Object, Future<Object>> handler = inboxes.get(inbox);
        if (handler != null) {
            handler.apply(message).onFailure(failure -> simulation.world.note("told in vain " + failure.getMessage()));
        }
    }

    @Override
    @SuppressWarnings("unchecked") // as on every bus, who asks knows what is answered
    public <A> Future<A> ask(Reach reach, String inbox, Object question) {
        Promise<A> answer = Promise.promise();
        if (reach == Reach.NODE) {
            node.at(
                    0,
                    () -> handle(inbox, question)
                            .onComplete(done -> node.at(0, () -> ((Promise<Object>) answer).handle(done))));
            return answer.future();
        }
        Node to = simulation.nodeWith(inbox);
        if (to == null) {
            HubException unheard = new HubException(ErrorCode.UNAVAILABLE, "no such inbox");
            if (simulation.world.chance(0.5)) {
                return Future.failedFuture(unheard); // as a bus does whose connection it knows to be closed
            }
            node.at(1, () -> answer.tryFail(unheard));
            return answer.future();
        }
        Object travelled = travel(question);
        simulation.network.send(
                node,
                to,
                () -> simulation.buses.get(to).handle(inbox, travelled).onComplete(done -> {
                    Object back = done.succeeded() ? travel(done.result()) : null;
                    simulation.network.send(to, node, () -> {
                        if (done.succeeded()) {
                            answer.tryComplete((A) back);
                        } else {
                            answer.tryFail(done.cause());
                        }
                    });
                }));
        node.at(DEADLINE_MILLIS, () -> answer.tryFail(new HubException(ErrorCode.TIMEOUT, "no answer in time")));
        return answer.future();
    }

    private Future<Object> handle(String inbox, Object question) {
        Function<Object, Future<Object>> handler = inboxes.get(inbox);
        return handler == null
                ? Future.failedFuture(new HubException(ErrorCode.UNAVAILABLE, "closed inbox"))
                : handler.apply(question);
    }

    boolean has(String inbox) {
        return inboxes.containsKey(inbox);
    }

    private static Object travel(Object message) {
        Buffer wire = Buffer.buffer();
        TYPES.write(wire, message);
        return TYPES.read(wire, 0, wire.length());
    }
}
