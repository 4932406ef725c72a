package dev.hubbub.replay;

import static dev.hubbub.replay.Events.LOG;
import static dev.hubbub.replay.Events.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.Ownership;
import dev.hubbub.bus.TestOwnership;
import dev.hubbub.replay.LinkBatch.Head;
import dev.hubbub.replay.OwnerQuestion.Wanted;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An address that moves to another node while an event is appended to it: who listens hears of the event all the same.
 */
class MovingAddressTest {
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
        Future<Object> answer = at(name).answer(new OwnerQuestion.Listen("listener", List.of(new Wanted(ROOM, LOG))));
        loop.run();
        assertThat(answer.succeeded()).isTrue();
    }

    private void moveAndListenThere() {
        ownerFor = node -> "new";
        nodes.values().forEach(node -> node.changed(new Ownership.Change(Set.of())));
        listenAt("new");
    }

    private List<Head> heads() {
        return heard.stream().flatMap(batch -> batch.heads().stream()).toList();
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
    private final class DirectBus implements Bus {
        @Override
        public <T> Future<Inbox> listen(Reach reach, String inbox, Class<T> type, Consumer<T> handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <Q, A> Future<Inbox> answer(Reach reach, String inbox, Class<Q> type, Function<Q, Future<A>> handler) {
            throw new UnsupportedOperationException();
        }

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

        @Override
        public <A> Future<A> ask(Reach reach, String inbox, Object question) {
            throw new UnsupportedOperationException();
        }
    }
}
