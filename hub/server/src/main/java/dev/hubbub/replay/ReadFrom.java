package dev.hubbub.replay;

import dev.hubbub.protocol.Position;

/** Where a read of a log starts. */
public sealed interface ReadFrom {

    /** What came after a position that a client handed back; validated against epoch, terms and retention. */
    record After(Position position) implements ReadFrom {}

    /** Everything that is retained, oldest first. */
    record Start() implements ReadFrom {}

    /** The newest events, oldest of them first. */
    record Recent(int count) implements ReadFrom {}

    /** The newest events whose JSON contains a text, ignoring case, oldest of them first. */
    record Search(String text) implements ReadFrom {}
}
