package dev.hubbub.replay;

import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.Position;
import java.util.List;

/**
 * The answer to an attach: from here on the listener gets everything.
 *
 * @param head the head of the log in the very turn in which the listener was added; every later event comes as a batch
 * @param current the current values for {@code latest}, oldest first; empty for the other kinds
 */
public record Attached(Position head, List<EventFrame> current) {
    /** Copies the values. */
    public Attached {
        current = List.copyOf(current);
    }
}
