package dev.hubbub.http;

import static dev.hubbub.fuzz.FuzzText.must;

import dev.hubbub.fuzz.FuzzText;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.Position;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Any Last-Event-ID is positions or a lost place, and a cursor reads itself back. */
public final class CursorFuzz {
    private static final byte VERSION = 1;

    private CursorFuzz() {}

    /** Feeds one input. */
    public static void fuzzerTestOneInput(byte[] data) {
        String text = FuzzText.of(data);
        judge(text);
        if (data.length > 0) {
            byte[] bytes = data.clone();
            bytes[0] = VERSION;
            judge(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        }
    }

    private static void judge(String text) {
        SseCursor.Resume resume = SseCursor.read(text);
        Optional<String> place = resume.position("room:42");
        if (place.isEmpty()) {
            return;
        }
        must(place.get().length() <= 255, "a position is short");
        Optional<Position> position = Position.parse(place.get());
        if (position.isPresent()) {
            SseCursor cursor = new SseCursor();
            cursor.moveTo(new Address("room:42"), position.get());
            String made = cursor.text().orElseThrow();
            must(
                    SseCursor.read(made)
                            .position("room:42")
                            .equals(Optional.of(position.get().toString())),
                    "a cursor reads itself back");
            must(made.length() <= SseCursor.MAX_LENGTH, "a cursor is no longer than one that is read");
            must(StandardCharsets.US_ASCII.newEncoder().canEncode(made), "a cursor fits a header");
        }
    }
}
