package dev.hubbub.protocol;

import io.vertx.core.buffer.Buffer;

/** A frame from the hub to a client. */
public interface ServerFrame {

    /** Returns the frame as UTF-8 JSON text; shared, not to be written to. */
    Buffer text();
}
