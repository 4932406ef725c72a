package dev.hubbub.replay;

import static dev.hubbub.replay.Events.LOG;
import static dev.hubbub.replay.Events.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.bus.Ownership;
import dev.hubbub.bus.PartialBus;
import dev.hubbub.bus.TestOwnership;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.replay.LinkBatch.Head;
import dev.hubbub.replay.OwnerQuestion.Wanted;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an owner tells who listens: of a slow store, and of an address that moves while an event is appended to it. */
class ReplayOwnerTest {
    private static final Address OTHER = new Address("room:43");

    private final ManualLoop loop = new ManualLoop();
    private final SlowStore store = new SlowStore();
    private final Map<String, ReplayOwner> nodes = new HashMap<>();
    private final List<LinkBatch> heard = new ArrayList<>();
    private final List<OwnerQuestion> passed = new ArrayList<>();
    private UnaryOperator<String> ownerFor = node -> "old";

    @BeforeEach
    void begin() {
        nodes.put("old", node("old", "OLDOLDOLDOLDOLDO"));
        nodes.put("new", node("new", "NEWNEWNEWNEWNEWN"));
        listenAt("old");
    }

    private ReplayOwner node(String name, String id) {
        return new ReplayOwner(
                new DirectBus(),
                store,
                new TestOwnership(name, Set.of("old", "new"), () -> ownerFor.apply(name)),
                loop,
                () -> id,
                ReplayEvidence.unseen());
    }

    private ReplayOwner at(String name) {
        return Optional.ofNullable(nodes.get(name)).orElseThrow();
    }

    private void listenAt(String name) {
        List<Wanted> wanted = List.of(new Wanted(ROOM, LOG), new Wanted(OTHER, LOG));
        Future<Object> answer = at(name).answer(new OwnerQuestion.Listen("listener", wanted));
        loop.run();
        assertThat(answer.succeeded()).isTrue();
    }

    private void moveAndListenThere() {
        ownerFor = node -> "new";
        nodes.values().forEach(node -> node.changed(new Ownership.Change(Set.of())));
        listenAt("new");
    }

    private List<String> idsHeard() {
        return heard.stream()
                .flatMap(batch -> batch.deliveries().stream())
                .flatMap(delivery -> delivery.events().stream())
                .map(event -> event.content().id())
                .toList();
    }

    private List<Head> heads() {
        return heard.stream().flatMap(batch -> batch.heads().stream()).toList();
    }

    private static Append append(Address address, LogPolicy policy, String id) {
        return Events.append(address, policy, Events.content(id, "r", EventContent.NO_VERSION, "said"));
    }

    @Test
    void anAddressIsHeardOfBeforeASlowerOneOfTheSameQuestion() {
        Future<Object> both = at("old")
                .answer(new OwnerQuestion.AppendEvents(
                        List.of(append(ROOM, LOG, "a"), append(OTHER, LOG, "x"), append(ROOM, LOG, "b"))));

        store.letThrough();
        loop.run();
        assertThat(idsHeard()).containsExactly("a", "b");
        assertThat(both.isComplete()).isFalse();

        store.letThrough();
        loop.run();
        assertThat(idsHeard()).containsExactly("a", "b", "x");
        assertThat(both.succeeded()).isTrue();
        assertThat(((OwnerAnswer.Results) both.result()).all())
                .extracting(result -> Events.appended(result).id())
                .containsExactly("a", "x", "b");
    }

    @Test
    void whereOneAddressFailsTheOthersOfTheQuestionAreHeardOf() {
        Future<Object> both = at("old")
                .answer(new OwnerQuestion.AppendEvents(List.of(append(ROOM, LOG, "a"), append(OTHER, LOG, "x"))));

        store.failAfterDoing();
        store.letThrough();
        loop.run();

        assertThat(both.failed()).isTrue();
        assertThat(idsHeard()).containsExactly("x");
    }

    @Test
    void withTooManyEventsUnderWayMoreAreRefusedAndSignalsPass() {
        List<Append> most = Collections.nCopies(ReplayOwner.MOST_UNDER_WAY, append(ROOM, LOG, "a"));
        Future<Object> first = at("old").answer(new OwnerQuestion.AppendEvents(most));
        List<Append> more = List.of(append(OTHER, LOG, "x"));

        assertThat(at("old").answer(new OwnerQuestion.AppendEvents(more)).failed())
                .isTrue();
        Future<Object> signal =
                at("old").answer(new OwnerQuestion.AppendEvents(List.of(append(OTHER, Events.SIGNAL, "s"))));
        store.letThrough();
        store.letThrough();
        assertThat(first.succeeded()).isTrue();
        assertThat(signal.succeeded()).isTrue();

        Future<Object> again = at("old").answer(new OwnerQuestion.AppendEvents(more));
        store.letThrough();
        assertThat(again.succeeded()).isTrue();
    }

    @Test
    void itsEventIsToldByTheNodeToWhichItMoved() {
        Future<Object> appended = at("old").answer(new OwnerQuestion.AppendEvents(List.of(Events.append(LOG, "a"))));
        moveAndListenThere();
        assertThat(heads()).isEmpty();

        store.letThrough();
        loop.run();

        assertThat(appended.succeeded()).isTrue();
        assertThat(heads()).extracting(head -> head.position().offset()).containsExactly(1L);
        assertThat(heard.get(heard.size() - 1).owner()).isEqualTo("new");
    }

    @Test
    void anEventOfWhichNobodyKnowsWhetherItWasAppendedIsLookedForThereToo() {
        Future<Object> appended = at("old").answer(new OwnerQuestion.AppendEvents(List.of(Events.append(LOG, "a"))));
        moveAndListenThere();

        store.failAfterDoing();
        loop.run();

        assertThat(appended.failed()).isTrue();
        assertThat(heads()).extracting(head -> head.position().offset()).containsExactly(1L);
    }

    @Test
    void twoNodesThatTakeEachOtherForTheOwnerPassADoubtOnOnceABeat() {
        ownerFor = node -> node.equals("old") ? "new" : "old";
        Future<Object> told = at("old").answer(new OwnerQuestion.LookAgain(new Wanted(ROOM, LOG)));
        assertThat(told.succeeded()).isTrue();
        loop.run();
        assertThat(passed).isEmpty();

        at("old").beat();
        loop.run();
        assertThat(passed).hasSize(1);
    }

    /** Leads to the two nodes, and to the one that listens. */
    private final class DirectBus extends PartialBus {
        @Override
        public void tell(Reach reach, String inbox, Object message) {
            if (message instanceof LinkBatch batch) {
                heard.add(batch);
            } else if (message instanceof OwnerQuestion question) {
                passed.add(question);
                assertThat(passed).as("what goes to and fro").hasSizeLessThan(10);
                String node = inbox.substring(inbox.lastIndexOf('.') + 1);
                loop.soon(
                        () -> assertThat(at(node).answer(question).succeeded()).isTrue());
            }
        }
    }
}
