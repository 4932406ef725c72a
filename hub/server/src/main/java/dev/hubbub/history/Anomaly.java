package dev.hubbub.history;

/**
 * Something that must not happen.
 *
 * @param kind what
 * @param evidence where, in words
 */
public record Anomaly(Kind kind, String evidence) {

    /** What can go wrong; the words are those of the field's distributed-systems tests. */
    public enum Kind {
        /** An acknowledged event is not in the log. */
        LOST,
        /** One event stands twice in a log. */
        DUPLICATE_LOG,
        /** Two events at one position, or two nodes with two logs. */
        DIVERGENT,
        /** Offsets of a log do not count up one by one. */
        HOLE,
        /** Two acknowledged events have the same offset of an epoch. */
        OFFSET_REUSE,
        /** An event that was acknowledged before another was sent stands behind it. */
        REAL_TIME,
        /** A client was not given an event, and not told. */
        CLIENT_SKIP,
        /** A client was given an event twice. */
        CLIENT_REPEAT,
        /** A client was given an event after a later one. */
        CLIENT_DISORDER,
        /** A client was given an event that is not in the log, and not told. */
        CLIENT_PHANTOM,
        /** A client was told that its place is lost, and the log has it. */
        FALSE_LOSS,
        /** A client believes itself current, and is not. */
        SILENT_STALE
    }
}
