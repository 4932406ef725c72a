package dev.hubbub.config;

import java.util.Locale;

/** What an address keeps, and what a client that was away or slow gets. */
public enum DeliveryKind {
    /** Every event, in order, replayed after a position. */
    LOG,
    /** The last event of each resource; older values are replaced. */
    LATEST,
    /** Nothing is kept; who is not there misses it. */
    SIGNAL;

    /** Returns the name as the config writes it. */
    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
