package dev.hubbub.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.bus.EventLoop;
import dev.hubbub.protocol.CloseCode;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DepartureTest {
    private static final int SOCKETS = 600;
    private static final long WINDOW_MILLIS = 10_000;
    private static final LoopQuestion.SendAway EVENLY = new LoopQuestion.SendAway(WINDOW_MILLIS, 2_000, 1, 3);

    private final ManualLoop loop = new ManualLoop();
    private final List<Leaver> all =
            IntStream.range(0, SOCKETS).mapToObj(i -> new Leaver(loop)).toList();

    private Departure departure(LoopQuestion.SendAway how) {
        return new Departure(loop, how, all, recipient -> all.indexOf(recipient) % 2 == 0);
    }

    private long closed() {
        return all.stream().filter(one -> !one.closes.isEmpty()).count();
    }

    @Test
    void theyLeaveEvenlyOverTheWindowAndTheLastWithIt() {
        departure(EVENLY).start();
        for (int second = 1; second <= 10; second++) {
            loop.pass(1_000);
            assertThat(closed()).as("after %d s", second).isBetween(60L * second - 2, 60L * second);
        }
        loop.pass(20);
        assertThat(closed()).isEqualTo(SOCKETS);
        assertThat(all).allMatch(one -> one.closes.size() == 1);
    }

    @Test
    void noSecondSeesMoreThanAnEvenShareComeBack() {
        departure(EVENLY).start();
        loop.pass(WINDOW_MILLIS + 20);
        int[] seconds = new int[20];
        all.forEach(one -> seconds[(int) (one.backMillis() / 1_000)]++);
        assertThat(IntStream.of(seconds).max().orElseThrow()).isLessThanOrEqualTo(SOCKETS / 10 + SOCKETS / 100);
    }

    @Test
    void everybodyIsToldAnotherWaitAndWhoAskedIsToldBeforeTheClose() {
        departure(new LoopQuestion.SendAway(0, 2_000, 0, 3)).start();
        assertThat(closed()).isEqualTo(SOCKETS);
        assertThat(new HashSet<>(all.stream().map(Leaver::waitMillis).toList())).hasSize(SOCKETS);
        for (int i = 0; i < SOCKETS; i++) {
            Leaver one = all.get(i);
            assertThat(one.told).isEqualTo(i % 2 == 0 ? List.of(one.waitMillis()) : List.of());
        }
    }

    @Test
    void otherLoopsTellOtherWaits() {
        departure(new LoopQuestion.SendAway(0, 5_000, 0, 3)).start();
        List<Leaver> others =
                IntStream.range(0, SOCKETS).mapToObj(i -> new Leaver(loop)).toList();
        new Departure(loop, new LoopQuestion.SendAway(0, 5_000, 2, 3), others, recipient -> false).start();
        List<Long> waits = new ArrayList<>(all.stream().map(Leaver::waitMillis).toList());
        others.forEach(one -> waits.add(one.waitMillis()));
        assertThat(new HashSet<>(waits)).hasSize(2 * SOCKETS);
    }

    @Test
    void oneThatWasStoppedLetsNobodyLeaveAnyMore() {
        Departure departure = departure(EVENLY);
        departure.start();
        loop.pass(5_000);
        departure.stop();
        long before = closed();
        loop.pass(20_000);
        assertThat(closed()).isEqualTo(before);
    }

    /** A connection that notes when it was closed and what it was told. */
    private static final class Leaver extends RecordingRecipient implements Connections.Connection {
        private final EventLoop loop;
        private final List<String> closes = new ArrayList<>();
        private final List<Long> told = new ArrayList<>();
        private final long beganMillis;
        private long closedMillis;

        Leaver(EventLoop loop) {
            this.loop = loop;
            this.beganMillis = loop.clock().millis();
        }

        @Override
        public dev.hubbub.auth.Caller.User caller() {
            return caller;
        }

        @Override
        public long unsentBytes() {
            return 0;
        }

        @Override
        public String transport() {
            return "test";
        }

        @Override
        public void draining(long reconnectInMillis) {
            assertThat(closes).isEmpty();
            told.add(reconnectInMillis);
        }

        @Override
        public void close(CloseCode code, String reason) {
            assertThat(code).isEqualTo(CloseCode.GOING_AWAY);
            closedMillis = loop.clock().millis();
            closes.add(reason);
        }

        long waitMillis() {
            return Long.parseLong(closes.get(0).replaceAll("reconnect in (\\d+) ms", "$1"));
        }

        long backMillis() {
            return closedMillis - beganMillis + waitMillis();
        }
    }

    /** An event loop under a clock that the test moves. */
    private static final class ManualLoop implements EventLoop {
        private final Deque<Runnable> queue = new ArrayDeque<>();
        private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::dueMillis));
        private long nowMillis = 1_000_000;

        @Override
        public void after(long millis, Runnable action) {
            timers.add(new Timer(nowMillis + millis, action));
        }

        @Override
        public void soon(Runnable action) {
            queue.add(action);
        }

        @Override
        public Clock clock() {
            return new Clock() {
                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    return Instant.ofEpochMilli(nowMillis);
                }
            };
        }

        void pass(long millis) {
            long until = nowMillis + millis;
            while (!timers.isEmpty() && timers.element().dueMillis() <= until) {
                Timer timer = timers.remove();
                nowMillis = timer.dueMillis();
                timer.action().run();
                while (!queue.isEmpty()) {
                    queue.remove().run();
                }
            }
            nowMillis = until;
        }

        private record Timer(long dueMillis, Runnable action) {}
    }
}
