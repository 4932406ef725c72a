package dev.hubbub.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.bus.Timers;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.replay.Deliveries;
import dev.hubbub.replay.Deliveries.Origin;
import dev.hubbub.replay.Delivery;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When a loop fans out what comes to it. */
class FanOutPaceTest {
    private static final long MILLIS = 1_000_000;
    private static final Address ROOM = new Address("room:1");
    private static final Address OTHER = new Address("room:2");

    private final Clockwork loop = new Clockwork();
    private final List<Deliveries> fannedOut = new ArrayList<>();
    private long costNanos;

    private final FanOutPace pace = new FanOutPace(loop, deliveries -> {
        fannedOut.add(deliveries);
        loop.now += costNanos;
    });

    private static Delivery delivery(Address address, String... ids) {
        return delivery(address, DeliveryKind.SIGNAL, ids);
    }

    private static Delivery delivery(Address address, DeliveryKind kind, String... ids) {
        List<EventFrame> events = new ArrayList<>();
        for (String id : ids) {
            EventContent content = new EventContent(
                    id, Optional.empty(), id, Optional.empty(), EventContent.NO_VERSION, 0, 0, Buffer.buffer("{}"));
            events.add(new EventFrame(address, Optional.empty(), content, Optional.empty()));
        }
        return new Delivery(address, kind, events);
    }

    private static Deliveries of(Delivery... all) {
        return new Deliveries(List.of(all), new Origin(true, 1));
    }

    private static List<String> idsOf(Delivery delivery) {
        return delivery.events().stream().map(event -> event.content().id()).toList();
    }

    /** Fans one event out, which takes so long. */
    private void workFor(long nanos) {
        costNanos = nanos;
        pace.take(of(delivery(ROOM, "before")));
        fannedOut.clear();
        costNanos = 0;
    }

    @Test
    void aLoopAtLeisureFansOutAtOnce() {
        pace.take(of(delivery(ROOM, "a")));
        pace.take(of(delivery(ROOM, "b")));

        assertThat(fannedOut).hasSize(2);
    }

    @Test
    void whatComesInTheRestAfterAFanOutLeavesTogetherAtItsEnd() {
        workFor(4 * MILLIS);

        pace.take(of(delivery(ROOM, "a"), delivery(OTHER, "x")));
        loop.pass(MILLIS / 2);
        pace.take(of(delivery(ROOM, "b")));
        assertThat(fannedOut).isEmpty();

        loop.pass(MILLIS / 2);
        assertThat(fannedOut).hasSize(1);
        assertThat(fannedOut.get(0).all())
                .extracting(FanOutPaceTest::idsOf)
                .containsExactly(List.of("a", "b"), List.of("x"));
    }

    @Test
    void theRestIsAQuarterOfTheWork() {
        workFor(4 * MILLIS);
        loop.pass(MILLIS);

        pace.take(of(delivery(ROOM, "a")));

        assertThat(fannedOut).hasSize(1);
    }

    @Test
    void noRestIsLongerThanTwoMilliseconds() {
        workFor(1_000 * MILLIS);
        pace.take(of(delivery(ROOM, "a")));

        loop.pass(2 * MILLIS);

        assertThat(fannedOut).hasSize(1);
    }

    @Test
    void afterLittleWorkThereIsNoRest() {
        workFor(MILLIS / 10);

        pace.take(of(delivery(ROOM, "a")));

        assertThat(fannedOut).hasSize(1);
    }

    @Test
    void manyEventsEndTheRest() {
        workFor(4 * MILLIS);
        String[] ids = IntStream.range(0, 256).mapToObj(String::valueOf).toArray(String[]::new);

        pace.take(of(delivery(ROOM, ids)));

        assertThat(fannedOut).hasSize(1);
        loop.pass(2 * MILLIS);
        assertThat(fannedOut)
                .as("the timer of a rest that is over does nothing")
                .hasSize(1);
    }

