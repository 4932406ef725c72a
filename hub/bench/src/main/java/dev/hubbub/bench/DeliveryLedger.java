package dev.hubbub.bench;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Counts what every subscriber got against what was sent: nothing lost, nothing doubled, order kept.
 *
 * <p>Events are numbered 1, 2, 3… within a slot (a publisher). Two things are held against each subscriber: that the
 * numbers of a slot rise by one, and that events of different slots come in the order in which they were first received
 * by anybody, as everybody must see one order. The second is compared for the last 4,096 events of each slot; where the
 * very first subscriber to be served lost an event, it may count a few others as out of order besides the loss. Owned
 * by the generator's thread.
 */
final class DeliveryLedger {

    private static final int ORDER_WINDOW = 1 << 12;
    private static final int UNKNOWN = 0;
    private static final int MAX_MISSING = 1 << 20;

    private final int subscribers;
    private final int slots;
    private final long[] sent;
    private final long[] next;
    private final long[] newest;
    private final long[] ranks;
    private final long[] reached;
    private long lastRank = UNKNOWN;
    private final Set<Event> missing = new HashSet<>();
    private long missingBeyond;
    private long received;
    private long doubled;
    private long outOfOrder;
    private long unknown;

    /** One event owed to one subscriber. */
    private record Event(int subscriber, int slot, long sequence) {}

    DeliveryLedger(int subscribers, int slots) {
        this.subscribers = subscribers;
        this.slots = slots;
        this.sent = new long[slots];
        this.next = new long[subscribers * slots];
        Arrays.fill(next, 1);
        this.newest = new long[slots];
        this.ranks = new long[slots * ORDER_WINDOW];
        this.reached = new long[subscribers];
    }

    /** Numbers the next event of a slot and owes it to every subscriber. */
    long send(int slot) {
        return ++sent[slot];
    }

    /**
     * Books one delivery.
     *
     * @return whether it was owed; false for a double or an event that was never sent
     */
    boolean receive(int subscriber, int slot, long sequence) {
        if (slot >= slots || sequence < 1 || sequence > sent[slot]) {
            unknown++;
            return false;
        }
        int cell = subscriber * slots + slot;
        long expected = next[cell];
        if (sequence < expected) {
            return receiveLate(subscriber, slot, sequence);
        }
        if (sequence > expected) {
            skip(subscriber, slot, expected, sequence);
        }
        next[cell] = sequence + 1;
        received++;
        compareOrder(subscriber, slot, sequence);
        return true;
    }

    private boolean receiveLate(int subscriber, int slot, long sequence) {
        if (!missing.remove(new Event(subscriber, slot, sequence))) {
            doubled++;
            return false;
        }
        outOfOrder++;
        received++;
        return true;
    }

    private void skip(int subscriber, int slot, long from, long to) {
        for (long sequence = from; sequence < to; sequence++) {
            if (missing.size() < MAX_MISSING) {
                missing.add(new Event(subscriber, slot, sequence));
            } else {
                missingBeyond++;
            }
        }
    }

    private void compareOrder(int subscriber, int slot, long sequence) {
        for (long event = Math.max(newest[slot] + 1, sequence - ORDER_WINDOW + 1); event < sequence; event++) {
            ranks[rankCell(slot, event)] = UNKNOWN;
        }
        if (sequence > newest[slot]) {
            newest[slot] = sequence;
            ranks[rankCell(slot, sequence)] = ++lastRank;
        }
        long rank = ranks[rankCell(slot, sequence)];
        if (rank == UNKNOWN || newest[slot] - sequence >= ORDER_WINDOW) {
            return;
        }
        if (rank < reached[subscriber]) {
            outOfOrder++;
        } else {
            reached[subscriber] = rank;
        }
    }

    private static int rankCell(int slot, long sequence) {
        return slot * ORDER_WINDOW + (int) (sequence % ORDER_WINDOW);
    }

    /** Events sent, over all slots. */
    long sent() {
        return Arrays.stream(sent).sum();
    }

    /** Deliveries owed so far. */
    long owed() {
        return sent() * subscribers;
    }

    /** Deliveries that were owed and came. */
    long received() {
        return received;
    }

    /** Whether everything owed has come. */
    boolean settled() {
        return received == owed();
    }

    /** What has been found so far; what has not come yet counts as lost. */
    Faults faults() {
        long lost = missing.size() + missingBeyond;
        for (int cell = 0; cell < next.length; cell++) {
            lost += sent[cell % slots] + 1 - next[cell];
        }
        return new Faults(lost, doubled, outOfOrder, unknown);
    }

    /**
     * What went wrong with deliveries.
     *
     * @param lost owed and never received
     * @param doubled received again
     * @param outOfOrder received, but not in its place
     * @param damaged not what was sent: a number that was never given out, or a body that is not the same
     */
    record Faults(long lost, long doubled, long outOfOrder, long damaged) {

        /** Whether nothing went wrong. */
        boolean none() {
            return lost == 0 && doubled == 0 && outOfOrder == 0 && damaged == 0;
        }

        /** The same with more damaged bodies. */
        Faults withDamaged(long more) {
            return new Faults(lost, doubled, outOfOrder, damaged + more);
        }
    }
}
