package dev.hubbub.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hubbub.bus.EventLoop;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is counted for operators, and how it is looked through. */
class AddressLoadTest {
    private static final int MANY = 3 * Slices.SLICE;

    private final Deque<Runnable> turns = new ArrayDeque<>();
    private final EventLoop loop = new EventLoop() {
        @Override
        public void after(long millis, Runnable action) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void soon(Runnable action) {
            turns.add(action);
        }

        @Override
        public Clock clock() {
            return Clock.systemUTC();
        }
    };

    private <T> T runToItsEnd(Future<T> answer, int expectedTurns) {
        int taken = 0;
        while (!turns.isEmpty()) {
            turns.remove().run();
            taken++;
        }
        assertThat(taken).as("turns of the loop").isEqualTo(expectedTurns);
        return answer.result();
    }

    @Test
    void aSteadyRateIsToldAsItIsAndFadesWhenItEnds() {
        PerSecond rate = new PerSecond();
        for (int millis = 0; millis < 60_000; millis += 100) {
            rate.count(5, millis);
        }
        assertThat(rate.at(60_000)).isCloseTo(50, within(1.0));
        assertThat(rate.at(70_000)).isCloseTo(50 / Math.E, within(1.0));
        assertThat(rate.at(200_000)).isLessThan(0.01);
    }

    @Test
    void aClockThatGoesBackMakesNoRate() {
        PerSecond rate = new PerSecond();
        rate.count(10, 10_000);
        assertThat(rate.at(0)).isEqualTo(1);
    }

    @Test
    void publishedAddressesAreBoundedAndTheOldestAreForgotten() {
        PublishedAddresses published = new PublishedAddresses();
        for (int i = 0; i <= PublishedAddresses.MOST; i++) {
            published.count("room:" + i, 0);
        }
        assertThat(published.addresses()).hasSize(PublishedAddresses.MOST).doesNotContain("room:0");
        assertThat(published.load("room:0", 0).counts().published()).isZero();
        assertThat(published.load("room:1", 0).counts().published()).isEqualTo(1);
    }

    @Test
    void aSearchThatFindsNothingTakesManyTurnsAndNoLongOne() {
        TreeMap<String, Integer> all = new TreeMap<>();
        for (int i = 0; i < MANY; i++) {
            all.put("%05d".formatted(i), i);
        }
        Slices<Integer> slices = new Slices<>(loop, all);
        assertThat(runToItsEnd(slices.collect(Optional.empty(), value -> false, 10), 3))
                .isEmpty();
        assertThat(runToItsEnd(slices.collect(Optional.of("00004"), value -> value % 2 == 0, 2), 0))
                .containsExactly(6, 8);
    }

    @Test
    void whatGoesBetweenTwoTurnsDoesNoHarm() {
        TreeMap<String, Integer> all = new TreeMap<>();
        for (int i = 0; i < MANY; i++) {
            all.put("%05d".formatted(i), i);
        }
        Future<List<Integer>> found = new Slices<>(loop, all).collect(Optional.empty(), value -> value > 5_000, 1);
        all.keySet().removeIf(key -> key.compareTo("00100") > 0 && key.compareTo("05002") < 0);
        assertThat(runToItsEnd(found, 1)).containsExactly(5_002);
    }

    @Test
    void theBusiestAreFoundAmongMany() {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            addresses.add("room:" + i);
        }
        AddressRanking ranking = new AddressRanking(
                loop,
                address -> new AddressLoad(
                        address,
                        Integer.parseInt(address.substring(5)),
                        0,
                        0,
                        AddressLoad.none(address).counts()));
        LoopQuestion.RankAddresses all = new LoopQuestion.RankAddresses(AddressLoad.Order.SUBSCRIBERS, "", 2);
        assertThat(runToItsEnd(ranking.rank(addresses, all), 2))
                .extracting(AddressLoad::address)
                .containsExactlyInAnyOrder("room:" + (MANY - 1), "room:" + (MANY - 2));
        LoopQuestion.RankAddresses some = new LoopQuestion.RankAddresses(AddressLoad.Order.SUBSCRIBERS, "room:10", 2);
        assertThat(runToItsEnd(ranking.rank(addresses, some), 2))
                .extracting(AddressLoad::address)
                .containsExactlyInAnyOrder("room:1099", "room:1098");
    }
}
