package dev.hubbub.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hands messages over as they are within the process, and writes them as {@link WireTypes} say to other nodes.
 *
 * <p>Right for immutable objects only. On the wire a message has its length in front, four bytes.
 *
 * <p>Never throws into Vert.x, which would lose more than the one message: what cannot be written travels as the
 * failure that stands for it, and what cannot be read arrives as {@link Unreadable}.
 */
final class HubCodec implements MessageCodec<@Nullable Object, @Nullable Object> {
    static final String NAME = "hub";

    private final WireTypes types;
    private final Function<RuntimeException, Failed> unwritable;

    /**
     * Creates the codec.
     *
     * @param unwritable what goes in the place of a message that could not be written
     */
    HubCodec(WireTypes types, Function<RuntimeException, Failed> unwritable) {
        this.types = types;
        this.unwritable = unwritable;
    }

    @Override
    public void encodeToWire(Buffer buffer, @Nullable Object message) {
        int at = buffer.length();
        buffer.appendInt(0);
        try {
            types.write(buffer, message);
        } catch (RuntimeException why) {
            Buffer failed = Buffer.buffer();
            types.write(failed, unwritable.apply(why));
            // Over what was written before; nobody reads what is left of that behind it.
            buffer.setBuffer(at + Integer.BYTES, failed);
        }
        buffer.setInt(at, buffer.length() - at - Integer.BYTES);
    }

    @Override
    public @Nullable Object decodeFromWire(int position, Buffer buffer) {
        try {
            return read(position, buffer);
        } catch (IllegalArgumentException why) {
            return new Unreadable(why);
        }
    }

    private @Nullable Object read(int position, Buffer buffer) {
        if (buffer.length() - position < Integer.BYTES) {
            throw new IllegalArgumentException("the message has no length");
        }
        int length = buffer.getInt(position);
        int start = position + Integer.BYTES;
        if (length < 1 || length > buffer.length() - start) {
            throw new IllegalArgumentException(
                    "length: " + length + " (expected: 1 to " + (buffer.length() - start) + ")");
        }
        return types.read(buffer, start, start + length);
    }

    @Override
    public @Nullable Object transform(@Nullable Object message) {
        return message;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
