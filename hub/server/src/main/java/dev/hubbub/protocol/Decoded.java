package dev.hubbub.protocol;

import java.util.Optional;

/** What {@link FrameCodec} made of one message of a client. */
public sealed interface Decoded {

    /** The message is a frame of the protocol. */
    record Frame(ClientFrame frame) implements Decoded {}

    /**
     * The message is not a frame of the protocol.
     *
     * @param about the reply address, or else the address, as the client wrote it, if one could be read
     * @param why {@code BAD_FRAME}, {@code BAD_ADDRESS} or {@code TOO_LARGE}, in words for a developer
     */
    record Refused(Optional<String> about, HubException why) implements Decoded {}
}
