package dev.hubbub.presence;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.Bus.Reach;
import io.vertx.core.Future;

/** The names of the inboxes of this room, and how a node is reached. */
final class PresenceInbox {
    private PresenceInbox() {}

    /** Returns the inbox where other nodes and this one say everything; reached from every node. */
    static String of(String node) {
        return "hub.presence." + node;
    }

    /** Returns the inbox where the loops of a node speak; reached within the node. */
    static String ofLoops(String node) {
        return "hub.here." + node;
    }

    private static Reach reach(String self, String other) {
        return self.equals(other) ? Reach.NODE : Reach.CLUSTER;
    }

    static void tell(Bus bus, String self, String other, PresenceMessage message) {
        bus.tell(reach(self, other), of(other), message);
    }

    static <A> Future<A> ask(Bus bus, String self, String other, PresenceMessage question) {
        return bus.ask(reach(self, other), of(other), question);
    }
}
