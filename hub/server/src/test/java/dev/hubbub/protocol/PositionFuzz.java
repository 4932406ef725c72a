package dev.hubbub.protocol;

import static dev.hubbub.fuzz.FuzzText.must;

import dev.hubbub.fuzz.FuzzText;
import java.util.Optional;

/** Any text is a position or none, and a position reads itself back. */
public final class PositionFuzz {
    private PositionFuzz() {}

    /** Feeds one input. */
    public static void fuzzerTestOneInput(byte[] data) {
        String text = FuzzText.of(data);
        Position.parse(text).ifPresent(position -> {
            must(text.length() <= Position.MAX_LENGTH, "no position is longer than the longest");
            must(position.offset() >= 0, "no position is before the first");
            must(Position.parse(position.toString()).equals(Optional.of(position)), "a position reads itself back");
        });
    }
}