    @Test
    void whatMustNotBeOvertakenEndsTheRest() {
        workFor(4 * MILLIS);
        pace.take(of(delivery(ROOM, "a")));

        pace.endRest();

        assertThat(fannedOut).hasSize(1);
    }

    @Test
    void eventsOfAnotherKindOfTheSameAddressAreNotJoined() {
        workFor(4 * MILLIS);
        pace.take(of(delivery(ROOM, DeliveryKind.SIGNAL, "a")));
        pace.take(of(delivery(ROOM, DeliveryKind.LOG, "b")));

        loop.pass(MILLIS);

        assertThat(fannedOut.get(0).all())
                .extracting(FanOutPaceTest::idsOf)
                .containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void eventsOfAnotherNodeAreCountedApart() {
        workFor(4 * MILLIS);
        pace.take(of(delivery(ROOM, "a")));
        pace.take(new Deliveries(List.of(delivery(OTHER, "b")), new Origin(false, 2)));

        loop.pass(2 * MILLIS);

        assertThat(fannedOut).extracting(one -> one.origin().isLocal()).containsExactly(true, false);
    }

    @Test
    void manyBytesEndTheRest() {
        workFor(4 * MILLIS);
        EventContent large = new EventContent(
                "a",
                Optional.empty(),
                "a",
                Optional.empty(),
                EventContent.NO_VERSION,
                0,
                0,
                Buffer.buffer(new byte[256 * 1024]));
        EventFrame event = new EventFrame(ROOM, Optional.empty(), large, Optional.empty());

        pace.take(of(new Delivery(ROOM, DeliveryKind.SIGNAL, List.of(event))));

        assertThat(fannedOut).hasSize(1);
    }

    @Test
    void whatWaitsIsAsOldAsTheOldestOfIt() {
        workFor(4 * MILLIS);
        pace.take(new Deliveries(List.of(delivery(ROOM, "a")), new Origin(true, 5)));
        pace.take(new Deliveries(List.of(delivery(OTHER, "b")), new Origin(true, 3)));

        loop.pass(MILLIS);

        assertThat(fannedOut).extracting(one -> one.origin().nanos()).containsExactly(3L);
    }

    @Test
    void theTimerOfARestThatEndedEarlyEndsNoOther() {
        workFor(4 * MILLIS);
        pace.take(of(delivery(ROOM, "a")));
        costNanos = 4 * MILLIS;
        pace.endRest();
        costNanos = 0;
        fannedOut.clear();

        pace.take(of(delivery(ROOM, "b")));
        loop.pass(0);
        assertThat(fannedOut).isEmpty();

        loop.pass(MILLIS);
        assertThat(fannedOut).hasSize(1);
    }

    @Test
    void aFanOutThatFailsEndsLikeAnyOther() {
        FanOutPace failing = new FanOutPace(loop, deliveries -> {
            loop.now += 4 * MILLIS;
            throw new IllegalStateException("a fan-out that fails");
        });
        assertThatThrownBy(() -> failing.take(of(delivery(ROOM, "a")))).hasMessage("a fan-out that fails");
        failing.take(of(delivery(ROOM, "b")));

        assertThatThrownBy(() -> loop.pass(MILLIS)).hasMessage("a fan-out that fails");
    }

    /** A loop whose time the test moves. */
    private static final class Clockwork implements Timers {
        private final List<Runnable> actions = new ArrayList<>();
        private final List<Long> due = new ArrayList<>();
        private long now;

        @Override
        public void after(long millis, Runnable action) {
            throw new AssertionError("a rest is shorter than a millisecond");
        }

        @Override
        public void afterNanos(long nanos, Runnable action) {
            actions.add(action);
            due.add(now + nanos);
        }

        @Override
        public long nanoTime() {
            return now;
        }

        void pass(long nanos) {
            now += nanos;
            for (int i = 0; i < actions.size(); i++) {
                if (due.get(i) <= now) {
                    due.set(i, Long.MAX_VALUE);
                    actions.get(i).run();
                }
            }
        }
    }
}
