package dev.hubbub.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/**
 * Hands messages over as they are, within one process.
 *
 * <p>Right for immutable objects only. Nothing is ever written to a wire: every delivery of {@link VertxBus} is local.
 */
final class IdentityCodec implements MessageCodec<Object, Object> {
    static final String NAME = "hub.identity";

    @Override
    public void encodeToWire(Buffer buffer, Object message) {
        throw new UnsupportedOperationException("messages of the hub's inboxes stay in this process");
    }

    @Override
    public Object decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException("messages of the hub's inboxes stay in this process");
    }

    @Override
    public Object transform(Object message) {
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
