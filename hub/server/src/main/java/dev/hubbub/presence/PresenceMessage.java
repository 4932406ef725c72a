package dev.hubbub.presence;

import dev.hubbub.protocol.Address;
import java.util.List;
import java.util.Optional;

/** What the presence of one node says to that of another, or to its own. */
sealed interface PresenceMessage {

    /**
     * What a node says of one address.
     *
     * @param address where
     * @param policy what the rule says there
     * @param part who is there; times of states are what is left of them
     */
    record At(Address address, PresencePolicy policy, Part part) {}

    /**
     * A node tells an owner what has changed, or everything, and in any case that it lives.
     *
     * @param who the node
     * @param number counts what this node tells this owner, without a hole
     * @param floor above 0: this is everything that the node has for this owner, as of that version
     * @param all what there is to tell
     */
    record Tell(Incarnation who, long number, long floor, List<At> all) implements PresenceMessage {
        /** Copies the list. */
        public Tell {
            all = List.copyOf(all);
        }
    }

    /** An owner asks a node what it has at some addresses; answered with {@link PresenceAnswer.Lists}. */
    record Pull(List<Address> addresses) implements PresenceMessage {
        /** Copies the list. */
        public Pull {
            addresses = List.copyOf(addresses);
        }
    }

    /** An owner has missed something: tell it everything. */
    record TellAll(String owner) implements PresenceMessage {}

    /** An owner has declared this incarnation dead: begin another one. */
    record Dead(Incarnation who) implements PresenceMessage {}

    /** A node wants to hear of some addresses; answered with {@link PresenceAnswer.Listening}. */
    record Listen(String node, List<Address> addresses) implements PresenceMessage {
        /** Copies the list. */
        public Listen {
            addresses = List.copyOf(addresses);
        }
    }

    /** A node does not want to hear of some addresses any more. */
    record Forget(String node, List<Address> addresses) implements PresenceMessage {
        /** Copies the list. */
        public Forget {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * What has changed at one address.
     *
     * @param address where
     * @param here users as they are now
     * @param gone users without any device there
     */
    record Delta(Address address, List<Person> here, List<String> gone) {
        /** Copies the list. */
        public Delta {
            here = List.copyOf(here);
            gone = List.copyOf(gone);
        }
    }

    /**
     * An owner tells a node that listens what has changed; empty ones keep the link alive.
     *
     * @param owner the owner
     * @param link names this numbering
     * @param number counts what goes over the link, without a hole
     * @param all what has changed
     * @param moved addresses that the owner tells nothing of any more: listen again, to whoever owns them now
     */
    record Changes(String owner, String link, long number, List<Delta> all, List<Address> moved)
            implements PresenceMessage {
        /** Copies the lists. */
        public Changes {
            all = List.copyOf(all);
            moved = List.copyOf(moved);
        }
    }

    /** Somebody asks for a page of a roster; answered with {@link PresenceAnswer.Page}. */
    record Read(Address address, int limit, Optional<String> after) implements PresenceMessage {}
}
