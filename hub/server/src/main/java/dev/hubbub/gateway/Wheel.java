package dev.hubbub.gateway;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One timer for all the sockets of a loop: visits each when its time has come, to the second.
 *
 * <p>A hashed wheel: a socket knows the second of its next visit, and entries of other seconds are skipped. A socket
 * that is over leaves an empty entry behind, and nothing of what it held. Confined to its loop.
 */
final class Wheel {

    /** Farthest visit ahead, in seconds; what is later is visited in between. */
    static final int SLOTS = 64;

    /** Something to be visited. */
    abstract static class Timed {
        private long dueSecond = -1;
        private final Entry entry = new Entry(this);

        /**
         * Looks after itself.
         *
         * @return when to come again, in milliseconds since 1970; {@link Long#MAX_VALUE} for never
         */
        abstract long visit(long nowMillis);
    }

    /** What stands in the slots for a socket. */
    private static final class Entry {
        private @Nullable Timed timed;

        Entry(Timed timed) {
            this.timed = timed;
        }
    }

    private final List<List<Entry>> slots = new ArrayList<>(SLOTS);
    private long second;

    Wheel(long nowMillis) {
        second = nowMillis / 1_000;
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new ArrayList<>());
        }
    }

    /** Asks for a visit at a time, unless an earlier one is due anyway. */
    void visitAt(Timed timed, long millis) {
        long wanted = Math.max(second + 1, Math.min((millis + 999) / 1_000, second + SLOTS - 1));
        if (timed.entry.timed == null || (timed.dueSecond > second && timed.dueSecond <= wanted)) {
            return;
        }
        timed.dueSecond = wanted;
        slots.get((int) (wanted % SLOTS)).add(timed.entry);
    }

    /** Never visits it again, and lets go of it. */
    void forget(Timed timed) {
        timed.entry.timed = null;
    }

    /** Visits everything that is due; called about once a second. */
    void advance(long nowMillis) {
        long until = nowMillis / 1_000;
        // After a long pause each slot is looked at once.
        second = Math.max(second, until - SLOTS);
        while (second < until) {
            second++;
            int slot = (int) (second % SLOTS);
            List<Entry> due = slots.set(slot, new ArrayList<>(0));
            for (Entry entry : due) {
                Timed timed = entry.timed;
                if (timed != null) {
                    visit(timed, nowMillis);
                }
            }
        }
    }

    private void visit(Timed timed, long nowMillis) {
        if (timed.dueSecond > second) {
            return;
        }
        long next = timed.visit(nowMillis);
        if (next != Long.MAX_VALUE) {
            visitAt(timed, Math.min(next, nowMillis + (SLOTS - 1) * 1_000L));
        } else {
            timed.dueSecond = Long.MAX_VALUE;
        }
    }
}
