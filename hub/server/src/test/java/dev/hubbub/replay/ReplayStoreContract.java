package dev.hubbub.replay;

import static dev.hubbub.replay.Events.LATEST;
import static dev.hubbub.replay.Events.LOG;
import static dev.hubbub.replay.Events.RISING;
import static dev.hubbub.replay.Events.ROOM;
import static dev.hubbub.replay.Events.SIGNAL;
import static dev.hubbub.replay.Events.append;
import static dev.hubbub.replay.Events.appended;
import static dev.hubbub.replay.Events.content;
import static dev.hubbub.replay.Events.events;
import static dev.hubbub.replay.Events.ids;
import static dev.hubbub.replay.Events.keep;
import static dev.hubbub.replay.Events.lost;
import static dev.hubbub.replay.Events.place;
import static dev.hubbub.replay.Events.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.Position;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store promises; a store's own test class makes one and inherits these. */
public abstract class ReplayStoreContract {
    private static final ReadLimits ALL = new ReadLimits(1_000, 1_000_000);

    private ReplayStore store;
    private String owner = "A1";
    private long nowMillis = 1_000_000;
    private int turns;

    /** Makes an empty store. */
    protected abstract ReplayStore emptyStore() throws Exception;

    /** Tells whether a term's owner is who asks; else it is who keeps the log. */
    protected boolean ownerIsWhoAsks() {
        return true;
    }

    /** Returns the store of this test. */
    protected ReplayStore store() {
        return store;
    }

    /** Lists what every node's store lists, as who asks all nodes does. */
    protected List<LogInfo> list(String prefix, Optional<String> after, int limit) {
        return done(store.list(prefix, after, limit));
    }

    /** Lets the owner's time go by. */
    protected void pass(long millis) {
        nowMillis += millis;
    }

    @BeforeEach
    void startEmpty() throws Exception {
        owner = "A1";
        nowMillis = 1_000_000;
        turns = 0;
        store = emptyStore();
    }

    Turn turn() {
        return new Turn(owner, "E" + ++turns, nowMillis);
    }

