package dev.hubbub.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.Address;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The laws of what owners keep: whoever has the same news has the same roster, and nothing comes back. */
class RawRosterTest {
    private static final int CASES = 4_000;
    private static final RawRoster.Changes SILENT = (address, before, after) -> {};
    private static final Address[] ADDRESSES = {new Address("room:1"), new Address("room:2")};

    /** A piece of news as it travels; it may be heard at any time and as often as the network likes. */
    private record News(String what, Consumer<RawRoster> heard) {}

    /** A few nodes whose devices come, change and go, and everything that they ever said. */
    private static final class Nodes {
        private final Random random;
        private final Map<String, HeldDevices> nodes = new HashMap<>();
        private final Set<String> dead = new HashSet<>();
        private final List<News> said = new ArrayList<>();
        private long nowMillis = 1_000;
        private int connections;

        Nodes(Random random) {
            this.random = random;
            for (String name : List.of("n1", "n2", "n3")) {
                nodes.put(name, new HeldDevices(Incarnation.first(name)));
            }
        }

        void step() {
            nowMillis++;
            String name = "n" + (1 + random.nextInt(3));
            HeldDevices held = Objects.requireNonNull(nodes.get(name));
            Address address = ADDRESSES[random.nextInt(ADDRESSES.length)];
            switch (random.nextInt(9)) {
                case 0, 1 -> enter(held, name, address);
                case 2 -> any(held, address).ifPresent(device -> held.leave(address, device));
                case 3 ->
                    any(held, address)
                            .ifPresent(device -> assertThat(held.set(address, device, state()))
                                    .isTrue());
                case 4, 5 -> say(held);
                case 6 -> sayAll(held);
                case 7 -> sayOf(held, address);
                default -> {
                    if (random.nextInt(6) == 0) {
                        kill(name, held);
                    }
                }
            }
        }

        private Optional<DeviceState> state() {
            return Optional.of(new DeviceState("\"" + nowMillis + "\"", nowMillis, DeviceState.NEVER));
        }

        private void enter(HeldDevices held, String name, Address address) {
            connections++;
            String user = "u" + random.nextInt(4);
            held.enter(
                    address,
                    new PresencePolicy(0, Optional.empty()),
                    new Device("c" + connections, name, user, "{}", nowMillis, nowMillis, Optional.empty()));
        }

        private Optional<String> any(HeldDevices held, Address address) {
            List<String> all = new ArrayList<>(new TreeSet<>(devices(held, address)));
            return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
        }

        private Set<String> devices(HeldDevices held, Address address) {
            // The same as a list, without a new version.
            Part part = held.peek(address);
            return part.dots().keySet();
        }

        private void say(HeldDevices held) {
            Incarnation who = held.self();
            held.changes(nowMillis)
                    .forEach((address, part) -> said.add(new News(
                            who + " changes " + address + " " + part,
                            roster -> roster.merge(who, address, Part.copyOf(part), SILENT))));
        }

        private void sayAll(HeldDevices held) {
            Incarnation who = held.self();
            Map<Address, Part> lists = held.lists(address -> true, nowMillis);
            long floor = held.version();
            said.add(new News(who + " all " + floor + lists, roster -> {
                Map<Address, Part> copies = new HashMap<>();
                lists.forEach((address, part) -> copies.put(address, Part.copyOf(part)));
                roster.mergeAll(who, floor, copies, SILENT);
            }));
        }

        private void sayOf(HeldDevices held, Address address) {
            Incarnation who = held.self();
            held.lists(List.of(address), nowMillis)
                    .forEach((at, part) -> said.add(new News(
                            who + " list " + at + part, roster -> roster.merge(who, at, Part.copyOf(part), SILENT))));
        }

        /** Another node believes that this one is dead; it is not, and goes on under another number. */
        private void kill(String name, HeldDevices held) {
            Incarnation who = held.self();
            dead.add(name + who.number());
            said.add(new News(who + " dead", roster -> roster.bury(who, SILENT)));
            held.beginAnew();
        }

        /** Says everything once more, as every node does every now and then. */
        void sayEverything() {
            nodes.values().forEach(held -> {
                say(held);
                sayAll(held);
            });
        }

        /** Returns what is true: which devices are where. */
        Set<String> truth() {
            Set<String> truth = new TreeSet<>();
            nodes.values().forEach(held -> {
                for (Address address : ADDRESSES) {
                    devices(held, address).forEach(device -> truth.add(address + " " + device));
                }
            });
            return truth;
        }
    }

    private static RawRoster heard(List<News> news) {
        RawRoster roster = new RawRoster();
        news.forEach(one -> one.heard().accept(roster));
        return roster;
    }

    private static Set<String> devices(RawRoster roster) {
        Set<String> all = new TreeSet<>();
        for (String node : List.of("n1", "n2", "n3")) {
            roster.eachOf(node, (address, device) -> all.add(address + " " + device.connection()));
        }
        return all;
    }

