package dev.hubbub.bench;

import java.time.Duration;

/**
 * What is done to a server: who listens, how events are sent, for how long.
 *
 * @param name as it is asked for and printed
 * @param subscribers connections that subscribe to the one address; 1 or more
 * @param slots publishing connections, 1 to 255; without a rate each has one event in flight
 * @param eventsPerSecond the fixed schedule; 0 for as fast as the slots go
 * @param warmUp how long before measuring
 * @param measure how long is measured
 */
record Scenario(String name, int subscribers, int slots, int eventsPerSecond, Duration warmUp, Duration measure) {

    Scenario {
        if (subscribers < 1 || slots < 1 || slots > 255 || eventsPerSecond < 0) {
            throw new IllegalArgumentException("a scenario needs subscribers, 1 to 255 slots and no negative rate");
        }
    }

    /** 200 subscribers, 8 events in flight: how many deliveries a second, at what price. */
    static Scenario saturation() {
        return new Scenario("saturation", 200, 8, 0, Duration.ofSeconds(5), Duration.ofSeconds(15));
    }

    /** 1,000 subscribers, 100 events a second, come what may: is it held, and how late are events. */
    static Scenario hot() {
        return new Scenario("hot", 1_000, 8, 100, Duration.ofSeconds(5), Duration.ofSeconds(20));
    }

    /** Whether events leave by a schedule that does not wait for the server. */
    boolean openLoop() {
        return eventsPerSecond > 0;
    }

    /** The same with other sizes; 0 keeps one. The slots of a schedule and the rate without one stay. */
    Scenario resized(int otherSubscribers, int otherSlots, int otherRate) {
        return new Scenario(
                name,
                otherSubscribers > 0 ? otherSubscribers : subscribers,
                otherSlots > 0 && !openLoop() ? otherSlots : slots,
                otherRate > 0 && openLoop() ? otherRate : eventsPerSecond,
                warmUp,
                measure);
    }

    /** The same with other times; 0 keeps one. */
    Scenario timed(int warmUpSeconds, int measureSeconds) {
        return new Scenario(
                name,
                subscribers,
                slots,
                eventsPerSecond,
                warmUpSeconds > 0 ? Duration.ofSeconds(warmUpSeconds) : warmUp,
                measureSeconds > 0 ? Duration.ofSeconds(measureSeconds) : measure);
    }
}
