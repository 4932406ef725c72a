package dev.hubbub.bus;

import dev.hubbub.protocol.HubException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads what {@link WireWriter} wrote; confined to one thread.
 *
 * <p>Bytes that nobody wrote so end in {@link IllegalArgumentException}: a length is checked against what is there
 * before anything is made for it.
 */
public final class WireReader {
    private static final int SEVEN_BITS = 0x7f;
    private static final int MOST_SHIFT = 63;

    private final Buffer in;
    private final int end;
    private int position;

    /** Reads from {@code position} up to {@code end}. */
    public WireReader(Buffer in, int position, int end) {
        if (position < 0 || end < position || end > in.length()) {
            throw new IllegalArgumentException(
                    "position: " + position + ", end: " + end + " (expected: within " + in.length() + " bytes)");
        }
        this.in = in;
        this.position = position;
        this.end = end;
    }

    /** Returns how many bytes are left. */
    public int left() {
        return end - position;
    }

    /** Reads a whole number. */
    public long number() {
        long value = 0;
        for (int shift = 0; shift <= MOST_SHIFT; shift += 7) {
            byte next = next();
            value |= (long) (next & SEVEN_BITS) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number has more than 10 bytes");
    }

    /** Reads a whole number that has to fit an {@code int}. */
    public int smallNumber() {
        long value = number();
        if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("number: " + value + " (expected: 32 bits)");
        }
        return (int) value;
    }

    /** Reads eight bytes. */
    public long fixed() {
        int at = skip(Long.BYTES);
        return in.getLong(at);
    }

    /** Reads yes or no. */
    public boolean flag() {
        return next() != 0;
    }

    /** Reads text. */
    public String text() {
        int length = length();
        int at = skip(length);
        return in.getString(at, at + length, StandardCharsets.UTF_8.name());
    }

    /** Reads bytes; a copy, so that a small part does not keep the whole message in memory. */
    public Buffer bytes() {
        int length = length();
        int at = skip(length);
        return Buffer.buffer(in.getBytes(at, at + length));
    }

    /** Reads a value that may be absent. */
    public <T> Optional<T> optional(Function<WireReader, T> read) {
        return flag() ? Optional.of(read.apply(this)) : Optional.empty();
    }

    /** Reads a list. */
    public <T> List<T> list(Function<WireReader, T> read) {
        int size = length();
        List<T> values = new ArrayList<>(Math.min(size, 1_000));
        for (int i = 0; i < size; i++) {
            values.add(read.apply(this));
        }
        return values;
    }

    /** Reads a failure. */
    public HubException failure() {
        try {
            return Failed.readException(this);
        } catch (DecodeException e) {
            throw new IllegalArgumentException("the details of a failure are no JSON", e);
        }
    }

    /** A length or count: everything that is counted takes at least one byte. */
    private int length() {
        long length = number();
        if (length < 0 || length > left()) {
            throw new IllegalArgumentException("length: " + length + " (expected: at most " + left() + ")");
        }
        return (int) length;
    }

    private byte next() {
        return in.getByte(skip(1));
    }

    private int skip(int bytes) {
        if (bytes > left()) {
            throw new IllegalArgumentException("the message ends too early");
        }
        int at = position;
        position += bytes;
        return at;
    }
}
