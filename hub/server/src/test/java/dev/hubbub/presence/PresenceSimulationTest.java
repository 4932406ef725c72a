package dev.hubbub.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.presence.SimulatedCluster.Node;
import dev.hubbub.protocol.Address;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Nodes that come, die and lose messages while addresses move: everybody must end with what is true. */
class PresenceSimulationTest {
    private static final int SEEDS = Integer.getInteger("hub.presence.seeds", 150);
    private static final long GRACE = 5_000;
    private static final List<Address> ADDRESSES = List.of(new Address("room:1"), new Address("room:2"));
    private static final PresencePolicy POLICY = new PresencePolicy(GRACE, Optional.empty());

    /** A device that really is there. */
    private record There(String node, Address address, String user) {}

    private SimulatedCluster cluster = new SimulatedCluster(0, ADDRESSES);
    private Map<String, There> truth = new TreeMap<>();
    private int connections;

    private void begin(long seed) {
        cluster = new SimulatedCluster(seed, ADDRESSES);
        truth = new TreeMap<>();
        connections = 0;
        for (int i = 0; i < 3; i++) {
            Node node = cluster.start();
            ADDRESSES.forEach(address -> node.look(address, GRACE));
        }
        cluster.run(2_000);
    }

    private String enter(Node node, Address address, String user) {
        String connection = "c" + ++connections;
        node.say(new LocalMessage.Enter(address, POLICY, connection, user, "{}"));
        truth.put(connection, new There(node.name, address, user));
        return connection;
    }

    private void leave(String connection) {
        There there = Objects.requireNonNull(truth.remove(connection));
        Node node = Objects.requireNonNull(cluster.nodes.get(there.node()));
        node.say(new LocalMessage.Leave(there.address(), connection));
    }

    private void kill() {
        List<Node> alive = cluster.alive();
        if (alive.size() < 3) {
            Node node = cluster.start();
            ADDRESSES.forEach(address -> node.look(address, GRACE));
            return;
        }
        Node victim = alive.get(1 + cluster.random.nextInt(alive.size() - 1)); // the first holds the one who stays
        truth.values().removeIf(there -> there.node().equals(victim.name));
        cluster.kill(victim);
    }

    private void step() {
        List<Node> alive = cluster.alive();
        Node node = alive.get(cluster.random.nextInt(alive.size()));
        Address address = ADDRESSES.get(cluster.random.nextInt(ADDRESSES.size()));
        switch (cluster.random.nextInt(20)) {
            case 0 -> kill();
            case 1, 2 -> cluster.move(address);
            case 3, 4, 5, 6, 7, 8 -> {
                List<String> may = truth.entrySet().stream()
                        .filter(there -> !there.getValue().user().equals("stayer"))
                        .map(Map.Entry::getKey)
                        .toList();
                if (!may.isEmpty()) {
                    leave(may.get(cluster.random.nextInt(may.size())));
                }
            }
            default ->
                assertThat(enter(node, address, "u" + cluster.random.nextInt(5)))
                        .isNotEmpty();
        }
        cluster.run(cluster.random.nextInt(800));
    }

    private Map<String, Integer> trueAt(Address address) {
        Map<String, Integer> devices = new TreeMap<>();
        truth.values().stream()
                .filter(there -> there.address().equals(address))
                .forEach(there -> devices.merge(there.user(), 1, Integer::sum));
        return devices;
    }

    private Map<String, Integer> readAt(Node node, Address address) {
        Future<PresenceAnswer.Page> page = PresenceInbox.ask(
                node, node.name, node.ownerOf(address), new PresenceMessage.Read(address, 1_000, Optional.empty()));
        cluster.run(1_000);
        assertThat(page.succeeded()).as(() -> String.valueOf(page.cause())).isTrue();
        Map<String, Integer> devices = new HashMap<>();
        new JsonArray(page.result().roster()).forEach(one -> {
            JsonObject user = (JsonObject) one;
            devices.put(user.getString("user"), user.getJsonArray("devices").size());
        });
        return new TreeMap<>(devices);
    }

    private void everybodyKnowsTheTruth(long seed) {
        for (Node node : cluster.alive()) {
            for (Address address : ADDRESSES) {
                SimulatedLooker looker = node.looker(address);
                assertThat(looker.devices)
                        .as("seed %d, told on %s at %s", seed, node.name, address)
                        .isEqualTo(trueAt(address));
                assertThat(looker.faults).as("seed %d", seed).isEmpty();
                assertThat(readAt(node, address))
                        .as("seed %d, read on %s at %s", seed, node.name, address)
                        .isEqualTo(trueAt(address));
            }
        }
    }

    @Test
    void movesAndDeathsLeaveNoGhostAndLoseNobodyWithinSeconds() {
        for (long seed = 0; seed < SEEDS; seed++) {
            begin(seed);
            String stayer = enter(cluster.alive().get(0), ADDRESSES.get(0), "stayer");
            assertThat(stayer).isNotEmpty();
            for (int i = 0; i < 40; i++) {
                step();
            }
            cluster.run(GRACE + 3_000);
            everybodyKnowsTheTruth(seed);
            for (Node node : cluster.alive()) {
                assertThat(node.looker(ADDRESSES.get(0)).left)
                        .as("seed %d", seed)
                        .doesNotContain("stayer");
            }
        }
    }

    @Test
    void lostMessagesHealWithTheNextRound() {
        for (long seed = 0; seed < SEEDS; seed++) {
            begin(1_000 + seed);
            String stayer = enter(cluster.alive().get(0), ADDRESSES.get(0), "stayer");
            assertThat(stayer).isNotEmpty();
            cluster.run(1_000);
            cluster.lostPercent = 10;
            for (int i = 0; i < 30; i++) {
                step();
            }
            cluster.lostPercent = 0;
            cluster.run(GRACE + 45_000);
            everybodyKnowsTheTruth(seed);
        }
    }

    @Test
    void aNodeThatWasDeclaredDeadByMistakeComesBackWithItsUsers() {
        begin(7);
        Node first = cluster.alive().get(0);
        Node second = cluster.alive().get(1);
        String bob = enter(second, ADDRESSES.get(0), "bob");
        assertThat(bob).isNotEmpty();
        cluster.run(1_000);

        List<Node> all = new ArrayList<>(cluster.alive());
        all.stream()
                .filter(node -> node != second)
                .forEach(node ->
                        node.presence.changed(new dev.hubbub.bus.Ownership.Change(java.util.Set.of(second.name))));
        cluster.run(1_000);
        cluster.run(5_000);

        assertThat(first.looker(ADDRESSES.get(0)).devices).isEqualTo(trueAt(ADDRESSES.get(0)));
        assertThat(readAt(first, ADDRESSES.get(0))).isEqualTo(trueAt(ADDRESSES.get(0)));
        assertThat(first.looker(ADDRESSES.get(0)).left).isEmpty();
    }
}
