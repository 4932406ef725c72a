package dev.hubbub.replay;

import static dev.hubbub.replay.Events.LOG;
import static dev.hubbub.replay.Events.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.Ownership;
import dev.hubbub.protocol.Address;
import dev.hubbub.replay.LinkBatch.Head;
import dev.hubbub.replay.OwnerQuestion.Wanted;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
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
    private String ownerNow = "old";

    @BeforeEach
    void begin() {
        nodes.put("old", node("old", "OLDOLDOLDOLDOLDO"));
        nodes.put("new", node("new", "NEWNEWNEWNEWNEWN"));
        listenAt("old");
    }

    private ReplayOwner node(String name, String id) {
        return new ReplayOwner(
                new DirectBus(), store, new MovingOwnership(name), loop, () -> id, ReplayEvidence.unseen());
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
        ownerNow = "new";
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

        store.append.complete();
        loop.run();

        assertThat(appended.succeeded()).isTrue();
        assertThat(heads()).extracting(head -> head.position().offset()).containsExactly(1L);
        assertThat(heard.get(heard.size() - 1).owner()).isEqualTo("new");
    }

    @Test
    void anEventOfWhichNobodyKnowsWhetherItWasAppendedIsLookedForThereToo() {
        Future<Object> appended = at("old").answer(new OwnerQuestion.AppendEvents(List.of(Events.append(LOG, "a"))));
        moveAndListenThere();

        store.loseAnswer = true;
        store.append.complete();
        loop.run();

        assertThat(appended.failed()).isTrue();
        assertThat(heads()).extracting(head -> head.position().offset()).containsExactly(1L);
    }

    /** Appends when it is told to. */
    private static final class SlowStore implements ReplayStore {
        private final MemoryReplayStore store = new MemoryReplayStore(1_000_000);
        private final Promise<Void> append = Promise.promise();
        private boolean loseAnswer;

        @Override
        public Future<List<AppendResult>> append(List<Append> events, Turn turn) {
            return append.future()
                    .compose(now -> store.append(events, turn))
                    .compose(done -> loseAnswer ? Future.failedFuture("no answer") : Future.succeededFuture(done));
        }

        @Override
        public Future<Attached> attached(Address address, LogPolicy policy, Turn turn) {
            return store.attached(address, policy, turn);
        }

        @Override
        public Future<ReadResult> read(Address address, LogPolicy policy, ReadFrom from, ReadLimits limits, Turn turn) {
            return store.read(address, policy, from, limits, turn);
        }

        @Override
        public Future<Optional<LogInfo>> info(Address address) {
            return store.info(address);
        }

        @Override
        public Future<List<LogInfo>> list(String prefix, Optional<String> after, int limit) {
            return store.list(prefix, after, limit);
        }

        @Override
        public Future<Void> sweep(Replay.AddressFilter inUse, Turn turn) {
            return store.sweep(inUse, turn);
        }
    }

    private final class MovingOwnership implements Ownership {
        private final String node;

        private MovingOwnership(String node) {
            this.node = node;
        }

        @Override
        public String node() {
            return node;
        }

        @Override
        public Set<String> nodes() {
            return Set.of("old", "new");
        }

        @Override
        public String ownerOf(Address address) {
            return ownerNow;
        }

        @Override
        public boolean isServing() {
            return true;
        }

        @Override
        public long view() {
            return 1;
        }

        @Override
        public void onChange(Consumer<Change> listener) {
            // The test says when.
        }
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
