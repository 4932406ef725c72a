package dev.hubbub.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import org.jspecify.annotations.Nullable;

/**
 * Hands messages over as they are within the process, and writes them as {@link WireTypes} say to other nodes.
 *
 * <p>Right for immutable objects only. On the wire a message has its length in front, four bytes.
 */
final class HubCodec implements MessageCodec<@Nullable Object, @Nullable Object> {
    static final String NAME = "hub";

    private final WireTypes types;

    HubCodec(WireTypes types) {
        this.types = types;
    }

    @Override
    public void encodeToWire(Buffer buffer, @Nullable Object message) {
        int at = buffer.length();
        buffer.appendInt(0);
        types.write(buffer, message);
        buffer.setInt(at, buffer.length() - at - Integer.BYTES);
    }

    @Override
    public @Nullable Object decodeFromWire(int position, Buffer buffer) {
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
