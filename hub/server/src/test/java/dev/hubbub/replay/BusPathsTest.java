package dev.hubbub.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.replay.BusPaths.Path;
import dev.hubbub.replay.BusPaths.State;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Nodes that tell each other, over a bus of which the test cuts ways, that they are there. */
class BusPathsTest {
    private final ManualLoop loop = new ManualLoop();
    private final Map<String, BusPaths> nodes = new TreeMap<>();
    private final Set<String> members = new TreeSet<>();
    private final Set<String> cut = new HashSet<>();

    private void start(String... names) {
        for (String name : names) {
            members.add(name);
            nodes.put(name, new BusPaths(name, loop.clock()));
        }
        pass(2);
    }

    private void cut(String from, String to) {
        cut.add(from + to);
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            loop.pass(1_000);
            nodes.forEach((from, paths) -> send(from, paths.beat(members)));
        }
    }

    private void send(String from, Canary canary) {
        nodes.forEach((to, paths) -> {
            if (!to.equals(from) && !cut.contains(from + to)) {
                paths.take(canary);
            }
        });
    }

    private BusPaths at(String node) {
        return Objects.requireNonNull(nodes.get(node));
    }

    private State state(String at, String from, String to) {
        return at(at).view().paths().stream()
                .filter(path -> path.from().equals(from) && path.to().equals(to))
                .map(Path::state)
                .findFirst()
                .orElseThrow();
    }

    private boolean isFit(String node) {
        return at(node).view().fault().isEmpty();
    }

    @Test
    void everyNodeProvesTheWaysToAndFromIt() {
        start("a", "b", "c");
        for (String node : members) {
            assertThat(at(node).view().paths()).hasSize(4).allMatch(path -> path.state() == State.UP);
            assertThat(isFit(node)).isTrue();
        }
    }

    @Test
    void oneWayThatCarriesNothingIsNoticedAtBothEndsWithinFiveSeconds() {
        start("a", "b", "c");
        cut("a", "b");
        pass(5);
        assertThat(state("b", "a", "b")).isEqualTo(State.DOWN);
        assertThat(state("a", "a", "b")).isEqualTo(State.DOWN);
        assertThat(state("a", "b", "a")).isEqualTo(State.UP);
        assertThat(isFit("b")).as("it hears what others hear, but not from a").isFalse();
        assertThat(isFit("a")).isTrue();
        assertThat(isFit("c")).isTrue();
        cut.clear();
        pass(2);
        assertThat(state("b", "a", "b")).isEqualTo(State.UP);
        assertThat(isFit("b")).isTrue();
    }

    @Test
    void aNodeThatNobodyHearsIsAtFaultItselfAndTheOthersAreNot() {
        start("a", "b", "c");
        cut("a", "b");
        cut("a", "c");
        pass(6);
        assertThat(isFit("a")).isFalse();
        assertThat(at("a").view().fault().orElseThrow()).contains("do not hear this one");
        assertThat(isFit("b")).isTrue();
        assertThat(isFit("c")).isTrue();
    }

    @Test
    void aNodeThatHearsNobodyIsNotFit() {
        start("a", "b", "c");
        cut("b", "a");
        cut("c", "a");
        pass(6);
        assertThat(isFit("a")).isFalse();
        assertThat(isFit("b")).isTrue();
        assertThat(isFit("c")).isTrue();
    }

    @Test
    void ofTwoNodesTheOneThatDoesNotHearIsNotFit() {
        start("a", "b");
        cut("a", "b");
        pass(6);
        assertThat(isFit("a")).isTrue();
        assertThat(isFit("b")).isFalse();
    }

    @Test
    void aNodeThatIsStillStartingIsNoFault() {
        start("a", "b");
        members.add("c");
        pass(8);
        assertThat(state("a", "c", "a")).isEqualTo(State.UNPROVED);
        assertThat(isFit("a")).isTrue();
        pass(4);
        assertThat(state("a", "c", "a")).isEqualTo(State.DOWN);
    }

    @Test
    void aNodeThatSaysThatItGoesIsNoFault() {
        start("a", "b");
        send("b", at("b").leaving());
        nodes.remove("b");
        pass(20);
        assertThat(isFit("a")).isTrue();
        members.remove("b");
        pass(1);
        assertThat(at("a").view().paths()).isEqualTo(List.of());
    }
}
