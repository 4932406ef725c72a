package dev.hubbub.simulation;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.history.Anomaly;
import dev.hubbub.history.History;
import dev.hubbub.history.HistoryChecker;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.Append;
import dev.hubbub.replay.AppendResult;
import dev.hubbub.replay.LogCommand;
import dev.hubbub.replay.LogPolicy;
import dev.hubbub.replay.ReadFrom;
import dev.hubbub.replay.ReadLimits;
import dev.hubbub.replay.ReadResult;
import dev.hubbub.replay.ReplayLog;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One run of a small cluster through one seed's faults, judged at its end. */
final class Simulation {
    private static final LogPolicy LOG = new LogPolicy(DeliveryKind.LOG, 10_000, 10_000_000, 86_400_000, false);
    private static final long DETECTION_MILLIS = 2_000;

    final World world;
    final Mutation mutation;
    final Network network;
    final Map<Node, SimulatedBus> buses = new LinkedHashMap<>();
    final double missedCopies;
    /** Copies beside the owner's: one in a cluster of three, two in one of four. */
    final int backups;
    /** How many nodes have to be there, and to agree: more than half. */
    final int quorum;

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<Address> addresses =
            List.of(new Address("room:1"), new Address("room:2"), new Address("room:3"));
    private final List<Client> clients = new ArrayList<>();
    private final List<History.Publish> publishes = new ArrayList<>();
    private Side main = new Side();
    private boolean restless = true;
    private boolean publishing = true;
    private int open;
    private int starts;

    Simulation(long seed, Mutation mutation) {
        this.world = new World(seed);
        this.mutation = mutation;
        this.network = new Network(world);
        this.missedCopies = world.chance(0.5) ? 0 : 0.01;
        this.backups = world.chance(0.7) ? 1 : 2;
        this.quorum = backups == 1 ? 2 : 3;
    }

    /** Runs to the end; returns what must not have happened. */
    List<Anomaly> run() {
        for (String slot : List.of("a", "b", "c", "d").subList(0, backups + 2)) {
            start(slot);
        }
        for (int i = 0; i < 6; i++) {
            Client client = new Client(this, "c" + i, addresses.get(i % addresses.size()));
            clients.add(client);
            world.after(world.between(0, 300), client::connect);
        }
        for (int i = 0; i < 3; i++) {
            String name = "p" + i;
            world.after(world.between(100, 500), () -> publishNext(name, 1));
        }
        world.run(2_000);
        int faults = (int) world.between(1, 3);
        for (int i = 0; i < faults; i++) {
            fault();
            world.run(world.between(500, 2_000));
        }
        restless = false;
        publishing = false;
        world.run(60_000);
        if (open > 0) {
            throw new AssertionError("publishes without an answer: " + open);
        }
        return new HistoryChecker(history(), false).check();
    }

    private void start(String slot) {
        starts++;
        Node node = new Node(this, slot, starts, main);
        nodes.put(slot, node);
        main.members.add(node);
        world.note("start " + node);
        main.members.forEach(member -> member.tell(Set.of()));
        world.after(world.between(100, 500), this::spread);
    }

    private void fault() {
        Node victim = List.copyOf(nodes.values()).get(world.random.nextInt(nodes.size()));
        switch (world.random.nextInt(4)) {
            case 0 -> kill(victim);
            case 1 -> pause(victim);
            case 2 -> partition(victim);
            default -> spread();
        }
    }

    private void kill(Node victim) {
        world.note("kill " + victim);
        victim.alive = false;
        world.run(world.between(50, 400));
        main.remove(Set.of(victim));
        main.members.forEach(member -> member.tell(Set.of(victim.name)));
        world.run(world.between(200, 1_500));
        spread();
        world.run(world.between(500, 3_000));
        start(victim.slot);
        world.run(2_000);
    }

    private void pause(Node victim) {
        long millis = world.between(200, 6_000);
        world.note("pause " + victim + " " + millis);
        victim.pause();
        world.run(Math.min(millis, DETECTION_MILLIS));
        boolean noticed = millis > DETECTION_MILLIS;
        if (noticed) {
            part(victim);
            world.run(millis - DETECTION_MILLIS);
        }
        world.note("wake " + victim);
        victim.wake();
        if (noticed) {
            world.run(world.between(50, 1_500));
            aloneAndBack(victim);
        }
    }

    private void partition(Node victim) {
        long millis = world.between(300, 8_000);
        world.note("cut " + victim + " " + millis);
        network.cut(Set.of(victim));
        if (millis <= DETECTION_MILLIS) {
            world.run(millis);
            world.note("heal");
            network.heal();
            return;
        }
        world.run(DETECTION_MILLIS);
        part(victim);
        // Its own side may notice later than the others, or not before the way is free again.
        long later = world.between(0, 1_500);
        world.run(Math.min(later, millis - DETECTION_MILLIS));
        Side stale = victim.side;
        victim.side = stale.partOf(Set.of(victim));
        victim.tell(others(victim));
        world.run(Math.max(0, millis - DETECTION_MILLIS - later));
        world.note("heal");
        network.heal();
        world.run(world.between(100, 2_500));
        back(victim);
    }

    /** The others go on without it; what it sees itself stays as it was. */
    private void part(Node victim) {
        Set<Node> rest = new LinkedHashSet<>(main.members);
        rest.remove(victim);
        Side without = main.partOf(rest);
        victim.side = main.partOf(new LinkedHashSet<>(main.members));
        main = without;
        rest.forEach(node -> {
            node.side = without;
            node.tell(Set.of(victim.name));
        });
        world.note("parted " + victim);
        world.after(world.between(200, 1_000), this::spread);
    }

