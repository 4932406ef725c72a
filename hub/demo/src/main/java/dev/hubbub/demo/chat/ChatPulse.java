package dev.hubbub.demo.chat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** How much is being written: all of it, and in the last minute (counted up to {@value #COUNTED}). */
final class ChatPulse {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int COUNTED = 10_000;

    private final Deque<Instant> recent = new ArrayDeque<>();
    private long total;

    void wrote(Instant now) {
        total++;
        recent.addLast(now);
        if (recent.size() > COUNTED) {
            recent.removeFirst();
        }
    }

    long total() {
        return total;
    }

    int lastMinute(Instant now) {
        Instant from = now.minus(MINUTE);
        while (!recent.isEmpty() && recent.peekFirst().isBefore(from)) {
            recent.removeFirst();
        }
        return recent.size();
    }
}
