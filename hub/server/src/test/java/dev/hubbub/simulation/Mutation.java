package dev.hubbub.simulation;

/** A safety rule that is taken away, to see that somebody notices. */
enum Mutation {
    NONE,
    /** A repeated append is another event. */
    NO_ID_CHECK,
    /** An append is answered as soon as the replicated store says so: no fence, no receipts. */
    NO_FENCE_NO_RECEIPTS,
    /** A term does not carry who appends. */
    NO_OWNER_IN_TERM,
    /** A hole is not filled from the log. */
    NO_FILL,
    /** Nothing makes a node listen again: no beat, no number, no change of members or owner. */
    NO_LISTENING_AGAIN
}