    private Set<String> others(Node node) {
        Set<String> names = new LinkedHashSet<>();
        nodes.values().stream().filter(other -> other != node).forEach(other -> names.add(other.name));
        return names;
    }

    private void aloneAndBack(Node victim) {
        victim.side = victim.side.partOf(Set.of(victim));
        victim.tell(others(victim));
        world.run(world.between(200, 2_000));
        back(victim);
    }

    private void back(Node victim) {
        victim.rejoin(main);
        world.note("rejoin " + victim);
        main.members.forEach(member -> member.tell(Set.of()));
        world.run(world.between(100, 500));
        spread();
        world.run(2_000);
    }

    /** Gives every log its copies again, and moves some to another owner. */
    private void spread() {
        boolean again = false;
        for (Address address : List.copyOf(main.places.keySet())) {
            again |= !spread(address, world.chance(0.4));
        }
        if (again) {
            world.after(20, this::spread);
        }
    }

    private boolean spread(Address address, boolean move) {
        List<Node> kept = main.placesOf(address, backups);
        if (kept.get(0).isBusyWith(address)) {
            return false; // a partition on its way takes no operations
        }
        ReplayLog log = kept.get(0).logs.get(address);
        List<Node> spare = new ArrayList<>(main.members);
        spare.removeAll(kept);
        if (move && !spare.isEmpty()) {
            Node next = spare.remove(world.random.nextInt(spare.size()));
            copy(log, next, address);
            kept.add(0, next);
        }
        while (kept.size() < Math.min(main.members.size(), backups + 1)) {
            Node next = spare.remove(0);
            copy(log, next, address);
            kept.add(next);
        }
        while (kept.size() > backups + 1) {
            kept.remove(kept.size() - 1).logs.remove(address);
        }
        main.members.forEach(member -> member.tell(Set.of()));
        return true;
    }

    private static void copy(ReplayLog log, Node to, Address address) {
        if (log == null) {
            to.logs.remove(address);
        } else {
            to.logs.put(address, LogCommand.restore(LogCommand.snapshot(log)));
        }
    }

    /** A copy that missed something is found out after a while, and made anew. */
    void copyAgain(Address address) {
        world.after(world.between(300, 1_500), () -> {
            List<Node> kept = main.placesOf(address, backups);
            if (kept.get(0).isBusyWith(address)) {
                copyAgain(address);
                return;
            }
            kept.subList(1, kept.size()).forEach(node -> copy(kept.get(0).logs.get(address), node, address));
        });
    }

    boolean isRestless() {
        return restless;
    }

    Node anyNode() {
        List<Node> all = nodes.values().stream().filter(node -> node.alive).toList();
        return all.get(world.random.nextInt(all.size()));
    }

    Node nodeWith(String inbox) {
        return nodes.values().stream()
                .filter(node -> node.alive && buses.get(node).has(inbox))
                .findFirst()
                .orElse(null);
    }

    private void publishNext(String name, int number) {
        if (publishing) {
            open++;
            publish(name, number, addresses.get((int) world.between(0, addresses.size() - 1)));
        }
    }

    private void publish(String name, int number, Address address) {
        String id = name + "-" + number;
        Node node = anyNode();
        long sent = world.now() * 1_000_000;
        boolean[] answered = {false};
        EventContent content = new EventContent(
                id,
                Optional.of("said"),
                id,
                Optional.empty(),
                EventContent.NO_VERSION,
                0,
                id.hashCode(),
                Buffer.buffer("\"" + id + "\""));
        Append wish = new Append(address, LOG, content, id, Optional.empty(), name);
        node.at(
                world.between(1, 10),
                () -> node.replay.append(List.of(wish)).onComplete(done -> {
                    AppendResult result = done.succeeded() ? done.result().get(0) : null;
                    boolean lostOnTheWay = world.chance(0.05);
                    world.after(world.between(1, 10), () -> {
                        if (!answered[0] && node.alive && !lostOnTheWay) {
                            answered[0] = true;
                            take(name, number, address, sent, result);
                        }
                    });
                }));
        world.after(15_000, () -> {
            if (!answered[0]) {
                answered[0] = true;
                take(name, number, address, sent, null);
            }
        });
    }

    private void take(String name, int number, Address address, long sent, AppendResult result) {
        Optional<Position> position =
                result instanceof AppendResult.Appended appended ? appended.position() : Optional.empty();
        boolean duplicate = result instanceof AppendResult.Appended appended && appended.duplicate();
        String id = "\"" + name + "-" + number + "\"";
        long answered = world.now() * 1_000_000;
        publishes.add(new History.Publish(id, address.value(), sent, answered, position, duplicate));
        world.note(id + " " + position.map(Position::toString).orElse("unknown"));
        if (position.isPresent()) {
            open--;
            world.after(world.between(20, 150), () -> publishNext(name, number + 1));
        } else {
            world.after(100, () -> publish(name, number, address));
        }
    }

    private History history() {
        List<History.Log> logs = new ArrayList<>();
        for (Address address : addresses) {
            ReplayLog log = main.owner(address, backups).logs.get(address);
            if (log != null) {
                ReadResult.Events all = (ReadResult.Events)
                        log.read(LOG, new ReadFrom.Start(), new ReadLimits(100_000, Long.MAX_VALUE), world.now());
                List<History.Entry> entries = all.events().stream()
                        .map(event -> new History.Entry(
                                event.position().orElseThrow(),
                                event.content().json().toString()))
                        .toList();
                logs.add(new History.Log("owner", address.value(), entries, log.head()));
            }
        }
        return new History(publishes, clients.stream().map(Client::history).toList(), logs);
    }
}
