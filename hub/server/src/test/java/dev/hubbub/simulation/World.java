package dev.hubbub.simulation;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Random;

/** Time, chance and the order of things: everything happens in one thread, and again the same for the same seed. */
final class World {
    private static final int REMEMBERED = 60;

    final Random random;
    private final PriorityQueue<Happening> queue =
            new PriorityQueue<>(Comparator.comparingLong(Happening::atMillis).thenComparingLong(Happening::order));
    private final Deque<String> trace = new ArrayDeque<>();
    private long nowMillis = 1_000_000;
    private long order;
    private long digest;

    World(long seed) {
        this.random = new Random(seed);
    }

    long now() {
        return nowMillis;
    }

    void after(long millis, Runnable action) {
        queue.add(new Happening(nowMillis + Math.max(0, millis), order++, action));
    }

    long between(int low, int high) {
        return (long) low + random.nextInt(high - low + 1);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Remembers what happened, for who looks at a failure; part of what makes two runs the same. */
    void note(String what) {
        String line = nowMillis + " " + what;
        digest = digest * 31 + line.hashCode();
        trace.addLast(line);
        if (trace.size() > REMEMBERED) {
            trace.removeFirst();
        }
    }

    String trace() {
        return String.join("\n", trace);
    }

    long digest() {
        return digest;
    }

    void run(long millis) {
        long until = nowMillis + millis;
        while (!queue.isEmpty() && queue.element().atMillis() <= until) {
            Happening next = queue.remove();
            nowMillis = next.atMillis();
            next.action().run();
        }
        nowMillis = until;
    }

    Clock clock() {
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

    private record Happening(long atMillis, long order, Runnable action) {}
}
