package dev.hubbub.replay;

import java.util.List;

/**
 * A sign of life from one node to another, on the very way that events take; travels between nodes.
 *
 * @param from the sender
 * @param leaving whether it is the last one: the sender is about to go
 * @param unheard the nodes that the sender does not hear
 */
record Canary(String from, boolean leaving, List<String> unheard) implements ListenerMessage {
    /** Copies the list. */
    Canary {
        unheard = List.copyOf(unheard);
    }
}
