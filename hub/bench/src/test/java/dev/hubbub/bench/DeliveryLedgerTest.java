package dev.hubbub.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.bench.DeliveryLedger.Faults;
import org.junit.jupiter.api.Test;

class DeliveryLedgerTest {

    private final DeliveryLedger ledger = new DeliveryLedger(2, 2);

    @Test
    void everythingOnceInOrderIsFaultless() {
        send(0, 2);
        send(1, 1);

        deliver(0, 0, 1, 2);
        deliver(0, 1, 1);
        deliver(1, 0, 1, 2);
        assertThat(ledger.settled()).isFalse();
        deliver(1, 1, 1);

        assertThat(ledger.settled()).isTrue();
        assertThat(ledger.received()).isEqualTo(6);
        assertThat(ledger.faults()).isEqualTo(new Faults(0, 0, 0, 0));
    }

    @Test
    void aHoleIsALoss() {
        send(0, 5);

        deliver(0, 0, 1, 2, 5);
        deliver(1, 0, 1, 2, 3, 4, 5);

        assertThat(ledger.faults()).isEqualTo(new Faults(2, 0, 0, 0));
        assertThat(ledger.settled()).isFalse();
    }

    @Test
    void aMissingTailIsALoss() {
        send(0, 3);

        deliver(0, 0, 1, 2, 3);
        deliver(1, 0, 1);

        assertThat(ledger.faults()).isEqualTo(new Faults(2, 0, 0, 0));
    }

    @Test
    void aSubscriberThatHeardNothingLostEverything() {
        send(0, 4);

        deliver(0, 0, 1, 2, 3, 4);

        assertThat(ledger.faults()).isEqualTo(new Faults(4, 0, 0, 0));
    }

    @Test
    void aSecondCopyIsADoubleAndIsNotCountedAsReceived() {
        send(0, 2);

        deliver(0, 0, 1, 2);
        deliver(1, 0, 1, 2);
        assertThat(ledger.receive(1, 0, 2)).isFalse();
        assertThat(ledger.receive(1, 0, 1)).isFalse();

        assertThat(ledger.received()).isEqualTo(4);
        assertThat(ledger.faults()).isEqualTo(new Faults(0, 2, 0, 0));
    }

    @Test
    void aLateEventIsOutOfOrderAndNotLost() {
        send(0, 3);

        deliver(0, 0, 1, 2, 3);
        deliver(1, 0, 1, 3, 2);

        assertThat(ledger.faults()).isEqualTo(new Faults(0, 0, 1, 0));
        assertThat(ledger.settled()).isTrue();
    }

    @Test
    void aLateEventThatComesTwiceIsADouble() {
        send(0, 3);

        deliver(0, 0, 1, 2, 3);
        deliver(1, 0, 1, 3, 2);
        assertThat(ledger.receive(1, 0, 2)).isFalse();

        assertThat(ledger.faults()).isEqualTo(new Faults(0, 1, 1, 0));
    }

    @Test
    void publishersInAnotherOrderForOneSubscriberAreOutOfOrder() {
        send(0, 1);
        send(1, 1);

        deliver(0, 0, 1);
        deliver(0, 1, 1);
        deliver(1, 1, 1);
        deliver(1, 0, 1);

        assertThat(ledger.faults()).isEqualTo(new Faults(0, 0, 1, 0));
    }

    @Test
    void aLossDoesNotMakeTheRestLookOutOfOrder() {
        send(0, 100);
        send(1, 100);

        for (long sequence = 1; sequence <= 100; sequence++) {
            deliver(0, 0, sequence);
            deliver(0, 1, sequence);
            if (sequence != 50) {
                deliver(1, 0, sequence);
            }
            deliver(1, 1, sequence);
        }

        assertThat(ledger.faults()).isEqualTo(new Faults(1, 0, 0, 0));
    }

    @Test
    void whatWasNeverSentIsDamaged() {
        send(0, 1);

        assertThat(ledger.receive(0, 0, 2)).isFalse();
        assertThat(ledger.receive(0, 0, 0)).isFalse();
        assertThat(ledger.receive(0, 9, 1)).isFalse();

        assertThat(ledger.faults()).isEqualTo(new Faults(2, 0, 0, 3));
    }

    @Test
    void orderIsComparedFarBeyondTheWindow() {
        int events = 200_000;
        for (long sequence = 1; sequence <= events; sequence++) {
            send(0, 1);
            deliver(0, 0, sequence);
            deliver(1, 0, sequence);
        }

        assertThat(ledger.settled()).isTrue();
        assertThat(ledger.faults().none()).isTrue();
    }

    private void send(int slot, int events) {
        for (int i = 0; i < events; i++) {
            assertThat(ledger.send(slot)).isPositive();
        }
    }

    private void deliver(int subscriber, int slot, long... sequences) {
        for (long sequence : sequences) {
            assertThat(ledger.receive(subscriber, slot, sequence))
                    .as("event %d", sequence)
                    .isTrue();
        }
    }
}