    private static Nodes history(int seed) {
        Nodes nodes = new Nodes(new Random(seed));
        for (int i = 0; i < 40; i++) {
            nodes.step();
        }
        return nodes;
    }

    private static List<News> some(Random random, List<News> all) {
        List<News> some = new ArrayList<>();
        for (News news : all) {
            if (random.nextInt(3) > 0) {
                some.add(news);
            }
        }
        Collections.shuffle(some, random);
        return some;
    }

    private static RawRoster join(RawRoster one, RawRoster other) {
        RawRoster joined = new RawRoster();
        joined.merge(one, SILENT);
        joined.merge(other, SILENT);
        return joined;
    }

    @Test
    void mergingIsCommutativeAssociativeAndIdempotent() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed * 31L);
            List<News> said = history(seed).said;
            RawRoster a = heard(some(random, said));
            RawRoster b = heard(some(random, said));
            RawRoster c = heard(some(random, said));

            assertThat(devices(join(a, b))).as("commutative, seed %d", seed).isEqualTo(devices(join(b, a)));
            assertThat(join(a, b)).as("commutative, seed %d", seed).isEqualTo(join(b, a));
            assertThat(join(join(a, b), c)).as("associative, seed %d", seed).isEqualTo(join(a, join(b, c)));
            assertThat(join(a, a)).as("idempotent, seed %d", seed).isEqualTo(join(a, new RawRoster()));
        }
    }

    @Test
    void theSameNewsInAnyOrderAndAsOftenAsItLikesMakeTheSameRoster() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed * 17L);
            List<News> said = new ArrayList<>(history(seed).said);
            RawRoster inOrder = heard(said);
            List<News> twice = new ArrayList<>(said);
            twice.addAll(some(random, said));
            Collections.shuffle(twice, random);

            assertThat(devices(heard(twice))).as("seed %d", seed).isEqualTo(devices(inOrder));
        }
    }

    @Test
    void whatHasLeftOrDiedNeverComesBackHoweverLateOldNewsAre() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed * 13L);
            Nodes nodes = history(seed);
            nodes.sayEverything();
            RawRoster roster = heard(some(random, nodes.said.subList(0, nodes.said.size() / 2)));
            nodes.said
                    .subList(nodes.said.size() / 2, nodes.said.size())
                    .forEach(news -> news.heard().accept(roster));
            assertThat(devices(roster)).as("seed %d", seed).isEqualTo(nodes.truth());

            some(random, nodes.said).forEach(old -> {
                old.heard().accept(roster);
                assertThat(devices(roster)).as(() -> "after " + old.what()).isEqualTo(nodes.truth());
            });
        }
    }

    @Test
    void everythingThatANodeSaysOnceMoreHealsWhateverWasLost() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed * 7L);
            Nodes nodes = history(seed);
            List<News> lossy = some(random, nodes.said);
            int before = nodes.said.size();
            nodes.sayEverything();
            nodes.said.subList(before, nodes.said.size()).stream()
                    .filter(news -> news.what().contains(" all "))
                    .forEach(lossy::add);

            assertThat(devices(heard(lossy))).as("seed %d", seed).isEqualTo(nodes.truth());
        }
    }

    @Test
    void changesTellEveryDeviceThatCameAndWent() {
        for (int seed = 0; seed < CASES; seed++) {
            Nodes nodes = history(seed);
            nodes.sayEverything();
            Set<String> heard = new TreeSet<>();
            RawRoster.Changes changes = (address, before, after) -> {
                before.ifPresent(device -> assertThat(heard.remove(address + " " + device.connection()))
                        .isTrue());
                after.ifPresent(device -> assertThat(heard.add(address + " " + device.connection()))
                        .isTrue());
            };
            RawRoster roster = new RawRoster();
            RawRoster once = heard(nodes.said);
            roster.merge(once, changes);

            assertThat(heard).as("seed %d", seed).isEqualTo(devices(once));
        }
    }

    @Test
    void tombstonesGoWithTheNextList() {
        Incarnation who = Incarnation.first("n1");
        Address room = ADDRESSES[0];
        RawRoster roster = new RawRoster();
        Part left = new Part();
        left.say("c1", new Part.Dot(5, Optional.empty()));
        roster.merge(who, room, left, SILENT);
        assertThat(roster.tombstones(who, room)).isEqualTo(1);

        roster.mergeAll(who, 6, Map.of(), SILENT);

        assertThat(roster.tombstones(who, room)).isZero();
        Part late = new Part();
        late.say("c1", new Part.Dot(4, Optional.of(new Device("c1", "n1", "bob", "{}", 1, 1, Optional.empty()))));
        roster.merge(who, room, late, SILENT);
        assertThat(devices(roster)).isEmpty();
    }
}