    /** Waits for an answer. */
    protected static <T> T done(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the store did not answer", e);
        }
    }

    static void end(Future<?> future) {
        var unused = done(future);
    }

    AppendResult answerTo(LogPolicy policy, String id) {
        return answerTo(append(policy, id));
    }

    AppendResult answerTo(Append wish) {
        return done(store.append(List.of(wish), turn())).get(0);
    }

    private AppendResult answerToVersion(String id, String resource, long version) {
        return answerTo(append(ROOM, RISING, content(id, resource, version, "payload of " + id)));
    }

    void say(LogPolicy policy, String id) {
        say(append(policy, id));
    }

    void say(Append wish) {
        assertThat(answerTo(wish)).isInstanceOf(AppendResult.Appended.class);
    }

    private void sayVersion(String id, String resource, long version) {
        assertThat(answerToVersion(id, resource, version)).isInstanceOf(AppendResult.Appended.class);
    }

    private void sayLatest(String id, String resource) {
        assertThat(answerToLatest(id, resource)).isInstanceOf(AppendResult.Appended.class);
    }

    ReadResult read(LogPolicy policy, ReadFrom from) {
        return done(store.read(ROOM, policy, from, ALL, turn()));
    }

    ReadResult after(Position position) {
        return read(LOG, new ReadFrom.After(position));
    }

    @Test
    void offsetsCountFromOneWithinOneEpoch() {
        List<AppendResult> results =
                done(store.append(List.of(append(LOG, "a"), append(LOG, "b"), append(LOG, "c")), turn()));
        assertThat(results).extracting(r -> place(r).offset()).containsExactly(1L, 2L, 3L);
        assertThat(results).extracting(r -> place(r).epoch()).containsOnly("E1");
        assertThat(results).extracting(r -> place(r).term()).allMatch(term -> term.startsWith("1-"));
        assertThat(results)
                .extracting(r -> place(r).term())
                .containsOnly(place(results.get(0)).term());
        assertThat(results).extracting(r -> appended(r).duplicate()).containsOnly(false);
    }

    @Test
    void theSameKeyWithTheSamePayloadGivesTheFirstAnswerAgain() {
        AppendResult first = answerTo(LOG, "a");
        say(LOG, "b");
        owner = "B1";
        AppendResult again = answerTo(LOG, "a");
        assertThat(place(again)).isEqualTo(place(first));
        assertThat(appended(again).duplicate()).isTrue();
        assertThat(ids(read(LOG, new ReadFrom.Start()))).containsExactly("a", "b");
    }

    @Test
    void aRetryInTheSameBatchIsRecognised() {
        List<AppendResult> results = done(store.append(List.of(append(LOG, "a"), append(LOG, "a")), turn()));
        assertThat(results).extracting(r -> appended(r).duplicate()).containsExactly(false, true);
        assertThat(place(results.get(0))).isEqualTo(place(results.get(1)));
    }

    @Test
    void theSameKeyWithAnotherPayloadIsRefused() {
        say(LOG, "a");
        AppendResult other = answerTo(append(LOG, "a", "something else"));
        assertThat(refused(other).why().code()).isEqualTo(ErrorCode.BAD_EVENT);
        assertThat(ids(read(LOG, new ReadFrom.Start()))).containsExactly("a");
    }

    @Test
    void anIdempotencyKeyMakesARetryWithAFreshIdTheSameEvent() {
        EventContent first = content("id-1", "r", -1, "same");
        EventContent second = content("id-2", "r", -1, "same");
        say(new Append(ROOM, LOG, first, "key", Optional.empty(), "svc"));
        AppendResult again = answerTo(new Append(ROOM, LOG, second, "key", Optional.empty(), "svc"));
        assertThat(appended(again).id()).isEqualTo("id-1");
        assertThat(appended(again).duplicate()).isTrue();
    }

    @Test
    void anEventIdIsOneEventUnderAnyIdempotencyKey() {
        EventContent event = content("id-1", "r", -1, "same");
        AppendResult first = answerTo(new Append(ROOM, LOG, event, "key-1", Optional.empty(), "svc"));
        AppendResult again = answerTo(new Append(ROOM, LOG, event, "key-2", Optional.empty(), "svc"));
        assertThat(place(again)).isEqualTo(place(first));
        assertThat(appended(again).duplicate()).isTrue();
    }

    @Test
    void aKeyIsRememberedTenMinutesAfterItsEventWasTrimmed() {
        LogPolicy one = keep(1, 100_000, 60_000);
        say(one, "a");
        say(one, "b");
        nowMillis += DedupeWindow.MIN_MILLIS - 1;
        assertThat(appended(answerTo(one, "a")).duplicate()).isTrue();
        nowMillis += 1;
        assertThat(appended(answerTo(one, "a")).duplicate()).isFalse();
    }

    @Test
    void anotherOwnerContinuesTheOffsetsInANewTerm() {
        Position first = place(answerTo(LOG, "a"));
        owner = "B1";
        Position second = place(answerTo(LOG, "b"));
        assertThat(second.epoch()).isEqualTo(first.epoch());
        assertThat(second.offset()).isEqualTo(2);
        assumeTrue(ownerIsWhoAsks());
        assertThat(second.term()).startsWith("2-").isNotEqualTo(first.term());
        assertThat(ids(after(first))).containsExactly("b");
    }

    @Test
    void aPositionIsGoodForGoingOnFromEveryKindOfRead() {
        Position empty = events(read(LOG, new ReadFrom.Recent(10))).position();
        assertThat(empty.offset()).isZero();
        say(LOG, "a");
        say(LOG, "b");
        assertThat(ids(after(empty))).containsExactly("a", "b");
        Position found =
                events(read(LOG, new ReadFrom.Search("nothing has this"))).position();
        Position recent = events(read(LOG, new ReadFrom.Recent(1))).position();
        Position head = events(after(recent)).position();
        say(LOG, "c");
        assertThat(ids(after(found))).containsExactly("c");
        assertThat(ids(after(recent))).containsExactly("c");
        assertThat(ids(after(head))).containsExactly("c");
    }

    @Test
    void theHeadThatAnAttachGivesIsGoodForGoingOnFromAnEmptyLog() {
        Position head = done(store.attached(ROOM, LOG, turn())).head();
        owner = "B1";
        say(LOG, "a");
        assertThat(ids(after(head))).containsExactly("a");
    }

    @Test
    void aForeignEpochIsLost() {
        say(LOG, "a");
        ReadResult.Lost lost = lost(after(new Position("other", "1-A1", 1)));
        assertThat(lost.reason()).isEqualTo(ReadResult.Reason.EPOCH);
        assertThat(events(after(lost.head())).events()).isEmpty();
    }

    @Test
    void whatTheClientSawAndTheLogDoesNotHaveIsDiverged() {
        Position first = place(answerTo(LOG, "a"));
        owner = "B1";
        Position second = place(answerTo(LOG, "b"));
        String epoch = first.epoch();
        assertThat(lost(after(new Position(epoch, second.term(), 3))).reason()).isEqualTo(ReadResult.Reason.DIVERGED);
        assertThat(lost(after(new Position(epoch, "2-C1", 2))).reason()).isEqualTo(ReadResult.Reason.DIVERGED);
        assumeTrue(ownerIsWhoAsks());
        assertThat(lost(after(new Position(epoch, first.term(), 2))).reason()).isEqualTo(ReadResult.Reason.DIVERGED);
    }

    @Test
    void trimmedEventsAreLostByRetentionButOnlyToWhoMissedThem() {
        LogPolicy two = keep(2, 100_000, 60_000);
        Position first = place(answerTo(two, "a"));
        Position second = place(answerTo(two, "b"));
        say(two, "c");
        say(two, "d");
        assertThat(lost(after(first)).reason()).isEqualTo(ReadResult.Reason.RETENTION);
        assertThat(ids(after(second))).containsExactly("c", "d");
    }

    @Test
    void bytesBoundTheLog() {
        Append event = append(LOG, "a");
        LogPolicy two = keep(100, event.content().json().length() * 2L, 60_000);
        for (String id : List.of("a", "b", "c")) {
            say(two, id);
        }
        assertThat(ids(read(two, new ReadFrom.Start()))).containsExactly("b", "c");
    }

    @Test
    void anEventAboveAllThatItsAddressKeepsIsRefused() {
        assertThat(refused(answerTo(keep(100, 10, 60_000), "a")).why().code()).isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void eventsGoWhenTheyAreTooOldAndTheEpochStays() {
        Position first = place(answerTo(LOG, "a"));
        nowMillis += LOG.maxAgeMillis();
        assertThat(ids(read(LOG, new ReadFrom.Start()))).containsExactly("a");
        nowMillis += 1;
        assertThat(ids(read(LOG, new ReadFrom.Start()))).isEmpty();
        assertThat(events(after(first)).events()).isEmpty();
        assertThat(place(answerTo(LOG, "b"))).isEqualTo(new Position(first.epoch(), first.term(), 2));
    }

    @Test
    void aReadThatLimitsCutGoesOnWhereItEnded() {
        for (String id : List.of("a", "b", "c")) {
            say(LOG, id);
        }
        ReadLimits two = new ReadLimits(2, 1_000_000);
        ReadResult.Events page = events(done(store.read(ROOM, LOG, new ReadFrom.Start(), two, turn())));
        assertThat(ids(page)).containsExactly("a", "b");
        assertThat(page.more()).isTrue();
        ReadResult.Events rest = events(after(page.position()));
        assertThat(ids(rest)).containsExactly("c");
        assertThat(rest.more()).isFalse();
    }

    @Test
    void aReadGivesAtLeastOneEventWhateverItsSize() {
        say(LOG, "a");
        say(LOG, "b");
        ReadLimits tiny = new ReadLimits(10, 1);
        assertThat(ids(done(store.read(ROOM, LOG, new ReadFrom.Start(), tiny, turn()))))
                .containsExactly("a");
        assertThat(ids(done(store.read(ROOM, LOG, new ReadFrom.Recent(10), tiny, turn()))))
                .containsExactly("b");
    }

    @Test
    void recentGivesTheNewestOldestFirst() {
        for (String id : List.of("a", "b", "c")) {
            say(LOG, id);
        }
        assertThat(ids(read(LOG, new ReadFrom.Recent(2)))).containsExactly("b", "c");
        assertThat(ids(read(LOG, new ReadFrom.Recent(0)))).isEmpty();
    }

    @Test
    void searchIgnoresCaseInsideAndOutsideAscii() {
        say(append(LOG, "a", "Hello World"));
        say(append(LOG, "b", "ÜBER uns"));
        say(append(LOG, "c", "hello again"));
        assertThat(ids(read(LOG, new ReadFrom.Search("HELLO")))).containsExactly("a", "c");
        assertThat(ids(read(LOG, new ReadFrom.Search("über")))).containsExactly("b");
        assertThat(ids(read(LOG, new ReadFrom.Search("o w")))).containsExactly("a");
    }

    @Test
    void aVersionThatDoesNotRiseIsRefusedWithTheCurrentOne() {
        sayVersion("a", "node-7", 5);
        AppendResult stale = answerToVersion("b", "node-7", 5);
        assertThat(refused(stale).why().code()).isEqualTo(ErrorCode.STALE_VERSION);
        assertThat(refused(stale).why().details().getLong("currentVersion")).isEqualTo(5);
        assertThat(refused(stale).why().details().getString("resourceId")).isEqualTo("node-7");
        assertThat(appended(answerToVersion("b", "node-7", 6)).duplicate()).isFalse();
        assertThat(appended(answerToVersion("c", "node-8", 1)).duplicate()).isFalse();
    }

    @Test
    void versionsAreComparedToTheLastDigit() {
        long large = 1L << 53;
        sayVersion("a", "node-7", large);
        sayVersion("b", "node-7", large + 1);
        AppendResult stale = answerToVersion("c", "node-7", large + 1);
        assertThat(refused(stale).why().code()).isEqualTo(ErrorCode.STALE_VERSION);
        assertThat(refused(stale).why().details().getLong("currentVersion")).isEqualTo(large + 1);
        sayVersion("d", "node-7", Long.MAX_VALUE);
        sayVersion("e", "node-8", 9);
        sayVersion("f", "node-8", 10);
        assertThat(refused(answerToVersion("g", "node-8", 9)).why().code()).isEqualTo(ErrorCode.STALE_VERSION);
    }

    @Test
    void aRetryOfAnAcceptedVersionIsADuplicateNotStale() {
        sayVersion("a", "node-7", 5);
        sayVersion("b", "node-7", 6);
        assertThat(appended(answerToVersion("a", "node-7", 5)).duplicate()).isTrue();
    }

    @Test
    void latestKeepsTheNewestEventOfEachResource() {
        sayLatest("a1", "a");
        sayLatest("b1", "b");
        sayLatest("a2", "a");
        Attached attached = done(store.attached(ROOM, LATEST, turn()));
        assertThat(ids(attached.current())).containsExactly("b1", "a2");
        assertThat(attached.head().offset()).isEqualTo(3);
        assertThat(ids(read(LATEST, new ReadFrom.Recent(1)))).containsExactly("a2");
    }

    @Test
    void latestGivesTheNewestValuesToWhoWasAwayAndLosesNoPosition() {
        Position first = place(answerToLatest("a1", "a"));
        sayLatest("b1", "b");
        sayLatest("a2", "a");
        Position third = events(read(LATEST, new ReadFrom.Start())).position();
        assertThat(ids(read(LATEST, new ReadFrom.After(first)))).containsExactly("b1", "a2");
        assertThat(ids(read(LATEST, new ReadFrom.After(third)))).isEmpty();
        assertThat(ids(read(LATEST, new ReadFrom.After(new Position("other", "1-X", 9)))))
                .containsExactly("b1", "a2");
        assertThat(ids(read(LATEST, new ReadFrom.After(new Position(first.epoch(), "1-A1", 9)))))
                .containsExactly("b1", "a2");
    }

    @Test
    void latestRecognisesARetryOfAReplacedValue() {
        Position first = place(answerToLatest("a1", "a"));
        sayLatest("a2", "a");
        AppendResult again = answerToLatest("a1", "a");
        assertThat(place(again)).isEqualTo(first);
        assertThat(ids(read(LATEST, new ReadFrom.Start()))).containsExactly("a2");
    }

    private AppendResult answerToLatest(String id, String resource) {
        return answerTo(append(ROOM, LATEST, content(id, resource, -1, "payload of " + id)));
    }

    @Test
    void signalIsAcceptedAndKeptNowhere() {
        AppendResult result = answerTo(SIGNAL, "a");
        assertThat(appended(result).position()).isEmpty();
        assertThat(appended(answerTo(SIGNAL, "a")).duplicate()).isFalse();
        Position head = done(store.attached(ROOM, SIGNAL, turn())).head();
        assertThat(ids(read(SIGNAL, new ReadFrom.Start()))).isEmpty();
        assertThat(ids(read(SIGNAL, new ReadFrom.After(head)))).isEmpty();
        assertThat(done(store.info(ROOM))).isEmpty();
    }

    @Test
    void infoCountsWhatIsRetained() {
        assertThat(done(store.info(ROOM))).isEmpty();
        Position first = place(answerTo(LOG, "a"));
        Position last = place(answerTo(LOG, "b"));
        LogInfo info = done(store.info(ROOM)).orElseThrow();
        assertThat(info.events()).isEqualTo(2);
        assertThat(info.first()).contains(first);
        assertThat(info.last()).contains(last);
        assertThat(info.types()).containsExactlyEntriesOf(Map.of("said", 2));
        assertThat(info.bytes())
                .isEqualTo(2L * append(LOG, "a").content().json().length());
    }

    @Test
    void askingAboutALogThatIsAbsentDoesNotBeginIt() {
        assertThat(done(store.info(ROOM))).isEmpty();
        assertThat(done(store.info(ROOM))).isEmpty();
        assertThat(list("room:", Optional.empty(), 10)).isEmpty();
    }

    @Test
    void listGivesTheLowestWantedAddresses() {
        for (String name : List.of("c", "a", "d", "b")) {
            Address address = new Address("room:" + name);
            end(store.append(List.of(append(address, LOG, content("1", "r", -1, "x"))), turn()));
        }
        List<LogInfo> infos = list("room:", Optional.of("room:a"), 2);
        assertThat(infos).extracting(i -> i.address().value()).containsExactly("room:b", "room:c");
    }
}
