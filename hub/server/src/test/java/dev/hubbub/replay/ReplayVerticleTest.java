package dev.hubbub.replay;

import static dev.hubbub.replay.Events.LATEST;
import static dev.hubbub.replay.Events.LOG;
import static dev.hubbub.replay.Events.ROOM;
import static dev.hubbub.replay.Events.SIGNAL;
import static dev.hubbub.replay.Events.append;
import static dev.hubbub.replay.Events.content;
import static dev.hubbub.replay.Events.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.Ownership;
import dev.hubbub.bus.VertxBus;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import dev.hubbub.telemetry.EventTrail;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ReplayVerticleTest {
    private static final String INBOX = "hub.gateway.n1.0";
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_000_000), ZoneOffset.UTC);

    private VertxBus bus;
    private Replay replay;
    private Context gateway;

    @BeforeEach
    void startOwner(Vertx vertx) throws Exception {
        bus = new VertxBus(vertx, () -> "id-1");
        Ownership alone = Ownership.alone("n1");
        gateway = vertx.getOrCreateContext();
        end(vertx.deployVerticle(new ReplayVerticle(new ReplayVerticle.World(
                bus,
                loop -> new MemoryReplayStore(1 << 20),
                alone,
                CLOCK,
                () -> "01JZZZZZZZ0123456789ABCDEF",
                new BusPaths("n1", CLOCK),
                new SimpleMeterRegistry(),
                EventTrail.NONE))));
        replay = await(onGateway(
                () -> Future.succeededFuture(new ClusterReplay(bus, alone, EventLoop.current(vertx, CLOCK)))));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static void end(Future<?> future) throws Exception {
        var unused = await(future);
    }

    /** Opens the gateway's inbox; ends once {@code wanted} events came. */
    private Future<List<Deliveries>> deliveries(int wanted) {
        Promise<List<Deliveries>> enough = Promise.promise();
        List<Deliveries> got = new ArrayList<>();
        Promise<Void> open = Promise.promise();
        gateway.runOnContext(v -> bus.listen(INBOX, Deliveries.class, deliveries -> {
                    got.add(deliveries);
                    if (frames(got).size() >= wanted) {
                        enough.tryComplete(got);
                    }
                })
                .onComplete(opened -> open.complete()));
        return open.future().compose(opened -> enough.future());
    }

    private static List<EventFrame> frames(List<Deliveries> got) {
        return got.stream()
                .flatMap(d -> d.all().stream())
                .flatMap(d -> d.events().stream())
                .toList();
    }

    private <T> Future<T> onGateway(java.util.function.Supplier<Future<T>> call) {
        Promise<T> promise = Promise.promise();
        gateway.runOnContext(v -> call.get().onComplete(promise));
        return promise.future();
    }

    @Test
    void aListenerGetsExactlyTheEventsAfterItsHeadInOrder() throws Exception {
        int events = 2_000;
        List<EventFrame> live = new ArrayList<>();
        List<Attached> answers = new ArrayList<>();
        Promise<Void> all = Promise.promise();
        end(onGateway(() -> bus.listen(INBOX, Deliveries.class, deliveries -> {
            for (EventFrame frame : deliveries.all().get(0).events()) {
                live.add(frame);
                if (frame.content().id().equals("last")) {
                    all.complete();
                }
            }
        })));
        Future<Void> publishing = onGateway(() -> {
            Future<Void> last = Future.succeededFuture();
            for (int i = 1; i <= events; i++) {
                last = replay.append(List.of(append(LOG, "e" + i))).mapEmpty();
                if (i == events / 2) {
                    // Whatever was said before the attach is answered; what is said after the answer has to come.
                    replay.attach(ROOM, LOG, INBOX)
                            .onSuccess(answers::add)
                            .compose(attached -> replay.append(List.of(append(LOG, "last"))))
                            .onFailure(all::tryFail);
                }
            }
            return last;
        });
        end(publishing);
        end(all.future());
        Position head = answers.get(0).head();
        assertThat(head.offset()).isGreaterThanOrEqualTo(events / 2);
        List<Long> above = live.stream()
                .map(frame -> frame.position().orElseThrow().offset())
                .filter(offset -> offset > head.offset())
                .toList();
        assertThat(above).hasSize((int) (events + 1 - head.offset())).isSorted().doesNotHaveDuplicates();
        assertThat(above.get(0)).isEqualTo(head.offset() + 1);
    }

    @Test
    void aBatchReachesAnInboxInOneHandOverWithOneDeliveryPerAddress() throws Exception {
        Future<List<Deliveries>> got = deliveries(3);
        dev.hubbub.protocol.Address other = new dev.hubbub.protocol.Address("room:43");
        end(replay.attach(ROOM, LOG, INBOX));
        end(replay.attach(other, LOG, INBOX));
        end(replay.append(List.of(append(LOG, "a"), append(other, LOG, content("x", "r", -1, "x")), append(LOG, "b"))));
        List<Deliveries> handOvers = await(got);
        assertThat(handOvers).hasSize(1);
        List<Delivery> all = handOvers.get(0).all();
        assertThat(all).extracting(Delivery::address).containsExactly(ROOM, other);
        assertThat(ids(all.get(0).events())).containsExactly("a", "b");
        assertThat(all.get(0).kind()).isEqualTo(DeliveryKind.LOG);
    }

    @Test
    void theFrameIsTheSameObjectForEveryInbox() throws Exception {
        Future<List<Deliveries>> first = deliveries(1);
        Promise<Deliveries> second = Promise.promise();
        end(bus.listen("hub.gateway.n1.1", Deliveries.class, second::tryComplete));
        end(replay.attach(ROOM, LOG, INBOX));
        end(replay.attach(ROOM, LOG, "hub.gateway.n1.1"));
        end(replay.append(List.of(append(LOG, "a"))));
        EventFrame one = frames(await(first)).get(0);
        EventFrame two = frames(List.of(await(second.future()))).get(0);
        assertThat(one).isSameAs(two);
    }

    @Test
    void aDuplicateIsNotDeliveredAgain() throws Exception {
        Future<List<Deliveries>> got = deliveries(2);
        end(replay.attach(ROOM, LOG, INBOX));
        end(replay.append(List.of(append(LOG, "a"))));
        end(replay.append(List.of(append(LOG, "a"))));
        end(replay.append(List.of(append(LOG, "b"))));
        assertThat(ids(frames(await(got)))).containsExactly("a", "b");
    }

    @Test
    void attachingTwiceDeliversOnceAndDetachingEndsIt() throws Exception {
        Future<List<Deliveries>> first = deliveries(1);
        Future<List<Deliveries>> got = deliveries(2);
        end(replay.attach(ROOM, LOG, INBOX));
        end(replay.attach(ROOM, LOG, INBOX));
        end(replay.append(List.of(append(LOG, "a"))));
        end(first); // an answer says that the event is safe, not that it has arrived
        end(replay.detach(ROOM, INBOX));
        end(replay.append(List.of(append(LOG, "b"))));
        end(replay.attach(ROOM, LOG, INBOX));
        end(replay.append(List.of(append(LOG, "c"))));
        assertThat(ids(frames(await(got)))).containsExactly("a", "c");
    }

    @Test
    void signalReachesWhoListensWithoutAPosition() throws Exception {
        Future<List<Deliveries>> got = deliveries(1);
        end(replay.attach(ROOM, SIGNAL, INBOX));
        end(replay.append(List.of(append(SIGNAL, "s"))));
        EventFrame frame = frames(await(got)).get(0);
        assertThat(frame.position()).isEmpty();
        assertThat(frame.content().id()).isEqualTo("s");
        assertThat(await(replay.info(ROOM))).isEmpty();
    }

    @Test
    void nothingIsSentForAnAddressThatNobodyListensTo() throws Exception {
        Future<List<Deliveries>> got = deliveries(1);
        end(replay.attach(ROOM, SIGNAL, INBOX));
        Address empty = new Address("cursor:nobody");
        end(replay.append(List.of(
                append(empty, SIGNAL, content("1", "a", -1, "x")), append(empty, LATEST, content("2", "a", -1, "x")))));
        end(replay.append(List.of(append(SIGNAL, "s"))));

        assertThat(await(got).stream()
                        .flatMap(deliveries -> deliveries.all().stream())
                        .map(Delivery::address))
                .containsExactly(ROOM);
    }

    @Test
    void attachingToLatestGivesTheCurrentValues() throws Exception {
        end(replay.append(List.of(
                append(ROOM, LATEST, content("a1", "a", -1, "x")), append(ROOM, LATEST, content("a2", "a", -1, "y")))));
        Attached attached = await(replay.attach(ROOM, LATEST, INBOX));
        assertThat(ids(attached.current())).containsExactly("a2");
        assertThat(attached.head().offset()).isEqualTo(2);
    }

    @Test
    void everyPositionOfTheOwnerSurvivesTheWire() throws Exception {
        end(replay.append(List.of(append(LOG, "a"))));
        Position head = await(replay.attach(ROOM, LOG, INBOX)).head();
        Position signal = await(replay.attach(ROOM, SIGNAL, INBOX)).head();
        assertThat(Position.parse(head.toString())).contains(head);
        assertThat(Position.parse(signal.toString())).contains(signal);
        LogInfo info = await(replay.list("", Optional.empty(), 10)).get(0);
        assertThat(info.last()).isEqualTo(Optional.of(head));
    }
}
