package dev.hubbub.messaging;

/**
 * How busy an address is, on one loop, one node, or all of them.
 *
 * @param address the address
 * @param subscribers how many subscriptions there are
 * @param inPerSecond events that publishers gave, a second, of late
 * @param outPerSecond events that recipients took, a second, of late, once for each recipient
 * @param counts since the address became busy
 */
public record AddressLoad(String address, int subscribers, double inPerSecond, double outPerSecond, Counts counts) {

    /**
     * What was counted since the first subscriber came, or the first event.
     *
     * @param published events that publishers gave
     * @param delivered events that recipients took, once for each recipient
     * @param dropped events that slow recipients did not get
     * @param resumed subscribers that came back and got all that they had missed
     * @param lost subscribers that came back and were told {@code POSITION_LOST}
     */
    public record Counts(long published, long delivered, long dropped, long resumed, long lost) {
        Counts plus(Counts other) {
            return new Counts(
                    published + other.published,
                    delivered + other.delivered,
                    dropped + other.dropped,
                    resumed + other.resumed,
                    lost + other.lost);
        }
    }

    /** By what addresses are ranked, the biggest first. */
    public enum Order {
        /** Events a second, in and out. */
        RATE,
        /** Subscriptions. */
        SUBSCRIBERS,
        /** Events that publishers gave. */
        EVENTS;

        /** Returns by what a load is ranked. */
        public double of(AddressLoad load) {
            return switch (this) {
                case RATE -> load.inPerSecond() + load.outPerSecond();
                case SUBSCRIBERS -> load.subscribers();
                case EVENTS -> load.counts().published();
            };
        }
    }

    /** Returns the load of an address that nobody uses. */
    public static AddressLoad none(String address) {
        return new AddressLoad(address, 0, 0, 0, new Counts(0, 0, 0, 0, 0));
    }

    /** Adds what another loop or node says of the same address. */
    public AddressLoad plus(AddressLoad other) {
        return new AddressLoad(
                address,
                subscribers + other.subscribers,
                inPerSecond + other.inPerSecond,
                outPerSecond + other.outPerSecond,
                counts.plus(other.counts));
    }
}
