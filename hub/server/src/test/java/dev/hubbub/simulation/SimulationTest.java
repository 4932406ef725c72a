package dev.hubbub.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.history.Anomaly;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whole clusters, seed by seed.
 *
 * <p>{@code scripts/simulate --seeds N --from S} runs others than the first thousand; a seed that fails is printed, and
 * fails again.
 */
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("hub.simulation.seeds", 1_000);
    private static final long FROM = Long.getLong("hub.simulation.from", 1);
    private static final int SEEDS_PER_MUTATION = 400;

    @Test
    void noSeedBreaksAPromise() {
        for (long seed = FROM; seed < FROM + SEEDS; seed++) {
            Simulation simulation = new Simulation(seed, Mutation.NONE);
            List<Anomaly> anomalies = run(simulation, seed);
            assertThat(anomalies)
                    .as("seed " + seed + "\n" + simulation.world.trace())
                    .isEmpty();
        }
        System.out.println("simulation: " + SEEDS + " seeds from " + FROM + ", 0 anomalies");
    }

    private static List<Anomaly> run(Simulation simulation, long seed) {
        try {
            return simulation.run();
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError("seed " + seed + "\n" + simulation.world.trace(), failure);
        }
    }

    @Test
    void theSameSeedIsTheSameStory() {
        Simulation once = new Simulation(7, Mutation.NONE);
        Simulation again = new Simulation(7, Mutation.NONE);
        assertThat(run(once, 7)).isEqualTo(run(again, 7));
        assertThat(once.world.digest()).isEqualTo(again.world.digest());
    }

    @ParameterizedTest
    @EnumSource(value = Mutation.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void withoutASafetyRuleSomeSeedFails(Mutation mutation) {
        for (long seed = 1; seed <= SEEDS_PER_MUTATION; seed++) {
            List<Anomaly> anomalies;
            try {
                anomalies = new Simulation(seed, mutation).run();
            } catch (AssertionError stuck) {
                continue; // a publish that never ends is no anomaly of the history
            }
            if (!anomalies.isEmpty()) {
                System.out.println(mutation + " is noticed by seed " + seed + ": "
                        + anomalies.get(0).kind() + ", " + anomalies.get(0).evidence());
                return;
            }
        }
        throw new AssertionError("nobody noticed " + mutation + " in " + SEEDS_PER_MUTATION + " seeds");
    }
}
