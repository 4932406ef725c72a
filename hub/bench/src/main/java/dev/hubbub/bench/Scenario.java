package dev.hubbub.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * What is done to a server: who listens, how events are sent, for how long.
 *
 * @param name as it is asked for and printed
 * @param addresses over how many addresses subscribers and events are spread; more than 1 needs a rate
 * @param subscribers connections that subscribe to one address each; 1 or more
 * @param slots publishing connections, 1 to 255; without a rate each has one event in flight
 * @param eventsPerSecond the fixed schedule; 0 for as fast as the slots go
 * @param warmUp how long before measuring
 * @param measure how long is measured
 * @param polls whether the reader looks for bytes all the time instead of sleeping until there are some: on one machine
 *     a server pays for waking its reader, and whether it has to depends on which of the two is faster
 */
record Scenario(
        String name,
        int addresses,
        int subscribers,
        int slots,
        int eventsPerSecond,
        Duration warmUp,
        Duration measure,
        boolean polls) {

    Scenario {
        if (subscribers < 1 || slots < 1 || slots > 255 || eventsPerSecond < 0) {
            throw new IllegalArgumentException("a scenario needs subscribers, 1 to 255 slots and no negative rate");
        }
        if (addresses < 1 || subscribers < addresses || (addresses > 1 && eventsPerSecond == 0)) {
            throw new IllegalArgumentException("several addresses need a subscriber each, and a rate");
        }
    }

    /** 200 subscribers, 8 events in flight: how many deliveries a second, at what price. */
    static Scenario saturation() {
        return new Scenario("saturation", 1, 200, 8, 0, Duration.ofSeconds(5), Duration.ofSeconds(15), false);
    }

    /** 1,000 subscribers, 100 events a second, come what may: is it held, and how late are events. */
    static Scenario hot() {
        return new Scenario("hot", 1, 1_000, 8, 100, Duration.ofSeconds(5), Duration.ofSeconds(20), false);
    }

    /**
     * 10,000 subscribers on 1,000 addresses, 1,000 events a second: what a delivery costs where little can be shared.
     */
    static Scenario many() {
        return new Scenario("many", 1_000, 10_000, 8, 1_000, Duration.ofSeconds(5), Duration.ofSeconds(20), false);
    }

    /** All that there are. */
    static List<Scenario> all() {
        return List.of(saturation(), hot(), many());
    }

    /** Makes what runs it. */
    Generator against(Target target, Duration patience) throws IOException {
        return addresses > 1
                ? new AddressesGenerator(target, this, patience)
                : new FanoutGenerator(target, this, patience);
    }

    /** Whether events leave by a schedule that does not wait for the server. */
    boolean openLoop() {
        return eventsPerSecond > 0;
    }

    /** The same with other sizes; 0 keeps one. The slots of a schedule and the rate without one stay. */
    Scenario resized(int otherSubscribers, int otherSlots, int otherRate) {
        return new Scenario(
                name,
                otherSubscribers > 0 ? Math.min(addresses, otherSubscribers) : addresses,
                otherSubscribers > 0 ? otherSubscribers : subscribers,
                otherSlots > 0 && !openLoop() ? otherSlots : slots,
                otherRate > 0 && openLoop() ? otherRate : eventsPerSecond,
                warmUp,
                measure,
                polls);
    }

    /** The same with a reader that polls, or sleeps. */
    Scenario read(boolean polling) {
        return new Scenario(name, addresses, subscribers, slots, eventsPerSecond, warmUp, measure, polling);
    }

    /** The same with other times; 0 keeps one. */
    Scenario timed(int warmUpSeconds, int measureSeconds) {
        return new Scenario(
                name,
                addresses,
                subscribers,
                slots,
                eventsPerSecond,
                warmUpSeconds > 0 ? Duration.ofSeconds(warmUpSeconds) : warmUp,
                measureSeconds > 0 ? Duration.ofSeconds(measureSeconds) : measure,
                polls);
    }
}
