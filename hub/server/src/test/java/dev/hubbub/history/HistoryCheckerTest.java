package dev.hubbub.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.history.Anomaly.Kind;
import dev.hubbub.history.History.Client;
import dev.hubbub.history.History.Entry;
import dev.hubbub.history.History.Log;
import dev.hubbub.history.History.Publish;
import dev.hubbub.history.History.Sight;
import dev.hubbub.protocol.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The checker finds each kind of anomaly in the smallest history that has it, and nothing where there is none. */
class HistoryCheckerTest {
    private static final String ROOM = "room:1";

    private final List<Publish> publishes = new ArrayList<>();
    private final List<Sight> sights = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private boolean logsMayBeLost;
    private boolean eventsMayBeTrimmed;
    private Position head = at(0);

    private static Position at(long offset) {
        return new Position("E1", "1-A", offset);
    }

    private void published(String id, long offset, long sent, long answered) {
        publishes.add(new Publish(id, ROOM, sent, answered, Optional.of(at(offset)), false));
    }

    private void logged(String... ids) {
        for (String id : ids) {
            head = at(entries.size() + 1L);
            entries.add(new Entry(head, id));
        }
    }

    private void saw(long offset, String id) {
        sights.add(new Sight.Event(at(offset), id));
    }

    private List<Kind> found() {
        History history = new History(
                publishes,
                sights.isEmpty() ? List.of() : List.of(new Client("c", ROOM, sights, true)),
                List.of(new Log("n1", ROOM, entries, head)));
        return new HistoryChecker(history, logsMayBeLost, eventsMayBeTrimmed)
                .check().stream().map(Anomaly::kind).distinct().toList();
    }

    @Test
    void aHistoryInWhichAllIsWellHasNone() {
        published("a", 1, 0, 10);
        published("b", 2, 20, 30);
        publishes.add(new Publish("c", ROOM, 40, 50, Optional.empty(), false));
        logged("a", "b", "c");
        sights.add(new Sight.Begun(at(0)));
        saw(1, "a");
        saw(2, "b");
        saw(3, "c");
        assertThat(found()).isEmpty();
    }

    @Test
    void anAcknowledgedEventThatIsNotThereIsLost() {
        published("a", 1, 0, 10);
        published("b", 2, 20, 30);
        logged("a");
        assertThat(found()).contains(Kind.LOST);
    }

    @Test
    void anAcknowledgedEventWhoseLogNobodyHasIsLost() {
        published("a", 1, 0, 10);
        History history = new History(publishes, List.of(), List.of());
        assertThat(new HistoryChecker(history, false).check())
                .extracting(Anomaly::kind)
                .containsExactly(Kind.LOST);
        assertThat(new HistoryChecker(history, true).check()).isEmpty();
    }

    @Test
    void aFirstEventThatIsMissingIsLostUnlessEventsMayBeTrimmed() {
        published("a", 1, 0, 10);
        head = at(2);
        entries.add(new Entry(head, "b"));
        assertThat(found()).containsExactly(Kind.LOST);
        eventsMayBeTrimmed = true;
        assertThat(found()).isEmpty();
    }

    @Test
    void anEventThatWasAcknowledgedAtTwoPlacesDiverges() {
        published("a", 1, 0, 10);
        published("a", 2, 20, 30);
        logged("a", "b");
        assertThat(found()).contains(Kind.DIVERGENT);
    }

    @Test
    void aClientThatIsToldOfALossWhileTheLogHasItsPlaceWasToldWrongly() {
        logged("a", "b");
        saw(1, "a");
        saw(2, "b");
        sights.add(new Sight.Lost("diverged", at(1)));
        saw(2, "b");
        assertThat(found()).containsExactly(Kind.FALSE_LOSS);
    }

    @Test
    void aClientThatIsGivenOneEventAtTwoPlacesGotItTwice() {
        logged("a", "b");
        saw(1, "a");
        saw(2, "a");
        assertThat(found()).contains(Kind.CLIENT_REPEAT);
    }

    @Test
    void aLogThatBeganAnewHasLostWhatWasAcknowledged() {
        publishes.add(new Publish("a", ROOM, 0, 1, Optional.of(new Position("E0", "1-A", 1)), false));
        logged("b");
        assertThat(found()).containsExactly(Kind.LOST);
        logsMayBeLost = true;
        assertThat(found()).isEmpty();
    }

