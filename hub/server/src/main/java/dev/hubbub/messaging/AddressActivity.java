package dev.hubbub.messaging;

/** What one event loop has done for the subscribers of one address, kept as it happens; goes with the last of them. */
final class AddressActivity {
    private final PerSecond out = new PerSecond();
    private long delivered;
    private long dropped;
    private long resumed;
    private long lost;

    /** Counts events that recipients took, once for each recipient. */
    void delivered(long events, long nowMillis) {
        if (events > 0) {
            delivered += events;
            out.count(events, nowMillis);
        }
    }

    void dropped(long events) {
        dropped += events;
    }

    /** Counts a subscriber that came back and got all that it had missed. */
    void resumed() {
        resumed++;
    }

    /** Counts a subscriber that came back too late, or from elsewhere. */
    void lost() {
        lost++;
    }

    double outPerSecond(long nowMillis) {
        return out.at(nowMillis);
    }

    /** Returns what it counted, with how many subscribers there are now. */
    AddressLoad load(String address, int subscribers, long nowMillis) {
        return new AddressLoad(
                address,
                subscribers,
                0,
                out.at(nowMillis),
                new AddressLoad.Counts(0, delivered, dropped, resumed, lost));
    }
}
