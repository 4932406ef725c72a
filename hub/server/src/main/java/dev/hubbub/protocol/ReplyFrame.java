package dev.hubbub.protocol;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Answers a {@code send}: a {@code rec} frame to the client's reply address.
 *
 * @param replyAddress where the client waits
 * @param body any JSON value as Vert.x encodes it
 */
public record ReplyFrame(String replyAddress, @Nullable Object body) implements ServerFrame {
    @Override
    public Buffer text() {
        return new JsonObject()
                .put("type", "rec")
                .put("address", replyAddress)
                .put("body", body)
                .toBuffer();
    }
}
