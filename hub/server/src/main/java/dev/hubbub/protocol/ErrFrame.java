package dev.hubbub.protocol;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * Tells a client that something was refused, and why.
 *
 * @param address what it is about, as the client wrote it: the reply address of a {@code send}, else the address; empty
 *     only when none could be read
 * @param why the reason
 */
public record ErrFrame(Optional<String> address, HubException why) implements ServerFrame {

    /** Makes a frame about an address. */
    public static ErrFrame about(String address, HubException why) {
        return new ErrFrame(Optional.of(address), why);
    }

    @Override
    public Buffer text() {
        JsonObject frame = new JsonObject().put("type", "err");
        address.ifPresent(a -> frame.put("address", a));
        return frame.put("failureCode", why.failureCode())
                .put("failureType", why.code().name())
                .put("message", why.getMessage())
                .put("details", why.details())
                .toBuffer();
    }
}
