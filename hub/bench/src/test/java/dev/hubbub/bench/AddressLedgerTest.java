package dev.hubbub.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.bench.DeliveryLedger.Faults;
import org.junit.jupiter.api.Test;

class AddressLedgerTest {
    private final AddressLedger ledger = new AddressLedger(2, 4);

    @Test
    void everySubscriberIsOwedTheEventsOfItsOwnAddress() {
        assertThat(ledger.send(0)).isEqualTo(1);

        assertThat(ledger.receive(0, 1)).isTrue();
        assertThat(ledger.settled()).isFalse();
        assertThat(ledger.receive(2, 1)).isTrue();

        assertThat(ledger.settled()).isTrue();
        assertThat(ledger.received()).isEqualTo(2);
        assertThat(ledger.faults().none()).isTrue();
    }

    @Test
    void whatNeverCameIsLost() {
        assertThat(ledger.send(1)).isEqualTo(1);
        assertThat(ledger.send(1)).isEqualTo(2);
        assertThat(ledger.receive(1, 1)).isTrue();
        assertThat(ledger.receive(1, 2)).isTrue();
        assertThat(ledger.receive(3, 2)).isTrue();

        assertThat(ledger.faults()).isEqualTo(new Faults(1, 0, 0, 0));
    }

    @Test
    void whatComesLateIsOutOfOrderAndNotLost() {
        assertThat(ledger.send(0)).isEqualTo(1);
        assertThat(ledger.send(0)).isEqualTo(2);
        for (int subscriber : new int[] {0, 2}) {
            assertThat(ledger.receive(subscriber, 2)).isTrue();
            assertThat(ledger.receive(subscriber, 1)).isFalse();
        }

        assertThat(ledger.faults()).isEqualTo(new Faults(0, 0, 2, 0));
    }

    @Test
    void whatComesTwiceIsDoubled() {
        assertThat(ledger.send(0)).isEqualTo(1);
        assertThat(ledger.receive(0, 1)).isTrue();
        assertThat(ledger.receive(2, 1)).isTrue();

        assertThat(ledger.receive(0, 1)).isFalse();
        assertThat(ledger.faults()).isEqualTo(new Faults(0, 1, 0, 0));
    }

    @Test
    void aNumberThatWasNeverGivenOutIsDamage() {
        assertThat(ledger.receive(0, 1)).isFalse();

        assertThat(ledger.faults().damaged()).isEqualTo(1);
    }
}
