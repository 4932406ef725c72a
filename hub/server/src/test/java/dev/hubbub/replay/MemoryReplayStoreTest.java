package dev.hubbub.replay;

import static dev.hubbub.replay.Events.LOG;
import static dev.hubbub.replay.Events.ROOM;
import static dev.hubbub.replay.Events.append;
import static dev.hubbub.replay.Events.content;
import static dev.hubbub.replay.Events.lost;
import static dev.hubbub.replay.Events.place;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.Position;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryReplayStoreTest extends MemoryStoreContract {
    private static final ReadLimits ALL = new ReadLimits(1_000, 1_000_000);

    @Override
    protected ReplayStore emptyStore() {
        return new MemoryReplayStore(64 << 20);
    }

    @Test
    void theBudgetHoldsWhateverIsPublished() {
        MemoryReplayStore store = new MemoryReplayStore(200_000);
        for (int i = 0; i < 20_000; i++) {
            Address address = new Address("room:" + i % 97);
            store.append(List.of(append(address, LOG, content("e" + i, "r", -1, "x".repeat(50)))), turn(i))
                    .result();
            assertThat(store.memoryBytes()).isLessThanOrEqualTo(200_000);
        }
        assertThat(store.logs()).isEqualTo(97);
    }

    @Test
    void overTheBudgetTheBiggestLogIsEmptiedAndItsEpochStays() {
        MemoryReplayStore store = new MemoryReplayStore(30_000);
        Address quiet = new Address("room:quiet");
        store.append(List.of(append(quiet, LOG, content("q", "r", -1, "x"))), turn(1))
                .result();
        Position first =
                place(store.append(List.of(append(LOG, "e0")), turn(1)).result().get(0));
        for (int i = 1; i < 100; i++) {
            store.append(List.of(append(LOG, "e" + i)), turn(1)).result();
        }
        ReadResult old =
                store.read(ROOM, LOG, new ReadFrom.After(first), ALL, turn(1)).result();
        assertThat(lost(old).reason()).isEqualTo(ReadResult.Reason.RETENTION);
        assertThat(lost(old).head().epoch()).isEqualTo(first.epoch());
        assertThat(lost(old).head().offset()).isEqualTo(100);
        assertThat(store.info(quiet).result().orElseThrow().events()).isEqualTo(1);
    }

    @Test
    void addressesThatWereOnlyLookedAtGoWhenMemoryGetsScarce() {
        MemoryReplayStore store = new MemoryReplayStore(100_000);
        for (int i = 0; i < 1_000; i++) {
            store.attached(new Address("room:" + i), LOG, turn(1)).result();
            store.sweep(address -> false, turn(1)).result();
            assertThat(store.memoryBytes()).isLessThanOrEqualTo(100_000);
        }
    }

    @Test
    void oneSweepLooksAtABoundedNumberOfLogs() {
        MemoryReplayStore store = new MemoryReplayStore(64 << 20);
        for (int i = 0; i < MemoryReplayStore.LOGS_PER_SWEEP + 10; i++) {
            store.attached(new Address("room:" + i), LOG, turn(1)).result();
        }
        long later = 1 + DedupeWindow.MIN_MILLIS + 1;
        store.sweep(address -> false, turn(later)).result();
        assertThat(store.logs()).isEqualTo(10);
        store.sweep(address -> false, turn(later)).result();
        assertThat(store.logs()).isZero();
        assertThat(store.memoryBytes()).isZero();
    }

    private static Turn turn(long nowMillis) {
        return new Turn("A1", "E" + nowMillis, nowMillis);
    }
}
