package dev.hubbub.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The measured event: exactly 200 bytes of JSON that say which event they are and when it was due.
 *
 * <p>The id is a run of 16 tildes and 22 hex digits (slot 2, sequence 8, nanoseconds 12). Nothing in it needs escaping,
 * so it is found alike in a plain frame, inside the string of a SockJS frame and in a frame that carries several
 * events; the run lets the search look at every sixteenth byte only.
 */
final class EventBody {

    /** The length of every body, in bytes. */
    static final int BYTES = 200;

    private static final byte TILDE = '~';
    private static final int RUN = 16;
    private static final int SLOT_DIGITS = 2;
    private static final int SEQUENCE_DIGITS = 8;
    private static final int NANOS_DIGITS = 12;
    private static final int DIGITS = SLOT_DIGITS + SEQUENCE_DIGITS + NANOS_DIGITS;
    private static final String PADDING = "the quick brown fox jumps over the lazy dog ".repeat(4);

    private EventBody() {}

    /**
     * Renders the body of one event.
     *
     * @param slot which publisher sent it, 0 to 255
     * @param sequence its number within the slot, below 2^32
     * @param nanos when it was due, in nanoseconds since the generator began, below 2^48
     */
    static byte[] render(int slot, long sequence, long nanos) {
        HexFormat hex = HexFormat.of();
        String head = "{\"id\":\"" + "~".repeat(RUN)
                + hex.toHexDigits(slot, SLOT_DIGITS)
                + hex.toHexDigits(sequence, SEQUENCE_DIGITS)
                + hex.toHexDigits(nanos, NANOS_DIGITS)
                + String.format(
                        Locale.ROOT,
                        "\",\"type\":\"canvas.node.moved\",\"resourceVersion\":%d,\"payload\":{\"x\":%d,\"y\":%d,\"text\":\"",
                        10_000 + sequence % 90_000,
                        1_000 + sequence % 9_000,
                        1_000 + slot);
        String tail = "\"}}";
        String text = head + PADDING.substring(0, BYTES - head.length() - tail.length()) + tail;
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Finds the next event in a message.
     *
     * @param from where to begin, inclusive
     * @param to where the message ends, exclusive
     * @return where its digits begin, for {@link #slot}, {@link #sequence} and {@link #nanos}; -1 when there is none
     */
    static int find(ByteBuffer message, int from, int to) {
        int at = from + RUN - 1;
        while (at < to) {
            if (message.get(at) != TILDE) {
                at += RUN;
                continue;
            }
            int begin = at;
            while (begin > from && message.get(begin - 1) == TILDE) {
                begin--;
            }
            int end = at + 1;
            while (end < to && message.get(end) == TILDE) {
                end++;
            }
            if (end - begin == RUN && to - end >= DIGITS) {
                return end;
            }
            at = end + RUN - 1;
        }
        return -1;
    }

    /** Which publisher sent the event whose digits begin at {@code at}. */
    static int slot(ByteBuffer message, int at) {
        return (int) digits(message, at, SLOT_DIGITS);
    }

    /** The number of the event within its slot. */
    static long sequence(ByteBuffer message, int at) {
        return digits(message, at + SLOT_DIGITS, SEQUENCE_DIGITS);
    }

    /** When the event was due. */
    static long nanos(ByteBuffer message, int at) {
        return digits(message, at + SLOT_DIGITS + SEQUENCE_DIGITS, NANOS_DIGITS);
    }

    /** Whether the message carries this event's body byte for byte, after taking the escapes of SockJS away. */
    static boolean carriedWhole(ByteBuffer message, int from, int to, byte[] body) {
        byte[] bytes = new byte[to - from];
        message.get(from, bytes);
        String text = new String(bytes, StandardCharsets.UTF_8).replace("\\", "");
        return text.contains(new String(body, StandardCharsets.US_ASCII));
    }

    private static long digits(ByteBuffer message, int at, int count) {
        long value = 0;
        for (int i = at; i < at + count; i++) {
            int c = message.get(i);
            value = (value << 4) + (c & 0xF) + 9L * (c >> 6);
        }
        return value;
    }
}
