package dev.hubbub.bus;

import dev.hubbub.protocol.HubException;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Writes the few shapes that messages between nodes are made of; confined to one thread. */
public final class WireWriter {
    private static final int SEVEN_BITS = 0x7f;

    private final Buffer out;

    /** Appends to {@code out}. */
    public WireWriter(Buffer out) {
        this.out = out;
    }

    /** Writes a whole number in 1 to 10 bytes, small ones in few; negative ones take 10. */
    public void number(long value) {
        long left = value;
        while ((left & ~SEVEN_BITS) != 0) {
            out.appendByte((byte) ((left & SEVEN_BITS) | ~SEVEN_BITS));
            left >>>= 7;
        }
        out.appendByte((byte) left);
    }

    /** Writes eight bytes: for digests, which have no small values. */
    public void fixed(long value) {
        out.appendLong(value);
    }

    /** Writes yes or no. */
    public void flag(boolean value) {
        out.appendByte((byte) (value ? 1 : 0));
    }

    /** Writes text as UTF-8 behind its length. */
    public void text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        out.appendBytes(bytes);
    }

    /** Writes bytes behind their length. */
    public void bytes(Buffer value) {
        number(value.length());
        out.appendBuffer(value);
    }

    /** Writes whether there is a value, and then the value. */
    public <T> void optional(Optional<T> value, BiConsumer<WireWriter, T> write) {
        flag(value.isPresent());
        value.ifPresent(present -> write.accept(this, present));
    }

    /** Writes how many there are, and then each. */
    public <T> void list(Collection<T> values, BiConsumer<WireWriter, T> write) {
        number(values.size());
        values.forEach(value -> write.accept(this, value));
    }

    /** Writes a failure: its code, message and details. */
    public void failure(HubException why) {
        Failed.writeException(this, why);
    }
}
