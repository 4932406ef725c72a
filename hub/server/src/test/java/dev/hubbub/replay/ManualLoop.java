package dev.hubbub.replay;

import dev.hubbub.bus.EventLoop;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/** An event loop that runs when the test says so, under a clock that the test moves. */
final class ManualLoop implements EventLoop {
    private final Deque<Runnable> queue = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::dueMillis).thenComparingLong(Timer::order));
    private long nowMillis = 1_000_000;
    private long order;

    @Override
    public void after(long millis, Runnable action) {
        timers.add(new Timer(nowMillis + millis, order++, action));
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

    /** Runs what is queued, and what that queues. */
    void run() {
        while (!queue.isEmpty()) {
            queue.remove().run();
        }
    }

    /** Lets time go by, and everything happen that is due meanwhile. */
    void pass(long millis) {
        long until = nowMillis + millis;
        run();
        while (!timers.isEmpty() && timers.element().dueMillis() <= until) {
            Timer timer = timers.remove();
            nowMillis = timer.dueMillis();
            timer.action().run();
            run();
        }
        nowMillis = until;
    }

    private record Timer(long dueMillis, long order, Runnable action) {}
}
