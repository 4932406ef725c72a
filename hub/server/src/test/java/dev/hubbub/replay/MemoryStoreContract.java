package dev.hubbub.replay;

import static dev.hubbub.replay.Events.LATEST;
import static dev.hubbub.replay.Events.LOG;
import static dev.hubbub.replay.Events.ROOM;
import static dev.hubbub.replay.Events.append;
import static dev.hubbub.replay.Events.content;
import static dev.hubbub.replay.Events.events;
import static dev.hubbub.replay.Events.ids;
import static dev.hubbub.replay.Events.lost;
import static dev.hubbub.replay.Events.place;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.Position;
import org.junit.jupiter.api.Test;

/** What stores promise beside, that keep all kinds and know only the owner's clock. */
public abstract class MemoryStoreContract extends ReplayStoreContract {

    /** Sweeps until every log was looked at. */
    protected void sweepAll(Replay.AddressFilter inUse) {
        sweep(store(), inUse);
    }

    /** Lets a store sweep once. */
    protected final void sweep(ReplayStore store, Replay.AddressFilter inUse) {
        end(store.sweep(inUse, turn()));
    }

    @Test
    void aLogThatTurnsIntoLatestKeepsItsNewestValuesAndItsPositions() {
        Position first = place(answerTo(append(ROOM, LOG, content("a1", "a", -1, "x"))));
        say(append(ROOM, LOG, content("a2", "a", -1, "y")));
        assertThat(ids(read(LATEST, new ReadFrom.After(first)))).containsExactly("a2");
    }

    @Test
    void aLogInUseIsNeverDroppedAndAnIdleOneBeginsANewEpoch() {
        Position first = place(answerTo(LOG, "a"));
        pass(10 * LOG.maxAgeMillis() + 1);
        sweepAll(address -> true);
        assertThat(events(after(first)).events()).isEmpty();
        pass(10 * LOG.maxAgeMillis() + 1);
        sweepAll(address -> false);
        assertThat(lost(after(first)).reason()).isEqualTo(ReadResult.Reason.EPOCH);
        Position second = place(answerTo(LOG, "b"));
        assertThat(second.offset()).isEqualTo(1);
        assertThat(second.epoch()).isNotEqualTo(first.epoch());
    }
}
