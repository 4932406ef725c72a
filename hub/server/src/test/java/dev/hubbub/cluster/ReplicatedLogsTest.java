package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.partition.impl.InternalPartitionServiceImpl;
import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import dev.hubbub.FreePorts;
import dev.hubbub.config.ClusterConfig;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.HubException;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.Append;
import dev.hubbub.replay.AppendResult;
import dev.hubbub.replay.LogCommand;
import dev.hubbub.replay.LogPolicy;
import dev.hubbub.replay.ReadFrom;
import dev.hubbub.replay.ReadLimits;
import dev.hubbub.replay.ReadResult;
import dev.hubbub.replay.ReplayLog;
import dev.hubbub.replay.ReplayStore;
import dev.hubbub.replay.Turn;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of logs when the member that keeps them goes. */
class ReplicatedLogsTest {
    private static final LogPolicy LOG = new LogPolicy(DeliveryKind.LOG, 100, 100_000, 600_000, false);
    private static final ReadLimits ALL = new ReadLimits(1_000, 1_000_000);
    private static final List<Address> ADDRESSES = IntStream.range(0, 24)
            .mapToObj(number -> new Address("room:" + number))
            .toList();
    private static final long DEADLINE_SECONDS = 40;

    private final String cluster = "logs-" + UUID.randomUUID();
    private final List<HazelcastInstance> members = new ArrayList<>();
    private Vertx vertx;
    private int turns;

    @BeforeEach
    void begin() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void end() {
        members.forEach(member -> member.getLifecycleService().terminate());
        in(vertx.close());
    }

    private void start(int count, int backups, int minimumNodes) throws IOException {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ports.add(FreePorts.one());
        }
        List<String> join = ports.stream().map(port -> "127.0.0.1:" + port).toList();
        for (int port : ports) {
            ClusterConfig config = new ClusterConfig(true, cluster, port, join, backups, minimumNodes);
            members.add(Hazelcast.newHazelcastInstance(HazelcastSettings.of(config, "127.0.0.1", "")));
        }
        await(
                "all members",
                () -> members.stream()
                        .allMatch(member -> member.getCluster().getMembers().size() == count
                                && member.getPartitionService().isClusterSafe()));
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static <T> T in(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private ReplayStore storeOf(HazelcastInstance member) {
        return new HazelcastReplayStore(vertx, member, 1 << 20);
    }

    private Turn turn() {
        return new Turn("ASKER", "E" + ++turns, 1_000_000 + turns);
    }

    private static Append event(Address address, String id) {
        EventContent content = new EventContent(
                id,
                Optional.of("said"),
                "r",
                Optional.of("r"),
                EventContent.NO_VERSION,
                0,
                id.hashCode(),
                Buffer.buffer("{\"id\":\"" + id + "\"}"));
        return new Append(address, LOG, content, id, Optional.empty(), "alice");
    }

    private AppendResult.Appended append(ReplayStore store, Address address, String id) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (true) {
            Future<List<AppendResult>> answer = outcome(store, address, id);
            if (answer.succeeded()) {
                assertThat(answer.result().get(0)).isInstanceOf(AppendResult.Appended.class);
                return (AppendResult.Appended) answer.result().get(0);
            }
            // Copies are being made anew, as they are after a kill.
            assertThat(System.nanoTime()).as("appended: " + answer.cause()).isLessThan(deadline);
        }
    }

    private Future<List<AppendResult>> outcome(ReplayStore store, Address address, String id) {
        Future<List<AppendResult>> answer = store.append(List.of(event(address, id)), turn());
        boolean ended = in(answer.transform(done -> Future.succeededFuture(true)));
        assertThat(ended).isTrue();
        return answer;
    }

    private Map<Address, List<Position>> fill(ReplayStore store) {
        Map<Address, List<Position>> places = new LinkedHashMap<>();
        for (Address address : ADDRESSES) {
            for (String id : List.of("a", "b", "c")) {
                places.computeIfAbsent(address, a -> new ArrayList<>())
                        .add(append(store, address, id).position().orElseThrow());
            }
        }
        return places;
    }

