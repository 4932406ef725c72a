package dev.hubbub.replay;

/** The names of the inboxes of this room, and the reach with which a node is written to. */
final class ReplayInbox {
    private ReplayInbox() {}

    /** Returns the inbox where a node is asked as an owner; reached from every node. */
    static String ofOwner(String node) {
        return "hub.replay." + node;
    }

    /** Returns the inbox where a node gets the batches of owners; reached from every node. */
    static String ofListener(String node) {
        return "hub.listen." + node;
    }

    /** Returns the inbox where the loops of a node ask to listen; reached within the node. */
    static String ofAttachments(String node) {
        return "hub.attachments." + node;
    }
}
