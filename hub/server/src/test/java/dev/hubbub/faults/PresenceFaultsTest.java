package dev.hubbub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.faults.Visitor.Heard;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rosters of a real cluster, whose nodes are really killed. */
class PresenceFaultsTest {
    private static final int ADDRESSES = 8;
    private static final long GRACE_MILLIS = 2_000;
    private static final List<String> ROOMS =
            IntStream.range(0, ADDRESSES).mapToObj(i -> "here:" + i).toList();

    private ClusterUnderTest cluster;

    private Visitor enter(int node, String user, boolean looks) {
        Visitor visitor = cluster.visit(node, user);
        cluster.doOnLoop(() -> ROOMS.forEach(room -> visitor.enter(room, looks)));
        cluster.await(user + " is in", 10_000, () -> visitor.isIn(ADDRESSES));
        if (looks) {
            cluster.await(user + " sees", 10_000, () -> visitor.hasRosters(ADDRESSES));
        }
        return visitor;
    }

    private void sees(Visitor looker, String user, int devices) {
        cluster.await(
                devices + " devices of " + user,
                10_000,
                () -> ROOMS.stream().allMatch(room -> looker.devicesOf(room, user) == devices));
    }

    private JsonObject roster(int node, String room) {
        return cluster.api(node, "/addresses/" + room + "/presence");
    }

    private boolean isInAnyRoster(int node, String user) {
        return ROOMS.stream()
                .anyMatch(room -> roster(node, room).getJsonArray("roster").stream()
                        .anyMatch(one -> ((JsonObject) one).getString("user").equals(user)));
    }

    @Test
    void aUserStandsOnceOverAllNodesAndAKilledNodeLeavesNoGhost() throws Exception {
        try (ClusterUnderTest started = ClusterUnderTest.start(ClusterPlan.onLoopback(3, 1, 2, "store: hazelcast"))) {
            cluster = started;
            Visitor alice = enter(0, "alice", true);
            twoDevicesOnTwoNodes(alice);
            backWithinTheGrace(alice);
            aKilledNode(alice);
            cluster.doOnLoop(alice::assertNothingWrong);
        }
    }

    private void twoDevicesOnTwoNodes(Visitor alice) {
        Visitor first = enter(1, "bob", false);
        sees(alice, "bob", 1);
        Visitor second = enter(2, "bob", false);
        sees(alice, "bob", 2);
        for (int node = 0; node < 3; node++) {
            JsonObject roster = roster(node, ROOMS.get(0));
            assertThat(roster.getInteger("users")).as(roster.encode()).isEqualTo(2);
            assertThat(roster.getInteger("devices")).as(roster.encode()).isEqualTo(3);
        }
        cluster.doOnLoop(second::hangUp);
        sees(alice, "bob", 1);
        List<String> told = types(alice, "bob", 0);
        System.out.println("two devices on two nodes: one address was told " + told + " of bob");
        assertThat(told).containsExactly("join", "update", "update");
        cluster.doOnLoop(first::hangUp);
        sees(alice, "bob", 0);
    }

    private List<String> types(Visitor looker, String user, int room) {
        return cluster.onLoop(() -> looker.heardOf(user).stream()
                .filter(heard -> heard.address().equals(ROOMS.get(room)))
                .map(Heard::type)
                .toList());
    }

    private void backWithinTheGrace(Visitor alice) {
        Visitor carol = enter(1, "carol", false);
        sees(alice, "carol", 1);
        cluster.doOnLoop(carol::hangUp);
        cluster.await("carol is out", 5_000, () -> true);
        while (isInAnyRoster(0, "carol")) {
            ClusterUnderTest.pause(20);
        }
        Visitor again = enter(2, "carol", false);
        ClusterUnderTest.pause(GRACE_MILLIS + 500);
        System.out.println("back within the grace on another node: told " + types(alice, "carol", 0) + " of carol");
        assertThat(types(alice, "carol", 0)).containsExactly("join");
        assertThat(cluster.onLoop(() -> alice.devicesOf(ROOMS.get(0), "carol"))).isEqualTo(1);
        cluster.doOnLoop(again::hangUp);
    }