    @Test
    void oneEventTwiceInTheLogIsADuplicate() {
        logged("a", "a");
        assertThat(found()).containsExactly(Kind.DUPLICATE_LOG);
    }

    @Test
    void twoEventsAtOnePositionAreADivergence() {
        logged("a");
        sights.add(new Sight.Begun(at(0)));
        saw(1, "b");
        assertThat(found()).contains(Kind.DIVERGENT);
    }

    @Test
    void twoNodesWithTwoLogsAreADivergence() {
        History history = new History(
                List.of(),
                List.of(),
                List.of(
                        new Log("n1", ROOM, List.of(new Entry(at(1), "a")), at(1)),
                        new Log("n2", ROOM, List.of(), at(0))));
        assertThat(new HistoryChecker(history, false).check())
                .extracting(Anomaly::kind)
                .containsExactly(Kind.DIVERGENT);
    }

    @Test
    void aMissingOffsetIsAHole() {
        entries.add(new Entry(at(1), "a"));
        entries.add(new Entry(at(3), "c"));
        head = at(3);
        assertThat(found()).containsExactly(Kind.HOLE);
    }

    @Test
    void oneOffsetAcknowledgedForTwoEventsIsReused() {
        logged("a");
        published("a", 1, 0, 10);
        publishes.add(new Publish("b", ROOM, 0, 10, Optional.of(new Position("E1", "2-B", 1)), false));
        assertThat(found()).contains(Kind.OFFSET_REUSE);
    }

    @Test
    void whatWasAnsweredBeforeAnotherWasSentStandsBeforeIt() {
        published("b", 2, 0, 10);
        published("a", 1, 20, 30);
        logged("a", "b");
        assertThat(found()).containsExactly(Kind.REAL_TIME);
    }

    @Test
    void publishesThatOverlapMayStandInAnyOrder() {
        published("b", 2, 0, 25);
        published("a", 1, 20, 30);
        logged("a", "b");
        assertThat(found()).isEmpty();
    }

    @Test
    void anEventLeftOutIsASkip() {
        logged("a", "b");
        sights.add(new Sight.Begun(at(0)));
        saw(2, "b");
        assertThat(found()).containsExactly(Kind.CLIENT_SKIP);
    }

    @Test
    void anEventLeftOutAfterAWordAboutItIsNone() {
        logged("a", "b");
        sights.add(new Sight.Begun(at(0)));
        sights.add(new Sight.Lost("retention", at(1)));
        saw(2, "b");
        assertThat(found()).isEmpty();
    }

    @Test
    void anotherEpochWithoutAWordIsASkip() {
        logged("a");
        sights.add(new Sight.Begun(new Position("E0", "1-A", 7)));
        saw(1, "a");
        assertThat(found()).containsExactly(Kind.CLIENT_SKIP);
    }

    @Test
    void anEventGivenTwiceIsARepeat() {
        logged("a");
        sights.add(new Sight.Begun(at(0)));
        saw(1, "a");
        saw(1, "a");
        assertThat(found()).containsExactly(Kind.CLIENT_REPEAT);
    }

    @Test
    void anEarlierEventAfterALaterOneIsDisorder() {
        logged("a", "b");
        sights.add(new Sight.Begun(at(0)));
        saw(1, "a");
        saw(2, "b");
        saw(1, "a");
        assertThat(found()).contains(Kind.CLIENT_DISORDER);
    }

    @Test
    void anEventThatTheLogDoesNotHaveIsAPhantom() {
        entries.add(new Entry(new Position("E1", "2-B", 1), "b"));
        head = new Position("E1", "2-B", 1);
        sights.add(new Sight.Begun(at(0)));
        saw(1, "a");
        assertThat(found()).containsExactly(Kind.CLIENT_PHANTOM);
    }

    @Test
    void whoStandsBehindTheHeadAtTheEndIsStale() {
        logged("a", "b");
        sights.add(new Sight.Begun(at(0)));
        saw(1, "a");
        assertThat(found()).containsExactly(Kind.SILENT_STALE);
    }
}
