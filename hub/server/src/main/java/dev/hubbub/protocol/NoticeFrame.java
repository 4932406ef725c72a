package dev.hubbub.protocol;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * Tells a client about a subscription or about the hub; the stock client hands it to {@code onevent}.
 *
 * @param event the name, such as {@code hub.subscribed}
 * @param message what there is to say; with {@code address} where it is about one
 */
public record NoticeFrame(String event, JsonObject message) implements ServerFrame {
    @Override
    public Buffer text() {
        return new JsonObject().put("event", event).put("message", message).toBuffer();
    }
}
