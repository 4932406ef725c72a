package dev.hubbub.replay;

/** The names of the inboxes of this room. */
final class ReplayInbox {
    private static final String PREFIX = "hub.replay.";

    private ReplayInbox() {}

    /** Returns the inbox of a node's replay verticle. */
    static String of(String node) {
        return PREFIX + node;
    }
}
