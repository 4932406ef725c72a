package dev.hubbub.protocol;

import io.vertx.core.buffer.Buffer;

/** Answers a client's {@code ping} frame. */
public record PongFrame() implements ServerFrame {
    private static final Buffer TEXT = Buffer.buffer("{\"type\":\"pong\"}");

    @Override
    public Buffer text() {
        return TEXT;
    }
}
