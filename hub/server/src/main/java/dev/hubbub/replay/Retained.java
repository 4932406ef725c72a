package dev.hubbub.replay;

import java.util.List;

/** The events that one log keeps; not thread-safe, belongs to its log. */
sealed interface Retained permits RetainedEvents, LatestValues {

    /** What one event takes beside its JSON, in bytes; an estimate. */
    int ENTRY_OVERHEAD_BYTES = 200;

    /** Adds the newest event; its offset is above all others. */
    void add(LogEntry entry);

    /** Drops what the policy does not let it keep, oldest first. */
    void trim(LogPolicy policy, long nowMillis);

    /** Drops the oldest event, if there is one. */
    void removeOldest();

    /** Returns how many there are. */
    int count();

    /** Returns the JSON of all, in bytes. */
    long bytes();

    /**
     * Returns the oldest event's offset.
     *
     * @param none returned when there is no event
     */
    long oldestOffset(long none);

    /** Returns the events with rising offsets, for use before the next change. */
    List<LogEntry> oldestFirst();
}