    private ReadResult.Events read(ReplayStore store, Address address, ReadFrom from) {
        ReadResult result = in(store.read(address, LOG, from, ALL, turn()));
        assertThat(result).as(address.value()).isInstanceOf(ReadResult.Events.class);
        return (ReadResult.Events) result;
    }

    private void assertAllThere(ReplayStore store, Map<Address, List<Position>> places) {
        places.forEach((address, positions) -> {
            ReadResult.Events read = read(store, address, new ReadFrom.Start());
            assertThat(read.events().stream().map(event -> event.position().orElseThrow()))
                    .as(address.value())
                    .isEqualTo(positions);
        });
    }

    private long keptBy(HazelcastInstance member) {
        return member.getMap(HazelcastSettings.LOGS).localKeySet().size();
    }

    @Test
    void afterAKillTheCopiesAreTheLogs() throws IOException {
        start(3, 1, 1);
        ReplayStore store = storeOf(members.get(0));
        Map<Address, List<Position>> places = fill(store);
        HazelcastInstance killed = members.get(2);
        assertThat(keptBy(killed)).as("logs of the member that is killed").isPositive();
        String gone = MemberIdentity.ownerOf(killed);

        killed.getLifecycleService().terminate();
        await("the others alone", () -> members.get(0).getCluster().getMembers().size() == 2);

        assertAllThere(store, places);
        places.forEach((address, positions) -> {
            Position last = positions.get(2);
            AppendResult.Appended retry = append(store, address, "c");
            assertThat(retry.duplicate()).isTrue();
            assertThat(retry.position()).contains(last);
            Position next = append(store, address, "d").position().orElseThrow();
            assertThat(next.offset()).isEqualTo(last.offset() + 1);
            assertThat(next.epoch()).isEqualTo(last.epoch());
            assertThat(next.term()).doesNotEndWith(gone);
            if (last.term().endsWith(gone)) {
                assertThat(next.term()).isNotEqualTo(last.term());
            }
            assertThat(read(store, address, new ReadFrom.After(positions.get(1)))
                            .events())
                    .hasSize(2);
        });
    }

    @Test
    void anAppendIsRefusedUntilItsLogHasAllItsCopiesAgain() throws IOException {
        start(3, 1, 1);
        ReplayStore store = storeOf(members.get(0));
        Map<Address, List<Position>> places = fill(store);
        // Those that the killed member owned are not served at all while nothing moves.
        List<Address> owned = places.keySet().stream()
                .filter(address -> !members.get(2)
                        .getMap(HazelcastSettings.LOGS)
                        .localKeySet()
                        .contains(address.value()))
                .toList();
        letCopiesMove(false);

        members.get(2).getLifecycleService().terminate();
        await("the others alone", () -> members.get(0).getCluster().getMembers().size() == 2);

        List<Address> refused = owned.stream()
                .filter(address -> outcome(store, address, "d").failed())
                .toList();
        assertThat(refused).as("logs that have lost a copy").isNotEmpty();
        refused.forEach(
                address -> assertThat(read(store, address, new ReadFrom.Start()).events())
                        .as("nothing was kept of what was refused")
                        .hasSize(3));

        letCopiesMove(true);
        refused.forEach(
                address -> assertThat(append(store, address, "d").duplicate()).isFalse());
    }

    private void letCopiesMove(boolean move) {
        for (HazelcastInstance member : members) {
            if (member.getLifecycleService().isRunning()) {
                InternalPartitionServiceImpl partitions = (InternalPartitionServiceImpl)
                        ((HazelcastInstanceProxy) member).getOriginal().node.getPartitionService();
                if (move) {
                    partitions.resumeMigration();
                } else {
                    partitions.pauseMigration();
                }
            }
        }
    }

