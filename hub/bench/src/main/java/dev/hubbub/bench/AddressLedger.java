package dev.hubbub.bench;

import dev.hubbub.bench.DeliveryLedger.Faults;
import java.util.Arrays;

/**
 * Counts what every subscriber got of its own address: nothing lost, nothing doubled, nothing of others, order kept.
 *
 * <p>Subscriber {@code i} listens to address {@code i % addresses}, whose events are numbered from 1 and come from one
 * publisher. An event that was passed over counts as lost; one that comes after all counts as out of order besides.
 * Owned by the generator's thread.
 */
final class AddressLedger {
    private final int addresses;
    private final long[] sent;
    private final long[] next;
    private long received;
    private long passedOver;
    private long late;
    private long doubled;
    private long damaged;

    AddressLedger(int addresses, int subscribers) {
        this.addresses = addresses;
        this.sent = new long[addresses];
        this.next = new long[subscribers];
        Arrays.fill(next, 1);
    }

    /** Numbers the next event of an address and owes it to every subscriber of it. */
    long send(int address) {
        return ++sent[address];
    }

    /** The address of a subscriber. */
    int addressOf(int subscriber) {
        return subscriber % addresses;
    }

    /** Books one delivery; false for one that was not owed now. */
    boolean receive(int subscriber, long sequence) {
        long expected = next[subscriber];
        if (sequence < 1 || sequence > sent[addressOf(subscriber)]) {
            damaged++;
            return false;
        }
        if (sequence < expected) {
            // Which of the two it is cannot be told without remembering every gap; with a gap open it is the event.
            if (passedOver > late) {
                late++;
            } else {
                doubled++;
            }
            return false;
        }
        passedOver += sequence - expected;
        next[subscriber] = sequence + 1;
        received++;
        return true;
    }

    /** Books a body that is not the one that was sent. */
    void damaged() {
        damaged++;
    }

    /** Deliveries that were owed and came in order. */
    long received() {
        return received;
    }

    /** Whether everybody has the newest event of its address. */
    boolean settled() {
        for (int i = 0; i < next.length; i++) {
            if (next[i] <= sent[addressOf(i)]) {
                return false;
            }
        }
        return true;
    }

    /** What has been found so far; what has not come yet counts as lost. */
    Faults faults() {
        long lost = passedOver - late;
        for (int i = 0; i < next.length; i++) {
            lost += sent[addressOf(i)] + 1 - next[i];
        }
        return new Faults(lost, doubled, late, damaged);
    }
}