    private void aKilledNode(Visitor alice) throws Exception {
        Visitor dave = enter(2, "dave", false);
        sees(alice, "dave", 1);
        cluster.doOnLoop(() -> dave.set(ROOMS.get(0), new JsonObject().put("typing", true), "2s"));
        cluster.await("dave types", 5_000, () -> alice.stateOf(ROOMS.get(0), "dave") != null);
        long signal = System.nanoTime();
        cluster.node(2).kill();
        long killed = System.nanoTime();
        long detected = 0;
        long out = 0;
        while (detected == 0 || out == 0) {
            if (detected == 0 && nodes(0) == 2 && nodes(1) == 2) {
                detected = System.nanoTime();
            }
            if (out == 0 && !isInAnyRoster(0, "dave") && !isInAnyRoster(1, "dave")) {
                out = System.nanoTime();
            }
            assertThat(millis(killed, System.nanoTime())).isLessThan(30_000);
        }
        sees(alice, "dave", 0);
        List<Heard> told = cluster.onLoop(() -> alice.heardOf("dave"));
        long over = told.stream()
                .filter(one -> one.type().equals("update") && one.state() == null)
                .mapToLong(Heard::atNanos)
                .findFirst()
                .orElse(0);
        long left = told.stream()
                .filter(one -> one.type().equals("leave"))
                .mapToLong(Heard::atNanos)
                .max()
                .orElseThrow();
        System.out.println("killed node: detected after " + millis(killed, detected) + " ms, users out of every answer"
                + " after " + millis(killed, out) + " ms, last leave told after " + millis(killed, left)
                + " ms, typing over " + millis(signal, over) + " ms after the signal was seen");
        assertThat(millis(detected, out)).isLessThan(1_000);
        assertThat(millis(killed, left)).isGreaterThan(GRACE_MILLIS - 100);
        assertThat(millis(detected, left)).isLessThan(GRACE_MILLIS + 1_000);
        assertThat(millis(signal, over)).isBetween(1_500L, 2_500L);

        cluster.node(2).restart();
        cluster.awaitReady();
        assertThat(isInAnyRoster(2, "dave")).isFalse();
        Visitor erin = enter(2, "erin", false);
        sees(alice, "erin", 1);
        for (int node = 0; node < 3; node++) {
            assertThat(isInAnyRoster(node, "dave"))
                    .as("a ghost on node %d", node)
                    .isFalse();
            assertThat(roster(node, ROOMS.get(0)).getInteger("users")).isEqualTo(2);
        }
        assertThat(cluster.onLoop(() -> alice.devicesOf(ROOMS.get(0), "dave"))).isZero();
        cluster.doOnLoop(erin::assertNothingWrong);
    }

    private int nodes(int node) {
        return cluster.ops(node, "/health/ready")
                .getJsonObject("details")
                .getJsonObject("cluster")
                .getInteger("nodes");
    }

    private static long millis(long fromNanos, long toNanos) {
        return (toNanos - fromNanos) / 1_000_000;
    }

    @Test
    @Tag("long")
    void fiveThousandJoinsInFiveSecondsOnOneAddress() throws Exception {
        int joins = 5_000;
        int lookers = 100;
        try (ClusterUnderTest started = ClusterUnderTest.start(ClusterPlan.onLoopback(3, 1, 2, "store: hazelcast"))) {
            cluster = started;
            List<Visitor> all = new ArrayList<>();
            for (int i = 0; i < joins; i += 50) {
                List<Future<Visitor>> some = new ArrayList<>();
                for (int k = i; k < i + 50; k++) {
                    some.add(cluster.visiting(k % 3, "user" + k));
                }
                all.addAll(ClusterUnderTest.get(Future.all(some)).<Visitor>list());
            }
            List<Visitor> looking = all.subList(0, lookers);
            cluster.doOnLoop(() -> looking.forEach(one -> one.enter("here:0", true)));
            cluster.await("everybody looks", 10_000, () -> looking.stream().allMatch(one -> one.hasRosters(1)));
            long begin = System.nanoTime();
            int joined = lookers;
            while (joined < joins) {
                int due = (int) Math.min(joins, lookers + (joins - lookers) * millis(begin, System.nanoTime()) / 5_000);
                List<Visitor> next = all.subList(joined, due);
                cluster.doOnLoop(() -> next.forEach(one -> one.enter("here:0", false)));
                joined = due;
                ClusterUnderTest.pause(20);
            }
            long took = millis(begin, System.nanoTime());
            ClusterUnderTest.pause(3_000);
            int most = cluster.onLoop(() -> looking.stream()
                    .mapToInt(Visitor::mostFramesInASecond)
                    .max()
                    .orElse(0));
            int frames = cluster.onLoop(
                    () -> looking.stream().mapToInt(Visitor::frames).max().orElse(0));
            List<Integer> counts = new ArrayList<>();
            for (int node = 0; node < 3; node++) {
                counts.add(roster(node, "here:0").getInteger("users"));
            }
            System.out.println(joins + " joins in " + took + " ms: at most " + most
                    + " presence frames in a second for any of " + lookers + " subscribers, at most " + frames
                    + " in all; 3 s later the nodes count " + counts);
            assertThat(counts).containsOnly(joins);
            assertThat(most).isLessThanOrEqualTo(20);
            assertThat(cluster.onLoop(() ->
                            looking.stream().map(Visitor::users).distinct().toList()))
                    .containsExactly(joins);
            cluster.doOnLoop(() -> looking.forEach(Visitor::assertNothingWrong));
        }
    }
}
