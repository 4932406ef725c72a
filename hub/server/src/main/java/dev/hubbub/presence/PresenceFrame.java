package dev.hubbub.presence;

import dev.hubbub.protocol.ServerFrame;
import io.vertx.core.buffer.Buffer;

/**
 * A roster or its changes as subscribers get them, encoded once and shared by every socket of the node.
 *
 * @param text the whole frame; not to be written to
 */
public record PresenceFrame(Buffer text) implements ServerFrame {}
