package dev.hubbub.replay;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Looks for a text in events' JSON, ignoring case; an empty text is everywhere. */
final class TextSearch {
    private final String text;
    private final byte[] lower;
    private final boolean ascii;

    TextSearch(String text) {
        this.text = text;
        this.ascii = text.chars().allMatch(c -> c < 0x80);
        this.lower = text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    }

    boolean isIn(Buffer json) {
        return ascii ? hasBytes(json) : hasText(json.toString(StandardCharsets.UTF_8));
    }

    /** In UTF-8 no byte of a longer character looks like ASCII, so bytes may be compared without decoding. */
    private boolean hasBytes(Buffer json) {
        int last = json.length() - lower.length;
        for (int start = 0; start <= last; start++) {
            int matched = 0;
            while (matched < lower.length && lowerCase(json.getByte(start + matched)) == lower[matched]) {
                matched++;
            }
            if (matched == lower.length) {
                return true;
            }
        }
        return false;
    }

    private static byte lowerCase(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + ('a' - 'A')) : b;
    }

    private boolean hasText(String json) {
        for (int start = 0; start + text.length() <= json.length(); start++) {
            if (json.regionMatches(true, start, text, 0, text.length())) {
                return true;
            }
        }
        return false;
    }
}