    @Test
    void twoKillsAtOnceLoseNothingWithTwoCopies() throws IOException {
        start(3, 2, 1);
        Map<Address, List<Position>> places = fill(storeOf(members.get(1)));

        members.get(1).getLifecycleService().terminate();
        members.get(2).getLifecycleService().terminate();
        await("one alone", () -> members.get(0).getCluster().getMembers().size() == 1);

        assertAllThere(storeOf(members.get(0)), places);
    }

    @Test
    void aMemberThatLeavesHandsItsLogsOverEvenWithoutCopies() throws IOException {
        start(2, 0, 1);
        ReplayStore store = storeOf(members.get(0));
        Map<Address, List<Position>> places = fill(store);
        assertThat(keptBy(members.get(1))).isPositive();

        members.get(1).shutdown();

        assertAllThere(store, places);
        assertThat(keptBy(members.get(0))).isEqualTo(ADDRESSES.size());
    }

    @Test
    void tooFewMembersTakeNothing() throws IOException {
        start(2, 1, 2);
        ReplayStore store = storeOf(members.get(0));
        Map<Address, List<Position>> places = fill(store);
        members.get(1).getLifecycleService().terminate();
        await("one alone", () -> members.get(0).getCluster().getMembers().size() == 1);
        await(
                "a refusal",
                () -> store.append(List.of(event(ADDRESSES.get(0), "a")), turn())
                        .transform(done -> Future.succeededFuture(done.failed()))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join());

        for (Address address : places.keySet()) {
            assertThatThrownBy(() -> in(store.append(List.of(event(address, "d")), turn())))
                    .cause()
                    .isInstanceOfSatisfying(
                            HubException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        }
    }

    @Test
    void logsWithoutACopyAreCountedAsLostAndBeginAgain() throws IOException {
        start(2, 0, 1);
        LostPartitions lost = new LostPartitions(vertx);
        lost.watch(members.get(0));
        ReplayStore store = storeOf(members.get(0));
        Map<Address, List<Position>> places = fill(store);
        List<Address> gone = members.get(1).getMap(HazelcastSettings.LOGS).localKeySet().stream()
                .map(key -> new Address((String) key))
                .toList();
        assertThat(gone).isNotEmpty();
        assertThat(lost.total()).isZero();

        members.get(1).getLifecycleService().terminate();

        await("the loss", () -> lost.total() > 0);
        for (Address address : gone) {
            Position before = places.getOrDefault(address, List.of()).get(2);
            ReadResult read = in(store.read(address, LOG, new ReadFrom.After(before), ALL, turn()));
            assertThat(read)
                    .isInstanceOfSatisfying(
                            ReadResult.Lost.class,
                            told -> assertThat(told.reason()).isEqualTo(ReadResult.Reason.EPOCH));
        }
    }

    @Test
    void whatIsOursNeverTravelsAsAJavaObject() {
        Config config = HazelcastSettings.of(new ClusterConfig(true, cluster, 5701, List.of(), 1, 1), "127.0.0.1", "");
        LogCommand command = LogCommand.append(List.of(event(ADDRESSES.get(0), "a")), turn());
        ReplayLog log = command.run(null, "OWNER").log();
        InternalSerializationService serialization = new DefaultSerializationServiceBuilder()
                .setConfig(config.getSerializationConfig())
                .build();
        try {
            assertThat(serialization.toData(new LogProcessor(command)).getType())
                    .isEqualTo(new LogSerializers.OfProcessor().getTypeId());
            assertThat(serialization
                            .toData(new EffectProcessor(Buffer.buffer("x")))
                            .getType())
                    .isEqualTo(new LogSerializers.OfEffect().getTypeId());
            assertThat(serialization.toData(log).getType()).isEqualTo(new LogSerializers.OfLog().getTypeId());
        } finally {
            serialization.dispose();
        }
    }
}
